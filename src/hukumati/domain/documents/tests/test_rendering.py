"""Real Typst: the same bytes for the same inputs, and no way out of the template's room."""

import json
import re
import shutil
import subprocess
import threading
from io import BytesIO
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from django.conf import settings

from hukumati.domain.documents.facts import TemplateFaultError
from hukumati.domain.documents.rendering import render
from hukumati.domain.documents.rules import canonical_json
from hukumati.domain.documents.tests.builders import NOON, TEMPLATE

DOC = {
    "reference": "D-2026-AAAA2222",
    "issued_on": "2026-04-01",
    "valid_until": None,
    "verification_code": "AAAA-BBBB-CCCC-DDDD-EEEE",
    "verification_url": "https://hukumati.example/verify/AAAA-BBBB-CCCC-DDDD-EEEE/",
    "language": "ar",
    "title": "شهادة تجريبية",
    "title_ar": "شهادة تجريبية",
    "title_en": "Test certificate",
    "institution": "وزارة الداخلية",
    "institution_ar": "وزارة الداخلية",
    "institution_en": "Ministry of Interior",
}
INPUTS = canonical_json({"data": {"name": "سلمى محمود خليل العطار"}, "doc": DOC})
CERTIFICATE = Path(settings.SERVICES_DIR) / "interior" / "birth_certificate_copy"


def test_rendering_again_gives_the_same_bytes():
    assert render(TEMPLATE, inputs=INPUTS, at=NOON) == render(TEMPLATE, inputs=INPUTS, at=NOON)


def test_other_inputs_give_another_document():
    other = canonical_json({"data": {"name": "ليلى"}, "doc": DOC})
    assert render(TEMPLATE, inputs=INPUTS, at=NOON) != render(TEMPLATE, inputs=other, at=NOON)


def test_threads_render_side_by_side_without_mixing():
    made = {}

    def work(number):
        for step in range(5):
            name = f"{number}-{step}"
            inputs = canonical_json({"data": {"name": name}, "doc": DOC})
            made[name] = render(TEMPLATE, inputs=inputs, at=NOON)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, pdf in made.items():
        attached = pypdf.PdfReader(BytesIO(pdf)).attachments["data.json"][0]
        assert json.loads(attached)["data"]["name"] == name


def test_the_facts_are_attached():
    attached = pypdf.PdfReader(BytesIO(render(TEMPLATE, inputs=INPUTS, at=NOON))).attachments
    assert attached["data.json"] == [INPUTS.encode()]


def test_the_file_says_that_it_is_pdf_a_3b_and_accessible():
    metadata = (
        pypdf.PdfReader(BytesIO(render(TEMPLATE, inputs=INPUTS, at=NOON))).xmp_metadata.stream.get_data().decode()
    )
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_an_arabic_name_can_be_read_out_of_the_file():
    page = pypdfium2.PdfDocument(render(TEMPLATE, inputs=INPUTS, at=NOON))[0]
    text = page.get_textpage().get_text_range()
    for word in ("سلمى", "محمود", "خليل", "العطار"):
        assert word in text


@pytest.mark.parametrize(
    "escape",
    ['#read("/etc/passwd")', '#read("../../etc/passwd")', '#read("pyproject.toml")', '#read("/pyproject.toml")',
     '#include "conftest.py"', '#image("/proc/self/environ", alt: "x")'],
)  # fmt: skip
def test_a_template_reads_nothing_of_this_machine(escape):
    with pytest.raises(TemplateFaultError):
        render(TEMPLATE + escape, inputs=INPUTS, at=NOON)


def test_a_template_imports_nothing_from_the_network():
    with pytest.raises(TemplateFaultError, match="imports no packages"):
        render('#import "@preview/cetz:0.3.0"\n' + TEMPLATE, inputs=INPUTS, at=NOON)


def test_values_are_never_source():
    english = DOC | {"language": "en"}
    inputs = canonical_json({"data": {"name": '#read("/etc/passwd") $x$ *bold* ]'}, "doc": english})
    text = pypdfium2.PdfDocument(render(TEMPLATE, inputs=inputs, at=NOON))[0].get_textpage().get_text_range()
    assert '#read("/etc/passwd")' in text


def test_a_template_that_does_not_compile_says_why():
    with pytest.raises(TemplateFaultError, match="unknown variable: nothing"):
        render(TEMPLATE + "#nothing", inputs=INPUTS, at=NOON)


def test_an_inaccessible_template_is_refused():
    with pytest.raises(TemplateFaultError):
        render(TEMPLATE.replace(', alt: "QR"', ""), inputs=INPUTS, at=NOON)


@pytest.mark.parametrize("language", ["ar", "en", "both"])
def test_the_birth_certificate_compiles_in_each_language(language):
    data = json.loads((CERTIFICATE / "document.sample.json").read_text()) | {"language": language}
    inputs = canonical_json({"data": data, "doc": DOC | {"language": language}})
    pdf = render((CERTIFICATE / "document.typ").read_text(), inputs=inputs, at=NOON)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    assert ("العطار" if language != "en" else "Al-Attar") in text
    assert {"AAAA", "BBBB", "CCCC", "DDDD", "EEEE"} <= set(re.findall("[A-Z]+", text))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not installed")
def test_an_independent_reader_finds_the_name(tmp_path):
    path = tmp_path / "document.pdf"
    path.write_bytes(render(TEMPLATE, inputs=INPUTS, at=NOON))
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "سلمى محمود خليل العطار" in text
