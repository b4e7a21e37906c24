"""Publishing takes two people: Python says it kindly, the database refuses whoever walks past."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.models import Proposal, ServiceListing, ServiceSnapshot
from hukumati.domain.catalogue.publication import Decision
from hukumati.domain.catalogue.tests.builders import APPROVER, AUTHOR, folder_of, published
from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_citizen, a_national_id, a_staff, actor_of

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BIRTH = "interior.birth_certificate_copy"
LICENCE = "transport.driving_licence_status"

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_copy(tmp_path):
    shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")
    return tmp_path / "services"


def an_owner(institution="interior", **more):
    return actor_of(a_staff(role=Role.SERVICE_OWNER, institution=institution, office="", **more))


def proposed(service_id=BIRTH, *, by=AUTHOR, why="the tariff changed"):
    return catalogue.propose(folder_of(service_id), why=why, by=by, at=AT)


def newer(folder):
    toml = folder / "service.toml"
    toml.write_text(toml.read_text().replace("version = 1", "version = 2"))
    return folder


def test_a_proposal_publishes_nothing_until_another_person_approves_it():
    author, another = an_owner(), an_owner()
    proposal = proposed(by=author)
    with pytest.raises(catalogue.ServiceNotFound):
        catalogue.get_published(BIRTH)
    service = catalogue.publish(proposal.reference, by=another, at=AT)
    assert (service.id, service.version) == (BIRTH, 2)
    row = ServiceSnapshot.objects.get()
    assert (row.proposed_by, row.published_by, row.why) == (author.label, another.label, "the tariff changed")


def test_nobody_publishes_what_they_proposed_themselves():
    author = an_owner()
    proposal = proposed(by=author)
    with pytest.raises(catalogue.SamePerson):
        catalogue.publish(proposal.reference, by=author, at=AT)
    assert not ServiceSnapshot.objects.exists()
    assert catalogue.find_waiting(BIRTH) == proposal


def test_two_accounts_of_one_person_are_one_person():
    number = a_national_id()
    proposal = proposed(by=an_owner(national_id=number))
    with pytest.raises(catalogue.SamePerson):
        catalogue.publish(proposal.reference, by=an_owner(national_id=number), at=AT)
    assert catalogue.publish(proposal.reference, by=an_owner(national_id=a_national_id()), at=AT).version == 2


@pytest.mark.parametrize(
    "who",
    [
        lambda: actor_of(a_staff(role=Role.SUPERVISOR, office="")),
        lambda: an_owner("transport"),
        lambda: actor_of(a_staff(role=Role.SERVICE_OWNER, office="ramallah")),
        lambda: actor_of(a_citizen()),
    ],
)
def test_only_a_service_owner_of_the_institution_proposes_publishes_and_rejects(who):
    stranger = who()
    with pytest.raises(catalogue.NotServiceOwner):
        proposed(by=stranger)
    proposal = proposed()
    with pytest.raises(catalogue.NotServiceOwner):
        catalogue.publish(proposal.reference, by=stranger, at=AT)
    with pytest.raises(catalogue.NotServiceOwner):
        catalogue.reject(proposal.reference, reason="no", by=stranger, at=AT)
    assert catalogue.find_waiting(BIRTH) == proposal


def test_a_rejection_says_why_and_leaves_what_is_published(a_copy):
    before = published(LICENCE, at=AT)
    proposal = catalogue.propose(
        newer(a_copy / "transport" / "driving_licence_status"), why="a new year", by=AUTHOR, at=AT
    )
    with pytest.raises(catalogue.ReasonNotGiven):
        catalogue.reject(proposal.reference, reason="  ", by=APPROVER, at=AT)
    decided = catalogue.reject(proposal.reference, reason="article 4 is not in force yet", by=APPROVER, at=AT)
    assert (decided.decision, decided.reason) == (Decision.REJECTED, "article 4 is not in force yet")
    assert catalogue.get_published(LICENCE) == before
    with pytest.raises(catalogue.ProposalDecided):
        catalogue.publish(proposal.reference, by=APPROVER, at=AT)


def test_a_better_proposal_takes_the_place_of_the_one_that_waits(a_copy):
    folder = a_copy / "transport" / "driving_licence_status"
    first = catalogue.propose(folder, why="first", by=AUTHOR, at=AT)
    assert catalogue.propose(folder, why="the same", by=AUTHOR, at=AT) == first
    words = folder / "texts" / "en.toml"
    words.write_text(words.read_text().replace("Driving licence status", "My driving licence"))
    second = catalogue.propose(folder, why="second", by=AUTHOR, at=AT)
    assert catalogue.find_waiting(LICENCE) == second
    assert [one.decision for one in catalogue.list_proposals(institutions=["transport"])] == ["", "superseded"]


def test_a_proposal_says_why():
    with pytest.raises(catalogue.ReasonNotGiven):
        proposed(why=" ")
    assert not Proposal.objects.exists()


def test_the_database_refuses_an_approval_by_the_author():
    proposal = proposed()
    with pytest.raises(IntegrityError, match="proposal_approved_by_another_person"), transaction.atomic():
        Proposal.objects.filter(reference=proposal.reference).update(
            decision="approved", decided_by=AUTHOR.label, decided_at=AT
        )


def test_the_database_refuses_a_version_that_nobody_else_approved():
    proposed()
    row = Proposal.objects.get()
    version = {
        "service_id": row.service_id,
        "version": row.version,
        "stage": row.stage,
        "content": row.content,
        "content_sha256": row.content_sha256,
        "proposed_by": AUTHOR.label,
        "published_by": APPROVER.label,
        "published_at": AT,
    }
    with pytest.raises(ProgrammingError, match="approved by nobody but its author"), transaction.atomic():
        ServiceSnapshot.objects.create(**version)
    with pytest.raises(ProgrammingError, match="approved by nobody but its author"), transaction.atomic():
        ServiceSnapshot.objects.create(**{**version, "published_by": AUTHOR.label})


@pytest.mark.parametrize(
    "change", ["content = '{}'", "why = 'another reason'", "proposed_by = 'staff:other'", "decision = ''"]
)
def test_a_decided_proposal_never_changes(change):
    published(BIRTH, at=AT)
    with pytest.raises(ProgrammingError, match="decided once"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE catalogue_proposal SET {change}")


def test_a_broken_folder_is_refused_with_its_reason_and_the_last_good_version_stays(a_copy, client, capsys):
    folder = a_copy / "transport" / "driving_licence_status"
    before = published(folder, at=AT)
    newer(folder)
    exchange = folder / "exchange.toml"
    exchange.write_text(exchange.read_text().replace("attributes", "atributes"))
    with pytest.raises(CommandError, match="not published"):
        call_command("services", "--services", str(a_copy), "publish", "--all")
    said = capsys.readouterr()
    assert "transport/driving_licence_status/exchange.toml:" in said.err
    assert "did you mean `attributes`?" in said.err
    assert f"{BIRTH} v2 open" in said.out  # the others are published all the same
    assert catalogue.get_published(LICENCE) == before
    assert not Proposal.objects.filter(service_id=LICENCE, version=2).exists()


@pytest.fixture
def installation(settings):
    """As in a real installation: nobody acts unnamed."""
    settings.DEMO = False


def test_an_installation_proposes_by_a_named_employee_and_publishes_at_the_desk_only(installation, a_copy, capsys):
    for login in ("first", "second"):
        a_staff(role=Role.SERVICE_OWNER, institution="transport", office="", login=login)
    run = lambda *words: call_command("services", "--services", str(a_copy), *words)  # noqa: E731
    with pytest.raises(CommandError, match="--as LOGIN"):
        run("propose", LICENCE, "--why", "first version")
    run("propose", LICENCE, "--why", "first version", "--as", "first")
    assert "at the desk" in capsys.readouterr().out
    for whose in ((), ("--as", "first"), ("--as", "second")):
        with pytest.raises(CommandError, match="at the desk"):
            run("publish", LICENCE, *whose)
    with pytest.raises(catalogue.ServiceNotFound):
        catalogue.get_published(LICENCE)
    run("proposals")
    assert "first version  [waits" in capsys.readouterr().out


def test_what_is_published_is_listed_anew_in_an_installation_too(installation, a_copy, capsys):
    published(a_copy / "transport" / "driving_licence_status", at=AT)
    ServiceListing.objects.filter(pk=LICENCE).update(asks=[])
    call_command("services", "--services", str(a_copy), "relist")
    assert "1 services are listed anew" in capsys.readouterr().out
    assert ServiceListing.objects.get(pk=LICENCE).asks


def test_an_installation_rejects_on_the_command_line_too(installation, a_copy, capsys):
    for login in ("first", "second"):
        a_staff(role=Role.SERVICE_OWNER, institution="transport", office="", login=login)
    call_command("services", "--services", str(a_copy), "propose", LICENCE, "--why", "first", "--as", "first")
    call_command("services", "--services", str(a_copy), "reject", LICENCE, "--reason", "too early", "--as", "second")
    assert "nothing was published" in capsys.readouterr().out
    with pytest.raises(catalogue.ServiceNotFound):
        catalogue.get_published(LICENCE)
