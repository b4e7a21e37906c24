"""Documents for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from hukumati.domain.documents import api as documents
from hukumati.kernel.text import Text

NOON = datetime(2026, 4, 1, 9, tzinfo=UTC)
TITLE = Text("شهادة تجريبية", "Test certificate")
TEMPLATE = """
#let given = json(bytes(sys.inputs.data))
#let doc = given.doc
#let (year, month, day) = doc.issued_on.split("-").map(int)
#set document(title: doc.title, date: datetime(year: year, month: month, day: day))
#set text(lang: if doc.language == "en" { "en" } else { "ar" }, dir: if doc.language == "en" { ltr } else { rtl }, font: "Amiri")
#pdf.attach("/data.json", relationship: "data", mime-type: "application/json", description: "The facts as JSON")
= #doc.title
#doc.institution

#given.data.name

#box(text(dir: ltr, doc.reference)) #box(text(dir: ltr, doc.verification_code))
#image("/qr.svg", width: 30mm, alt: "QR")
"""


def issue(about="A-2026-AAAA2222", *, holder, **changed):
    """Issue a small document; anything may be changed."""
    given = {
        "kind": "interior.test_certificate",
        "holder": holder.account_id,
        "template": TEMPLATE,
        "data": {"name": "سلمى محمود خليل العطار"},
        "title": TITLE,
        "institution": "interior",
        "at": NOON,
    }
    return documents.issue(about, **(given | changed))
