"""A service whose fee and eligibility stand in tables: what new services begin with, and two tables in its folder."""

from __future__ import annotations

from hukumati.domain.catalogue.folder.scaffold import make_folder
from hukumati.domain.catalogue.tests.builders import copy_surroundings

RENEWAL = "interior.card_renewal"
FORM = """
[[page]]
id = "card"

[[page.field]]
id = "term"
kind = "choice"
options = ["short", "long"]

[[page.field]]
id = "lost"
kind = "yes_no"
default = false
"""
FEES = """
[[line]]
code = "issue"
table = "tariff"
instrument = "demo-tariff"
article = "1"
revenue_account = "revenue:interior:fees"
valid_from = 2026-01-01

[[line]]
code = "replacement"
amount_minor = 700
when = "lost"
instrument = "demo-tariff"
article = "2"
revenue_account = "revenue:interior:fees"
valid_from = 2026-01-01

[conditions]
lost = { fact = "answers.lost", is = true }
"""
TARIFF = """
hit_policy = "UNIQUE"
inputs = [
  { name = "term", expression = "answers.term", type = "string" },
  { name = "age", expression = "age_of(applicant.birth_date)", type = "number" },
]
outputs = [{ name = "amount_minor", type = "number" }]
rules = [
  ['"short"', '< 65', 1500],
  ['"long"', '< 65', 2500],
  ['-', '>= 65', 0, 'free in old age'],
]
"""
WHO = """
hit_policy = "FIRST"
inputs = [
  { name = "age", expression = "age_of(applicant.birth_date)", type = "number" },
  { name = "term", expression = "answers.term", type = "string" },
]
outputs = [{ name = "refusal", type = "string" }]
rules = [
  ['< 18', '-', '"too_young"'],
  ['< 21', '"long"', '"too_long"'],
  ['-', '-', '-'],
]
"""
WORDS = """
[page.card]
title = "{Card}"
[field.term]
label = "{Term}"
option.short = "{One year}"
option.long = "{Five years}"
[field.lost]
label = "{Lost?}"
[input.age]
label = "{Age}"
[refusal]
too_young = "{From 18 years on.}"
too_long = "{Under 21 for one year only.}"
"""
ARABIC = {"Card": "البطاقة", "Term": "المدة", "One year": "سنة", "Five years": "خمس سنوات", "Lost?": "هل فُقدت؟", "Age": "العمر",
          "From 18 years on.": "من سن 18 فما فوق.", "Under 21 for one year only.": "دون 21 لسنة واحدة فقط."}  # fmt: skip


def a_renewal(root, **changed):
    """The folder under `root`; `changed` replaces texts of its tables by name."""
    copy_surroundings(root)
    folder = make_folder(root, RENEWAL, kind="paid")
    _change(folder / "service.toml", '"automated"', '"open"\neligibility = "who"')
    (folder / "form.toml").write_text((folder / "form.toml").read_text() + FORM)
    (folder / "fees.toml").write_text(FEES)
    (folder / "tables").mkdir()
    for name, text in {"tariff": TARIFF, "who": WHO, **changed}.items():
        (folder / "tables" / f"{name}.toml").write_text(text)
    for language, words in (("ar", _arabic(WORDS)), ("en", WORDS.replace("{", "").replace("}", ""))):
        file = folder / "texts" / f"{language}.toml"
        file.write_text(file.read_text().replace("[fee]", '[fee]\nreplacement = "بدل فاقد · Replacement"') + words)
    (folder / "tests" / "cases.toml").write_text(CASES)
    return folder


CASES = """
[[case]]
name = "five years for an adult who lost the old one"
asked_on = 2026-04-01
given.applicant = { birth_date = 1989-04-18 }
given.answers = { term = "long", lost = true }
verbs = ["submit", "pay", "issue"]
then = { states = ["to_pay", "to_issue", "ready"], fee_minor = 3200 }

[[case]]
name = "whoever is under age is refused"
asked_on = 2026-04-01
given.applicant = { birth_date = 2010-04-18 }
given.answers = { term = "short", lost = false }
then = { refused = "too_young" }
"""


def _arabic(words):
    for english, arabic in ARABIC.items():
        words = words.replace(f"{{{english}}}", arabic)
    return words


def _change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
