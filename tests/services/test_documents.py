"""Every document that a service issues is rendered from its sample by the renderer that citizens' documents go through."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.folder.scaffold import make_folder
from hukumati.domain.documents import rendering
from hukumati.domain.uploads.tests.builders import a_portrait

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
DOC = {
    "reference": "D-2026-7K3QX9PM",
    "issued_on": "2026-11-23",
    "valid_until": "2027-01-22",
    "verification_url": "http://127.0.0.1:8000/verify/7K3Q-X9PM-2RT4-WVBN-7K3Q/",
    "verification_code": "7K3Q-X9PM-2RT4-WVBN-7K3Q",
    "language": "ar",
    "title": "وثيقة",
    "title_ar": "شهادة ميلاد",
    "title_en": "Birth certificate",
    "institution": "وزارة الداخلية",
    "institution_ar": "وزارة الداخلية",
    "institution_en": "Ministry of Interior",
}
WITH_DOCUMENTS = [
    service
    for service in map(catalogue.load_folder, catalogue.list_folders(settings.SERVICES_DIR))
    if service.document is not None
]


def rendered(service, **changes):
    inputs = json.dumps({"data": dict(service.document.sample) | changes, "doc": DOC}, ensure_ascii=False)
    images = dict.fromkeys(service.document.images, a_portrait())
    return rendering.render(service.document.template, inputs=inputs, at=AT, images=images), inputs


@pytest.mark.parametrize("service", WITH_DOCUMENTS, ids=lambda service: service.id)
def test_the_sample_is_rendered_with_code_and_data_and_the_same_twice(service):
    pdf, inputs = rendered(service)
    assert rendered(service)[0] == pdf
    reader = PdfReader(BytesIO(pdf))
    assert DOC["verification_code"] in reader.pages[0].extract_text()
    assert reader.attachments["data.json"] == [inputs.encode()]


@pytest.mark.parametrize("service", WITH_DOCUMENTS, ids=lambda service: service.id)
def test_a_record_that_lacks_anything_still_makes_one_page(service):
    required = {"language", "copies"}
    for name in sorted(set(service.document.sample) - required):
        assert len(PdfReader(BytesIO(rendered(service, **{name: None})[0])).pages) == 1, name


BIRTH = next(service for service in WITH_DOCUMENTS if service.id == "interior.birth_certificate_copy")


@pytest.mark.parametrize(
    ("language", "says", "does_not_say"),
    [
        ("ar", ("1989", "900000019"), ("Birth certificate", "Salma")),
        ("en", ("Birth certificate", "Salma Mahmoud Khalil Al-Attar", "18 April 1989", "Amneh"), ("شهادة",)),
        ("both", ("Birth certificate", "Salma", "18 April 1989", "1989/04/000123"), ()),
    ],
)
def test_a_birth_certificate_speaks_the_language_that_was_chosen(language, says, does_not_say):
    text = " ".join(PdfReader(BytesIO(rendered(BIRTH, language=language)[0])).pages[0].extract_text().split())
    assert all(words in text for words in says), text
    assert not any(words in text for words in does_not_say), text


@pytest.mark.parametrize("language", ["ar", "both"])
def test_the_longest_names_stay_on_one_page(language):
    long_ar = {"first": "عبدالرحمن", "father": "عبدالمنعم", "grandfather": "عبدالمعطي", "family": "أبو الحاج إبراهيم"}
    long_en = {
        "first": "Abdulrahman",
        "father": "Abdulmunim",
        "grandfather": "Abdulmuti",
        "family": "Abu Al-Haj Ibrahim",
    }
    names = {name: long_ar if name.endswith("_ar") else long_en for name in BIRTH.document.sample if "name" in name}
    assert len(PdfReader(BytesIO(rendered(BIRTH, language=language, **names)[0])).pages) == 1


def test_a_new_service_issues_a_document_from_the_first_minute(tmp_path):
    pdf, _inputs = rendered(catalogue.load_folder(make_folder(tmp_path, "interior.passport", kind="paid")))
    assert DOC["verification_code"] in PdfReader(BytesIO(pdf)).pages[0].extract_text()
