"""Lists of services: taken over row by row, taken along as open data, and their way online told."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyshacl
import pytest
import rdflib
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.listings import files, importing, open_data
from hukumati.domain.catalogue.listings.rows import COLUMNS
from hukumati.domain.catalogue.tests.builders import published as publish
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = AT.date()
BY = system("tests")
# pyshacl and rdflib warn about each other; what they say of the data is what is asked.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
HERE = Path(__file__).parent
HEADING = "id,institution,name_ar,name_en,fee,papers_ar,papers_en,stage,since,planned_open"
GOOD = (
    "interior.passport,interior,جواز سفر,Passport,120,هوية;صورة,Identity card;Photograph,listed,2026-05-01,15/01/2027"
)


def a_list(tmp_path, *lines, name="list.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def taken(path, *, encoding="", at=AT):
    told = []
    read = files.read_rows(path, encoding=encoding)
    report = importing.import_services(
        read,
        sha256="0" * 64,
        refuse=lambda line, _raw, faults: told.append((line, [f.column for f in faults])),
        by=BY,
        at=at,
    )
    return report, told


def counts(report):
    return report.new, report.changed, report.same, report.refused


def test_a_row_becomes_a_service_that_is_found_and_described(db, tmp_path):
    report, _told = taken(a_list(tmp_path, HEADING, GOOD))
    assert counts(report) == (1, 0, 0, 0)
    service = catalogue.get_described("interior.passport", on=DAY)
    assert service.entry.fee_from == Money(12000)
    assert [paper.en for paper in service.papers] == ["Identity card", "Photograph"]
    assert not service.entry.startable
    assert [hit.service.id for hit in catalogue.search("الجوازات", on=DAY)] == ["interior.passport"]
    (listed, open_) = catalogue.list_moves("interior.passport")
    assert (listed.happened_on, open_.planned_on) == (date(2026, 5, 1), date(2027, 1, 15))


def test_the_same_list_once_more_changes_nothing(db, tmp_path):
    path = a_list(tmp_path, HEADING, GOOD)
    taken(path)
    moves = catalogue.list_moves("interior.passport")
    report, _told = taken(path, at=datetime(2027, 3, 1, tzinfo=UTC))
    assert counts(report) == (0, 0, 1, 0)
    assert catalogue.list_moves("interior.passport") == moves


def test_a_changed_row_replaces_and_a_new_plan_is_added_to_the_old(db, tmp_path):
    taken(a_list(tmp_path, HEADING, GOOD))
    report, _told = taken(
        a_list(tmp_path, HEADING, GOOD.replace("15/01/2027", "2027-02-15").replace("Passport", "A passport"))
    )
    assert counts(report) == (0, 1, 0, 0)
    assert catalogue.get_described("interior.passport", on=DAY).entry.name.en == "A passport"
    assert catalogue.list_moves("interior.passport")[-1].planned_on == date(2027, 2, 15)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_stagemove WHERE stage = 'open'")
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (GOOD.replace("interior.passport", "passport"), ["id"]),
        (GOOD.replace(",interior,", ",nowhere,"), ["institution"]),
        (GOOD.replace("interior.passport", "health.passport"), ["id"]),
        (GOOD.replace("جواز سفر", ""), ["name_ar"]),
        (GOOD.replace("جواز سفر", "=HYPERLINK(1)"), ["name_ar"]),
        (GOOD.replace("Passport", "@SUM(1)"), ["name_en"]),
        (GOOD.replace("جواز سفر", "ا" * 201), ["name_ar"]),
        (GOOD.replace("120", "twelve"), ["fee"]),
        (GOOD.replace("120", "-1"), ["fee"]),
        (GOOD.replace("120", "1.234"), ["fee"]),
        (GOOD.replace("120", "1e99999"), ["fee"]),
        (GOOD.replace("120", "nan"), ["fee"]),
        (GOOD.replace(";Photograph", ""), ["papers_en"]),
        (GOOD.replace("listed", "open"), ["stage"]),
        (GOOD.replace("2026-05-01", "2026-02-30"), ["since"]),
        (GOOD.replace("15/01/2027", "99/99/2027"), ["planned_open"]),
        (GOOD.replace("120", "x").replace("listed", "y"), ["fee", "stage"]),
        (GOOD + ",one more", [""]),
        ("interior.passport,interior", [""]),
    ],
)
def test_a_row_that_does_not_hold_is_told_with_its_column_and_the_others_are_taken(db, tmp_path, row, columns):
    good = GOOD.replace("interior.passport", "interior.other")
    report, told = taken(a_list(tmp_path, HEADING, good, row, good.replace("other", "third")))
    assert counts(report) == (2, 0, 0, 1)
    assert told == [(3, columns)]


@pytest.mark.parametrize("number", ["12.50", "١٢٫٥٠".replace("٫", "."), "12.50 ₪", "1,250"])
def test_amounts_are_read_as_people_write_them(db, tmp_path, number):
    taken(a_list(tmp_path, HEADING, GOOD.replace("120", f'"{number}"')))
    assert catalogue.get_described("interior.passport", on=DAY).entry.fee_from in {Money(1250), Money(125000)}


def test_direction_and_control_characters_do_not_come_in(db, tmp_path):
    taken(a_list(tmp_path, HEADING, GOOD.replace("جواز سفر", "جواز\u202e \x07سفر\u2066")))
    assert catalogue.get_described("interior.passport", on=DAY).entry.name.ar == "جواز سفر"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-8-sig", ""), ("utf-16", ""), ("windows-1256", "windows-1256")],
)
def test_the_encodings_of_spreadsheets_are_read(db, tmp_path, encoding, named):
    report, _told = taken(a_list(tmp_path, HEADING, GOOD, encoding=encoding), encoding=named)
    assert counts(report) == (1, 0, 0, 0)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_the_separators_of_spreadsheets_are_read(db, tmp_path, separator):
    row = GOOD.replace(";", "؛").replace(",", separator)
    report, _told = taken(a_list(tmp_path, HEADING.replace(",", separator), row))
    assert counts(report) == (1, 0, 0, 0)


def test_letters_of_another_encoding_refuse_their_row_only(db, tmp_path):
    path = tmp_path / "list.csv"
    broken = GOOD.replace("passport", "broken").encode("windows-1256")
    path.write_bytes(b"\n".join([HEADING.encode(), broken, GOOD.encode()]))
    report, told = taken(path)
    assert counts(report) == (1, 0, 0, 1)
    assert told[0][0] == 2


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ([f'interior.a,interior,"{"ا" * 70_000}",A,,,,,,', GOOD], 1),
        (["x" * 600_000, GOOD], 1),
        ([f'interior.a,interior,"never closed,{"ا" * 70_000}', GOOD], 1),
        (['interior.a,interior,"two\nlines",A,,,,,,', GOOD], 0),
        (["", "   ", ",,,,,,,,,", GOOD], 0),
        ([GOOD.replace("passport", "a") + "\x00", GOOD], 0),
    ],
)
def test_a_monstrous_row_is_left_and_what_follows_is_read(db, tmp_path, lines, refused):
    report, _told = taken(a_list(tmp_path, HEADING, *lines))
    assert report.refused == refused
    assert report.new >= 1 or "never closed" in lines[0]


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("", "the heading is missing"),
        ("id,institution,name_ar", "missing: name_en"),
        ("id,institution,name_ar,name_en,nmae", "is no column"),
        ("id,institution,name_ar,name_en,nmae_ar", "did you mean"),
        ("id,institution,name_ar,name_en,id", "twice"),
    ],
)
def test_a_wrong_heading_refuses_the_file(db, tmp_path, content, hint):
    with pytest.raises(files.FileRefusedError, match=hint):
        taken(a_list(tmp_path, content, GOOD))


def test_a_service_twice_in_a_list_is_refused_once(db, tmp_path):
    report, told = taken(a_list(tmp_path, HEADING, GOOD, GOOD))
    assert counts(report) == (1, 0, 0, 1)
    assert told == [(3, ["id"])]


RECORD = {
    "id": "interior.passport",
    "institution": "interior",
    "name_ar": "جواز",
    "name_en": "Passport",
    "fee": 120,
    "life_events": ["travel"],
}


@pytest.mark.parametrize(
    ("content", "new", "refused"),
    [
        (json.dumps([RECORD]), 1, 0),
        ("\ufeff" + json.dumps([RECORD], indent=2), 1, 0),
        (
            json.dumps([RECORD | {"id": f"interior.n{n}", "who_ar": "ا" * 900, "who_en": "a"} for n in range(200)]),
            200,
            0,
        ),
        (json.dumps([RECORD, 7, [], {"id": {}}, RECORD | {"nmae": "x"}]), 1, 4),
        (json.dumps([RECORD])[:-1] + ",{", 1, 1),
        ("[" * 100_000, 0, 1),
        (json.dumps([RECORD | {"name_en": "\ud800"}]), 0, 1),
    ],
)
def test_json_is_read_object_by_object(db, tmp_path, content, new, refused):
    report, _told = taken(a_list(tmp_path, content, name="list.json"))
    assert (report.new, report.refused) == (new, refused)


def test_lines_of_json_are_read_each_on_its_own(db, tmp_path):
    report, told = taken(a_list(tmp_path, json.dumps(RECORD), "{broken", "", name="list.jsonl"))
    assert (report.new, report.refused, told) == (1, 1, [(2, [""])])


def test_what_is_no_array_is_refused(db, tmp_path):
    with pytest.raises(files.FileRefusedError):
        taken(a_list(tmp_path, "{}", name="list.json"))


def test_all_or_none_takes_none(db, tmp_path, capsys):
    path = a_list(tmp_path, HEADING, GOOD, GOOD.replace("120", "x"))
    with pytest.raises(CommandError, match="nothing was taken"):
        call_command("services", "import", str(path), "--strict")
    with pytest.raises(catalogue.ServiceNotFound):
        catalogue.get_described("interior.passport", on=DAY)


def test_the_command_keeps_what_does_not_hold_apart_without_formulas(db, tmp_path, capsys):
    path = a_list(tmp_path, HEADING, GOOD, GOOD.replace("interior.passport", "=cmd()"))
    apart = tmp_path / "apart.csv"
    call_command("services", "import", str(path), "--quarantine", str(apart))
    assert "1 new, 0 changed, 0 as before, 1 refused" in capsys.readouterr().out
    with apart.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["line"] == "3"
    assert row["id"] == "'=cmd()"


def test_what_is_a_folder_keeps_its_folder_and_takes_the_plan(db, tmp_path):
    birth = publish("interior.birth_certificate_copy", at=AT)
    row = GOOD.replace("interior.passport", birth.id)
    report, _told = taken(a_list(tmp_path, HEADING, row))
    assert report.refused == 0
    assert catalogue.get_published(birth.id).name == birth.name
    assert next(hit.service.name for hit in catalogue.search("نسخة عن شهادة ميلاد", on=DAY)) == birth.name
    moves = {move.stage: move for move in catalogue.list_moves(birth.id)}
    assert (moves["open"].planned_on, moves["open"].happened_on) == (date(2027, 1, 15), DAY)
    assert "listed" not in moves


def test_a_described_service_becomes_a_folder_and_keeps_its_way(db, tmp_path):
    taken(a_list(tmp_path, HEADING, GOOD.replace("interior.passport", "interior.birth_certificate_copy")))
    publish("interior.birth_certificate_copy", at=AT)
    with pytest.raises(catalogue.ServiceNotFound):
        catalogue.get_described("interior.birth_certificate_copy", on=DAY)
    assert [move.stage for move in catalogue.list_moves("interior.birth_certificate_copy")] == ["listed", "open"]


@pytest.mark.parametrize("statement", ["UPDATE catalogue_stagemove SET owner = 'x'", "DELETE FROM catalogue_stagemove"])
def test_the_way_is_written_once(db, tmp_path, statement):
    taken(a_list(tmp_path, HEADING, GOOD))
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", ["stage = 'open'", "stage = 'nowhere'", "suspended_at = now()"])
def test_the_database_refuses_a_row_that_could_be_started_without_a_folder(db, tmp_path, change):
    taken(a_list(tmp_path, HEADING, GOOD))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE catalogue_servicelisting SET {change}")


@pytest.fixture
def _all(db):
    call_command("services", "publish", "--all", stdout=io.StringIO())
    call_command("services", "import", stdout=io.StringIO())


@pytest.mark.usefixtures("_all")
def test_the_demonstrations_list_holds_and_says_what_it_is(capsys):
    call_command("services", "import", stdout=(out := io.StringIO()))
    assert "0 new, 0 changed" in out.getvalue()
    assert " 0 refused" in out.getvalue()
    way = catalogue.burn_up(on=DAY)
    assert way.demonstration
    assert way.expected == 1400
    assert way.described >= 70
    assert way.months[0].month <= DAY
    assert way.months[-1].online is None


@pytest.mark.usefixtures("_all")
def test_the_table_comes_back_as_it_was_taken_along(tmp_path):
    path = tmp_path / "catalogue.csv"
    call_command("services", "export", "--to", str(path))
    report, _told = taken(path)
    assert counts(report) == (0, 0, catalogue.burn_up(on=DAY).described, 0)


def test_no_cell_of_the_table_is_a_formula(db, tmp_path):
    taken(a_list(tmp_path, HEADING, GOOD.replace("Passport", "'=1+1")))
    rows = csv.DictReader(io.StringIO("".join(open_data.FORMATS["csv"].write("http://127.0.0.1"))[1:]))
    assert [row["name_en"] for row in rows] == ["'=1+1"]


@pytest.mark.usefixtures("_all")
@pytest.mark.parametrize("name", ["jsonld", "dcat"])
def test_linked_data_passes_the_shapes_of_cpsv_ap(name):
    graph = rdflib.Graph().parse(
        data="".join(open_data.FORMATS[name].write("https://hukumati.example")), format="json-ld"
    )
    graph.parse(HERE / "cpsv_ap" / "vocabularies.ttl")
    holds, _report, words = pyshacl.validate(graph, shacl_graph=str(HERE / "cpsv_ap" / "cpsv-ap-SHACL.ttl"))
    assert holds, words
    found = set(graph.subjects(rdflib.RDF.type, rdflib.URIRef("http://purl.org/vocab/cpsv#PublicService")))
    assert len(found) == (catalogue.burn_up(on=DAY).described if name == "jsonld" else 0)


@pytest.mark.usefixtures("_all")
def test_the_shapes_would_see_what_is_missing():
    told = json.loads("".join(open_data.FORMATS["jsonld"].write("https://hukumati.example")))
    service = next(node for node in told["@graph"] if node["@type"] == "cpsv:PublicService")
    del service["cv:hasCompetentAuthority"]
    graph = rdflib.Graph().parse(data=json.dumps({**told, "@graph": [service]}), format="json-ld")
    assert not pyshacl.validate(graph, shacl_graph=str(HERE / "cpsv_ap" / "cpsv-ap-SHACL.ttl"))[0]


def test_every_column_can_be_taken_along(db):
    heading = next(iter(open_data.FORMATS["csv"].write("")))
    assert heading.strip("\ufeff\r\n").split(",") == list(COLUMNS)
