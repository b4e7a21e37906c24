"""A new service folder to begin with: it passes every proof, and every word in it is there to be replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = re.compile(r"([a-z][a-z_]*)\.([a-z][a-z0-9_]*)")


class FolderExistsError(Exception):
    """The service is there already."""


class NameMalformedError(Exception):
    """A service is called institution.service, in lower-case Latin letters."""


def make_folder(root: Path, service: str, *, kind: str) -> Path:
    """Write the folder for a service that is `listed`, an `inquiry` or `paid`."""
    named = NAME.fullmatch(service)
    if named is None:
        raise NameMalformedError(
            f"{service!r} is not institution.service in lower-case letters, e.g. interior.passport_renewal"
        )
    folder = root / named[1] / named[2]
    if folder.exists():
        raise FolderExistsError(service)
    for name, text in _files(service, named[1], kind=kind).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def _files(service: str, institution: str, *, kind: str) -> Mapping[str, str]:
    service_toml = SERVICE.format(
        id=service,
        institution=institution,
        kind="other" if kind == "listed" else kind,
        stage="listed" if kind == "listed" else "automated",
    )
    common = {"service.toml": service_toml, "CHANGELOG.md": f"# {service}\n\n## 1\nFirst version.\n"}
    if kind == "listed":
        return {**common, "texts/ar.toml": AR, "texts/en.toml": EN}
    if kind == "inquiry":
        return {
            **common,
            "exchange.toml": READ,
            "answer.toml": ANSWER,
            "texts/ar.toml": AR + AR_INQUIRY,
            "texts/en.toml": EN + EN_INQUIRY,
            "tests/cases.toml": CASE_INQUIRY,
        }
    paid = {
        "service.toml": service_toml
        + 'pick_up = ["download"]\npay_by = ["card", "cash"]\n\n[document.data]\nname_ar = "person.name_ar"\n',
        "form.toml": FORM,
        "process.toml": PROCESS,
        "fees.toml": FEES.format(institution=institution),
        "exchange.toml": READ,
        "document.typ": DOCUMENT,
        "document.sample.json": '{"name_ar": {"first": "سلمى", "father": "محمود", "grandfather": "خليل", "family": "العطار"}}\n',
        "texts/ar.toml": AR + AR_PAID,
        "texts/en.toml": EN + EN_PAID,
        "tests/cases.toml": CASE_PAID,
    }
    return {**common, **paid}


SERVICE = """\
id = "{id}"
version = 1
institution = "{institution}"
kind = "{kind}"
stage = "{stage}"
legal_basis = ["demo-tariff:article-1"]
answer_within_working_days = 2
keywords = []
"""
AR = """\
name = "اسم الخدمة"
summary = "ما تقدمه الخدمة في جملة واحدة."
who = "من يحق له طلبها."
"""
EN = """\
name = "Name of the service"
summary = "What it gives, in one sentence."
who = "Who may ask for it."
"""
READ = """\
[[read]]
name = "person"
registry = "interior/civil"
service = "persons"
subject = "applicant"
attributes = ["name_ar"]
"""
ANSWER = """\
[[row]]
id = "name"
fact = "person.name_ar"
format = "name"
"""
AR_INQUIRY = """
[read]
person.purpose = "لماذا تُقرأ هذه البيانات"

[row]
name.label = "الاسم"

[answer]
none = "لا توجد بيانات مسجلة برقم هويتك."
"""
EN_INQUIRY = """
[read]
person.purpose = "Why this is read"

[row]
name.label = "Name"

[answer]
none = "Nothing is registered under your identity number."
"""
CASE_INQUIRY = """\
[[case]]
name = "the name is shown"
asked_on = 2026-04-01
given.person = { name_ar = { first = "سلمى" } }
then = { rows = ["name"] }
"""
FORM = """\
[[page]]
id = "known"

[[page.field]]
id = "person_name"
kind = "show"
fact = "person.name_ar"
format = "name"
"""
PROCESS = """\
start = "draft"
end = ["closed", "withdrawn", "expired"]
steps = [
  { from = "draft", verb = "submit", to = "to_pay", by = "citizen" },
  { from = "draft", verb = "withdraw", to = "withdrawn", by = "citizen" },
  { from = "draft", verb = "expire", to = "expired", by = "clock", within_days = 30 },
  { from = "to_pay", verb = "pay", to = "to_issue", by = "ledger" },
  { from = "to_pay", verb = "withdraw", to = "withdrawn", by = "citizen" },
  { from = "to_pay", verb = "expire", to = "expired", by = "clock", within_days = 3 },
  { from = "to_issue", verb = "issue", to = "ready", by = "system" },
  { from = "ready", verb = "download", to = "closed", by = "citizen" },
  { from = "ready", verb = "close", to = "closed", by = "clock", within_days = 30 },
]
"""
FEES = """\
[[line]]
code = "issue"
amount_minor = 1000
instrument = "demo-tariff"
article = "1"
revenue_account = "revenue:{institution}:fees"
valid_from = 2026-01-01
"""
DOCUMENT = """\
#let input = json(bytes(sys.inputs.data))
#set document(title: input.doc.title_ar, author: input.doc.institution_ar)
#set page(paper: "a4", margin: 25mm)
#set text(font: ("IBM Plex Sans Arabic", "Amiri"), dir: rtl, lang: "ar", fallback: false)

= #input.doc.title_ar

#("first", "father", "grandfather", "family").map(part => input.data.name_ar.at(part, default: "")).join(" ")

#image("/qr.svg", width: 30mm, alt: "رمز التحقق")
#box(text(dir: ltr, lang: "en", input.doc.verification_code))
#pdf.attach("/data.json", description: "The facts of this document as JSON", mime-type: "application/json", relationship: "data")
"""
AR_PAID = """
[page.known]
title = "ما تعرفه الدولة"

[field.person_name]
label = "الاسم"

[fee]
issue = "رسم الإصدار"

[read]
person.purpose = "إصدار الوثيقة"

[state]
draft = "مسودة لم تُقدَّم بعد"
to_pay = "بانتظار الدفع"
to_issue = "قيد الإصدار"
ready = "جاهزة للتنزيل"
closed = "اكتمل الطلب"
withdrawn = "سُحب الطلب"
expired = "انتهت مهلة الطلب"

[document]
title = "اسم الوثيقة"
"""
EN_PAID = """
[page.known]
title = "What the State already knows"

[field.person_name]
label = "Name"

[fee]
issue = "Fee for issuing"

[read]
person.purpose = "To issue the document"

[state]
draft = "Draft, not submitted yet"
to_pay = "Waiting for payment"
to_issue = "Being issued"
ready = "Ready to download"
closed = "Completed"
withdrawn = "Withdrawn"
expired = "Expired"

[document]
title = "Name of the document"
"""
CASE_PAID = """\
[[case]]
name = "paid, issued and downloaded"
asked_on = 2026-04-01
given.person = { name_ar = { first = "سلمى" } }
verbs = ["submit", "pay", "issue", "download"]
then = { states = ["to_pay", "to_issue", "ready", "closed"], fee_minor = 1000 }
"""
