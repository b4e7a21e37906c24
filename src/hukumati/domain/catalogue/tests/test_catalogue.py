"""Publishing, finding and showing services, on the real database and the real folders."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.queries import SnapshotTamperedError
from hukumati.domain.catalogue.tests.builders import AUTHOR, publish_all
from hukumati.domain.catalogue.tests.builders import published as published_now
from hukumati.kernel.actor import system

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = AT.date()
BY = system("tests")
BIRTH = "interior.birth_certificate_copy"
LICENCE = "transport.driving_licence_status"


def folder(service_id):
    institution, _, name = service_id.partition(".")
    return settings.SERVICES_DIR / institution / name


@pytest.fixture
def a_copy(tmp_path):
    """The services as a folder of one's own, to change."""
    shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")
    return tmp_path / "services"


@pytest.fixture
def published(db):
    publish_all(at=AT)


def audit_codes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, about FROM audit_entry ORDER BY 1, 2")
        return cursor.fetchall()


def test_publishing_gives_back_the_version_and_tells_the_audit(db):
    service = published_now(folder(BIRTH), at=AT)
    assert (service.id, service.version, service.published_at) == (BIRTH, 2, AT)
    assert catalogue.get_published(BIRTH, 2) == service
    assert audit_codes() == [("catalogue.service_proposed", BIRTH), ("catalogue.service_published", BIRTH)]


def test_publishing_again_without_a_change_changes_nothing(db):
    published_now(folder(BIRTH), at=AT)
    with pytest.raises(catalogue.NothingChanged):
        catalogue.propose(folder(BIRTH), why="once more", by=AUTHOR, at=datetime(2027, 1, 1, tzinfo=UTC))
    assert len(audit_codes()) == 2


def test_changed_content_under_the_same_version_is_refused(db, a_copy):
    path = a_copy / "interior" / "birth_certificate_copy"
    before = published_now(path, at=AT)
    fees = path / "fees.toml"
    fees.write_text(fees.read_text().replace("amount_minor = 1000", "amount_minor = 1"))
    cases = path / "tests" / "cases.toml"
    cases.unlink()
    cases.write_text("case = []\n")
    with pytest.raises(catalogue.VersionChangedUnderItsNumber) as refusal:
        published_now(path, at=AT)
    assert refusal.value.version == 2
    assert catalogue.get_published(BIRTH) == before


def test_an_application_keeps_its_version_when_a_newer_one_is_published(db, a_copy):
    path = a_copy / "transport" / "driving_licence_status"
    published_now(path, at=AT)
    toml = path / "service.toml"
    toml.write_text(toml.read_text().replace("version = 1", "version = 2"))
    words = path / "texts" / "ar.toml"
    words.write_text(words.read_text().replace("الاستعلام عن رخصة السياقة", "رخصة سياقتي"))
    published_now(path, at=AT)
    assert catalogue.get_published(LICENCE, 1).name.ar == "الاستعلام عن رخصة السياقة"
    assert catalogue.get_published(LICENCE).name.ar == "رخصة سياقتي"
    toml.write_text(toml.read_text().replace("version = 2", "version = 1"))
    with pytest.raises(catalogue.VersionWentBack):
        published_now(path, at=AT)


@pytest.mark.parametrize(
    "statement", ["UPDATE catalogue_servicesnapshot SET stage = 'open'", "DELETE FROM catalogue_servicesnapshot"]
)
def test_the_database_refuses_to_change_a_published_version(published, statement):
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_version_that_was_tampered_with_is_not_served(published):
    before = catalogue.get_published(BIRTH)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_servicesnapshot DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE catalogue_servicesnapshot SET published_at = published_at + interval '1 s', content = jsonb_set(content, '{fees.toml}', "
            "to_jsonb(replace(content->>'fees.toml', 'amount_minor = 1000', 'amount_minor = 1'))) WHERE service_id = %s",
            [BIRTH],
        )
    with pytest.raises(SnapshotTamperedError):
        catalogue.get_published(BIRTH)
    assert before.fee_lines[0].unit.amount_minor == 1000


def test_an_unknown_service_or_version_is_refused(published):
    with pytest.raises(catalogue.ServiceNotFound):
        catalogue.get_published("interior.nothing")
    with pytest.raises(catalogue.ServiceNotFound):
        catalogue.get_published(BIRTH, 9)


def test_a_suspended_service_cannot_be_started_and_comes_back(published):
    catalogue.suspend(BIRTH, reason="the printer of seals is broken", by=BY, at=AT)
    assert catalogue.get_published(BIRTH).stage == catalogue.Stage.SUSPENDED
    assert not catalogue.is_open_to(catalogue.get_published(BIRTH), None)
    assert catalogue.get_published(BIRTH, 2).stage == catalogue.Stage.OPEN  # what was filed goes on
    catalogue.resume(BIRTH, by=BY, at=AT)
    assert catalogue.is_open_to(catalogue.get_published(BIRTH), None)
    assert [code for code, _ in audit_codes()].count("catalogue.service_suspended") == 1


def test_reading_a_service_costs_one_query(published, django_assert_num_queries):
    catalogue.get_published(BIRTH)
    with django_assert_num_queries(1):
        catalogue.get_published(BIRTH)
    catalogue.list_published()
    with django_assert_num_queries(1):
        catalogue.list_published()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("شهاده ميلاد", BIRTH),
        ("شهادات الميلاد", BIRTH),
        ("نسخة شهادة الميلاد", BIRTH),
        ("صورة شهاده ميلاد", BIRTH),
        ("birth certificate", BIRTH),
        ("driving license", LICENCE),
        ("حالة رخصة السواقة", LICENCE),
        ("للتأمين الصحى", "health.insurance_renewal"),
        ("تَأمين صحّي", "health.insurance_renewal"),
        ("تجديد رخصه سواقه", "transport.driving_licence_renewal"),
        ("اخراج قيد", "interior.civil_extract"),
        ("مخالفات السير", "transport.traffic_fines"),
        ("توجيهي", "education.tawjihi_result"),
        ("مخالفت", "transport.traffic_fines"),
        ("tawjhi", "education.tawjihi_result"),
    ],
)
def test_search_finds_what_people_mean(published, query, first):
    hits = catalogue.search(query, on=DAY)
    assert hits, query
    assert first in [hit.service.id for hit in hits[:2]]


@pytest.mark.parametrize("query", ["", "   ", "؟!", "xyzzyqwert", "' | & ! :*", "\x00", "ا" * 5000, "😀"])
def test_search_stands_whatever_is_typed(published, query):
    assert isinstance(catalogue.search(query, on=DAY), list)


def test_search_says_why_and_marks_where(published):
    hit = catalogue.search("الميلاد", on=DAY, limit=5)[0]
    assert hit.why == "name"
    assert [run for run, matched in catalogue.marked(hit.service.name.ar, hit.matched) if matched] == ["ميلاد"]


def test_the_burden_of_each_service_is_counted(published):
    assert catalogue.get_published(BIRTH).burden == catalogue.Burden(asked=5, shown=6, fetched=17, papers=0)


def test_institutions_and_offices_are_listed(published):
    interior = catalogue.get_institution("interior")
    counts = {one.id: one.services_count for one in catalogue.directory().institutions}
    assert counts[interior.id] == len(catalogue.list_published(institution="interior")) == 3
    assert {office.id for office in catalogue.list_offices(institution="interior", kind="counter")} >= {
        "interior-ramallah",
        "interior-nablus",
    }
    assert all(office.kind == "post" for office in catalogue.list_offices(kind="post"))
    with pytest.raises(catalogue.InstitutionNotFound):
        catalogue.get_institution("nowhere")
    with pytest.raises(catalogue.OfficeNotFound):
        catalogue.get_office("nowhere")


def test_the_command_publishes_all_and_says_so(db, capsys):
    call_command("services", "publish", "--all")
    assert f"{BIRTH} v2 open" in capsys.readouterr().out
    call_command("services", "list")
    assert "نسخة عن شهادة ميلاد" in capsys.readouterr().out


def test_the_command_explains_a_changed_version(db, a_copy, capsys):
    call_command("services", "--services", str(a_copy), "publish", LICENCE)
    words = a_copy / "transport" / "driving_licence_status" / "texts" / "en.toml"
    words.write_text(words.read_text().replace("Driving licence status", "Licence status"))
    with pytest.raises(CommandError, match="not published"):
        call_command("services", "--services", str(a_copy), "publish", LICENCE)
    assert "Raise `version` in service.toml to 2" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["listed", "inquiry", "paid"])
def test_a_new_folder_holds_from_the_first_minute(db, a_copy, kind, capsys):
    call_command("services", "--services", str(a_copy), "new", "interior.passport", "--kind", kind)
    call_command("services", "--services", str(a_copy), "check", "interior.passport")
    assert "holds" in capsys.readouterr().out
    with pytest.raises(CommandError, match="exists already"):
        call_command("services", "--services", str(a_copy), "new", "interior.passport")


@pytest.mark.parametrize("name", ["../../etc/passwd", "interior", "Interior.Passport", "interior.", ""])
def test_a_wrong_name_makes_nothing(db, a_copy, name):
    with pytest.raises(CommandError):
        call_command("services", "--services", str(a_copy), "new", name)
