"""A service that asks for a photo and a paper, issues an interim document with the photo, and whose card waits at a counter or a post office.

It reads no register, so that what is tested here stands alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.timezone import now

from hukumati.domain.catalogue.folder import scaffold
from hukumati.domain.catalogue.tests.builders import copy_surroundings, published
from hukumati.domain.uploads.tests.builders import a_portrait
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.tests.builders import acting

if TYPE_CHECKING:
    from pathlib import Path

CARD = "interior.visitor_card"
SERVICE = """
pick_up = ["counter", "post_office"]
pay_by = ["cash"]

[document]
interim = true
valid_days = 60
data = { post_office = "answers.post_office" }
images = { photo = "answers.photo" }
"""
FORM = """
[[page]]
id = "picture"

[[page.field]]
id = "photo"
kind = "photo"
[page.field.limits]
types = ["jpeg", "png"]
bytes_max = 5_000_000
width_min = 350
height_min = 450
proportion_min = 65
proportion_max = 90

[[page.field]]
id = "why"
kind = "text"
length_max = 40

[[page]]
id = "papers"

[[page.field]]
id = "proof"
kind = "file"
required = false
limits = { types = ["jpeg", "pdf"], pages_max = 3 }

[[page]]
id = "receiving"

[[page.field]]
id = "pick_up"
kind = "pick_up"
options = ["counter", "post_office"]

[[page.field]]
id = "office"
kind = "office"
office_kinds = ["counter"]
when = { field = "pick_up", is = "counter" }

[[page.field]]
id = "post_office"
kind = "office"
office_kinds = ["post"]
when = { field = "pick_up", is = "post_office" }
"""
PROCESS = """
start = "draft"
end = ["closed", "withdrawn", "expired"]
steps = [
  { from = "draft", verb = "submit", to = "to_pay", by = "citizen" },
  { from = "draft", verb = "withdraw", to = "withdrawn", by = "citizen" },
  { from = "draft", verb = "expire", to = "expired", by = "clock", within_days = 30 },
  { from = "to_pay", verb = "pay", to = "in_review", by = "ledger" },
  { from = "to_pay", verb = "withdraw", to = "withdrawn", by = "citizen" },
  { from = "to_pay", verb = "expire", to = "expired", by = "clock", within_days = 3 },
  { from = "in_review", verb = "accept", to = "to_issue", by = "clerk", within_days = 2 },
  { from = "in_review", verb = "return_for_correction", to = "returned", by = "clerk", needs_reason = true },
  { from = "returned", verb = "resubmit", to = "in_review", by = "citizen" },
  { from = "returned", verb = "expire", to = "expired", by = "clock", within_days = 30, refunds = true },
  { from = "to_issue", verb = "issue", to = "to_collect", by = "system" },
  { from = "to_collect", verb = "hand_over", to = "closed", by = "counter" },
  { from = "to_collect", verb = "close", to = "closed", by = "clock", within_days = 60 },
]
"""
DOCUMENT = """
#let input = json(bytes(sys.inputs.data))
#let (year, month, day) = input.doc.issued_on.split("-").map(int)
#set document(title: input.doc.title_ar, date: datetime(year: year, month: month, day: day))
#set text(font: ("IBM Plex Sans Arabic", "Amiri"), dir: rtl, lang: "ar", fallback: false)
= #input.doc.title_ar
#image("/photo.jpg", width: 35mm, height: 45mm, fit: "cover", alt: "صورة صاحب البطاقة")
#image("/qr.svg", width: 30mm, alt: "رمز التحقق")
#box(text(dir: ltr, lang: "en", input.doc.verification_code))
#pdf.attach("/data.json", description: "Facts", mime-type: "application/json", relationship: "data")
"""
STATES = ("draft", "to_pay", "in_review", "returned", "to_issue", "to_collect", "closed", "withdrawn", "expired")
TEXTS = """
name = "بطاقة زائر card"
summary = "بطاقة card"
who = "الجميع all"
[page]
picture.title = "الصورة Photo"
papers.title = "الأوراق Papers"
receiving.title = "التسلّم Receiving"
[field]
photo.label = "صورتك Photo"
why.label = "السبب Why"
proof.label = "إثبات Proof"
pick_up.label = "الطريقة How"
pick_up.option.counter = "المكتب Counter"
pick_up.option.post_office = "البريد Post"
office.label = "المكتب Office"
post_office.label = "مكتب البريد Post office"
[fee]
issue = "رسم Fee"
[document]
title = "بطاقة Card"
[state]
""" + "\n".join(f'{state} = "حالة {state}"' for state in STATES)
CASE = """
[[case]]
name = "the card waits at the post office"
asked_on = 2026-04-01
given.answers = { pick_up = "post_office", post_office = "post-nablus" }
verbs = ["submit", "pay", "accept", "issue", "hand_over"]
then = { states = ["to_pay", "in_review", "to_issue", "to_collect", "closed"], fee_minor = 1000 }
"""


def card_service(root: Path):
    copy_surroundings(root)
    folder = scaffold.make_folder(root, CARD, kind="paid")
    (folder / "exchange.toml").unlink()
    head = scaffold.SERVICE.format(id=CARD, institution="interior", kind="paid", stage="open")
    files = {
        "service.toml": head + SERVICE,
        "form.toml": FORM,
        "process.toml": PROCESS,
        "document.typ": DOCUMENT,
        "document.sample.json": '{"post_office": "post-nablus"}',
        "texts/ar.toml": TEXTS,
        "texts/en.toml": TEXTS,
        "tests/cases.toml": CASE,
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    return published(folder)


def a_card_draft(citizen):
    by = acting(citizen)
    case = applications.start(CARD, citizen=citizen, by=by, at=now())
    if case.subject is None:
        key = applications.subject_of(citizen).key
        case = applications.choose_subject(case, key=key, citizen=citizen, by=by, at=now())
    return case


def hand_in(case, citizen, *, field="photo", content=None):
    return applications.hand_in(case, field=field, content=content or a_portrait(), by=acting(citizen), at=now())


def a_filled_card_draft(citizen, *, receiving=None):
    case = hand_in(a_card_draft(citizen), citizen)
    receiving = receiving or {"pick_up": "post_office", "post_office": "post-nablus"}
    for page, typed in (("picture", {"why": "x"}), ("papers", {}), ("receiving", receiving)):
        case = applications.save_answers(case, page=page, typed=typed, at=now())
    return case
