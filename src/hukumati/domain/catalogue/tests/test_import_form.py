"""A ministry's spreadsheet becomes a form that proves itself; hostile ones run nothing and exhaust nobody."""

from __future__ import annotations

import shutil
import tomllib
import zipfile
from xml.sax.saxutils import escape

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.folder import workbook, xlsform
from hukumati.domain.catalogue.questions import FieldKind

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKED = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SURVEY = [
    [
        "type",
        "name",
        "label::Arabic (ar)",
        "label::English (en)",
        "required",
        "relevant",
        "constraint",
        "hint::English (en)",
    ],
    ["start", "start"],
    ["begin group", "school", "المدرسة", "School"],
    ["select_one levels", "level", "المرحلة", "Level", "yes"],
    ["integer", "pupils", "عدد التلاميذ", "Pupils", "yes", "", ". >= 1 and . <= 40", "In one class."],
    ["select_one yesno", "bus", "هل توجد حافلة؟", "Is there a bus?", "yes"],
    ["text", "Bus Name", "اسم الحافلة", "Name of the bus", "", "${bus} = 'yes'"],
    ["end group"],
    ["begin group", "more", "المزيد", "More"],
    ["text", "licence_no", "رقم الرخصة", "Licence number", "yes", "", "regex(., '^[0-9]{9}$')"],
    ["select_multiple langs", "langs", "اللغات", "Languages", "", "${level} = 'primary' or ${level} = 'middle'"],
    ["begin repeat", "teachers", "المعلمون", "Teachers"],
    ["text", "subject", "المادة", "Subject", "yes"],
    ["end repeat"],
    ["decimal", "weight", "الوزن", "Weight"],
    ["date", "opened", "تاريخ الافتتاح", "Opened", "", "${pupils} > 3 and ${bus} = 'yes'"],
    ["end group"],
]
CHOICES = [
    ["list_name", "name", "label::Arabic (ar)", "label::English (en)"],
    ["levels", "primary", "ابتدائي", "Primary"],
    ["levels", "middle", "إعدادي", "Middle"],
    ["levels", "upper", "ثانوي", "Upper"],
    ["yesno", "yes", "نعم", "Yes"],
    ["yesno", "no", "لا", "No"],
    ["langs", "ar", "العربية", "Arabic"],
    ["langs", "en", "الإنجليزية", "English"],
]


def cell(column, number, said):
    place = f"{chr(65 + column)}{number}"
    if said.startswith("="):
        return f'<c r="{place}" t="str"><f>{escape(said[1:])}</f><v>stolen</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(said)}</t></is></c>'


def sheet(rows):
    lines = [
        f'<row r="{number}">{"".join(cell(column, number, said) for column, said in enumerate(row) if said)}</row>'
        for number, row in enumerate(rows, 1)
    ]
    return f"<worksheet {SPACE}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def a_workbook(path, *, survey=SURVEY, choices=CHOICES, more=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook {SPACE} {LINKED}><sheets><sheet name="survey" sheetId="1" r:id="a"/><sheet name="Choices" sheetId="2" r:id="b"/></sheets></workbook>',
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/><Relationship Id="b" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
        )
        packed.writestr("xl/worksheets/sheet1.xml", sheet(survey))
        packed.writestr("xl/worksheets/sheet2.xml", sheet(choices))
        for name, text in more:
            packed.writestr(name, text)
    return path


@pytest.fixture
def services(tmp_path):
    shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")
    return tmp_path / "services"


def run(services, *words):
    call_command("services", "--services", str(services), *words)


def test_a_spreadsheet_becomes_a_form_that_proves_itself(db, services, tmp_path, capsys):
    run(services, "new", "education.school_permit", "--kind", "paid")
    path = a_workbook(tmp_path / "permit.xlsx")
    with pytest.raises(CommandError, match="--replace"):
        run(services, "import-form", "education.school_permit", str(path))
    run(services, "import-form", "education.school_permit", str(path), "--replace")
    said = capsys.readouterr()
    assert "survey, row 7: `Bus Name` is called `bus_name` here" in said.err
    assert "survey, row 15: `decimal` is not taken over" in said.err
    assert "survey, row 16: the condition" in said.err
    folder = services / "education" / "school_permit"
    loaded = catalogue.load_folder(folder).form
    assert [page.title.ar for page in loaded.pages] == ["المدرسة", "المزيد"]
    assert loaded.find_field("teachers").group[0].label.en == "Subject"
    assert [option.label.en for option in loaded.find_field("level").options] == ["Primary", "Middle", "Upper"]
    form = xlsform.read_form(workbook.read(path))
    fields = {field["id"]: field for page in form.pages for field in page["field"]}
    assert fields["level"] == {"id": "level", "kind": "choice", "options": ["primary", "middle", "upper"]}
    assert (fields["pupils"]["minimum"], fields["pupils"]["maximum"]) == (1, 40)
    assert fields["bus"]["kind"] == FieldKind.YES_NO
    assert fields["bus_name"]["when"] == {"field": "bus", "is": True}
    assert fields["licence_no"]["length_exact"] == 9
    assert fields["langs"]["when"] == {"field": "level", "one_of": ["primary", "middle"]}
    assert [inner["id"] for inner in fields["teachers"]["field"]] == ["subject"]
    assert form.en["field.pupils.hint"] == "In one class."


@pytest.mark.parametrize(
    ("survey", "note"),
    [
        ([SURVEY[0], ["text", "a", '=HYPERLINK("http://x")', "A"]], "survey, row 2: a formula is not calculated"),
        ([SURVEY[0], ["select_one nothing", "a", "أ", "A"]], "survey, row 2: the list `nothing`"),
        ([SURVEY[0], ["integer", "a", "أ", "A"]], "survey, row 2: an integer has minimum and maximum"),
        ([SURVEY[0], ["text", "a", "", "A"]], "survey, row 2: `field.a.label` lacks its Arabic words"),
    ],
)
def test_what_cannot_be_taken_over_is_told_with_its_row(tmp_path, survey, note):
    form = xlsform.read_form(workbook.read(a_workbook(tmp_path / "x.xlsx", survey=survey)))
    assert any(one.startswith(note) for one in form.notes), form.notes
    assert "stolen" not in xlsform.as_toml(form) + str(form.ar)


def test_macros_and_links_are_left_where_they_are(tmp_path):
    path = a_workbook(
        tmp_path / "x.xlsx", more=[("xl/vbaProject.bin", "evil"), ("xl/externalLinks/externalLink1.xml", "<a/>")]
    )
    assert {"macros are not taken over", "links to other files are not followed"} <= set(workbook.read(path).notes)


def test_words_of_a_sheet_stay_words(tmp_path):
    hostile = 'x"\n[[page]]\nid = "evil'
    path = a_workbook(tmp_path / "x.xlsx", survey=[SURVEY[0], ["text", "a", hostile, hostile]])
    form = xlsform.read_form(workbook.read(path))
    assert tomllib.loads(xlsform.texts_toml({}, form.en)) == {
        "page": {"questions": {"title": "questions"}},
        "field": {"a": {"label": hostile}},
    }


def bomb(path):
    a_workbook(path, more=[("xl/media/zeros", "0" * (workbook.UNPACKED_BYTES_MAX + 1))])


def entities(path):
    lol = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/_rels/workbook.xml.rels", f"{lol}<Relationships/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")


def many_parts(path):
    a_workbook(path, more=[(f"x/{number}", "") for number in range(workbook.PARTS_MAX)])


def many_rows(path):
    a_workbook(path, survey=[SURVEY[0], *[["text", "a", "b", "c"]] * workbook.ROWS_MAX])


@pytest.mark.parametrize("hostile", [bomb, entities, many_parts, many_rows, lambda path: path.write_bytes(b"PK\x03\x04 broken"), lambda path: path.write_text("type,name")])  # fmt: skip
def test_what_would_exhaust_us_is_refused_in_words(db, services, tmp_path, hostile):
    path = tmp_path / "hostile.xlsx"
    hostile(path)
    before = (services / "interior" / "birth_certificate_copy" / "form.toml").read_text()
    with pytest.raises(CommandError, match=r"hostile\.xlsx"):
        run(services, "import-form", "interior.birth_certificate_copy", str(path), "--replace")
    assert (services / "interior" / "birth_certificate_copy" / "form.toml").read_text() == before
