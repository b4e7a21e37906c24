"""A draft survives a new version: what still fits stays, the rest is shown; what is filed keeps its version to its end."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.timezone import now

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.tests.builders import published as published_now
from hukumati.domain.exchange import api as exchange
from hukumati.domain.exchange.models import ReadGrant
from hukumati.domain.identity.tests.builders import sign_in
from hukumati.infra.audit import api as audit
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.tests.builders import (
    ANSWERS,
    CERTIFICATE,
    a_draft,
    a_filed_case,
    a_person_of_the_cast,
    acting,
    published,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]
CHOSEN = {**ANSWERS, "certificate": {"language": "both", "copies": "4"}}


@pytest.fixture
def citizen():
    published(CERTIFICATE)
    return a_person_of_the_cast()


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")
    path = tmp_path / "services" / "interior" / "birth_certificate_copy"
    edit(path, "service.toml", ("version = 2", "version = 3"))
    return path


def edit(folder, file, *changes):
    path = folder / file
    text = path.read_text()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text)


def with_fewer_copies(folder):
    """At most three copies; the purpose is asked; the Latin place of birth is no longer read."""
    edit(folder, "form.toml", ("maximum = 5", "maximum = 3"))
    edit(
        folder,
        "form.toml",
        ('id = "receiving"\n', 'id = "receiving"\n\n[[page.field]]\nid = "purpose"\nkind = "text"\n'),
    )
    for language, words in (("ar", "الغرض من الشهادة"), ("en", "What it is for")):
        path = folder / "texts" / f"{language}.toml"
        path.write_text(path.read_text() + f'\n[field.purpose]\nlabel = "{words}"\n')
    edit(folder, "exchange.toml", ('  "birth_place_latin",\n', ""))
    edit(folder, "service.toml", ('birth_place_latin = "record.birth_place_latin"\n', ""))
    sample = folder / "document.sample.json"
    lines = [line for line in sample.read_text().splitlines() if "birth_place_latin" not in line]
    sample.write_text("\n".join(lines))
    return published_now(folder)


def renewed(draft, citizen, *, version=3):
    return applications.renew(draft, version=version, citizen=citizen, by=acting(citizen), at=now())


def test_a_draft_keeps_what_still_fits_and_loses_what_does_not(citizen, folder):
    draft = a_draft(citizen, answers=CHOSEN)
    with_fewer_copies(folder)
    assert applications.is_outdated(draft)
    _service, planned = applications.plan_renewal(draft, citizen=citizen)
    assert {field.id for field in planned.kept} == {"language", "pick_up"}
    assert {field.id for field in planned.dropped} == {"copies"}
    assert {field.id for field in planned.asked} == {"copies", "purpose"}
    after = renewed(draft, citizen)
    assert (after.service_version, after.answers) == (3, {"language": "both", "pick_up": "download"})
    assert after.subject == draft.subject
    assert not applications.is_outdated(after)
    assert "certificate" in applications.pages_missing(applications.service_of(after), after)


def test_a_new_limit_that_the_answer_keeps_is_no_loss(citizen, folder):
    draft = a_draft(citizen)  # two copies of at most three
    with_fewer_copies(folder)
    after = renewed(draft, citizen)
    assert after.answers["copies"] == 2
    assert "certificate" not in applications.pages_missing(applications.service_of(after), after)


def test_rights_to_read_follow_the_new_declarations_and_old_answers_do_not_count(citizen, folder):
    draft = a_draft(citizen)
    assert {"family", "record"} == set(draft.evidence)
    with_fewer_copies(folder)
    after = renewed(draft, citizen)
    assert set(after.evidence) == {"family"}  # asked in the same way: it still counts
    [grant] = ReadGrant.objects.live().filter(case_reference=draft.reference, service="birth-records")
    assert "birth_place_latin" not in grant.attributes
    again = applications.fetch(after, "record", by=acting(citizen), at=now())
    assert "record" in again.evidence
    assert "birth_place_latin" not in again.evidence["record"].facts
    assert len(exchange.list_reads_for(draft.reference)) == 3


def test_the_change_stands_on_the_timeline_and_on_record(citizen, folder):
    draft = a_draft(citizen)
    with_fewer_copies(folder)
    renewed(draft, citizen)
    entry = applications.list_timeline(draft.reference)[-1]
    assert (entry.verb, entry.reason) == ("renew", "v2 → v3")
    assert "applications.renew" in [line.code for line in audit.list_entries(draft.reference)]


def test_nobody_accepts_a_difference_that_was_not_shown(citizen, folder):
    draft = a_draft(citizen)
    with_fewer_copies(folder)
    with pytest.raises(applications.CaseChanged):
        renewed(draft, citizen, version=4)
    assert applications.get_own(draft.reference, citizen=citizen).service_version == 2


def test_an_outdated_draft_is_not_filed(citizen, folder):
    draft = a_draft(citizen)
    with_fewer_copies(folder)
    with pytest.raises(applications.ServiceChanged):
        applications.submit(draft, revision=draft.revision, citizen=citizen, by=acting(citizen), at=now())


def test_a_filed_case_keeps_its_version(citizen, folder):
    case = a_filed_case(citizen)
    with_fewer_copies(folder)
    assert not applications.is_outdated(case)
    assert applications.service_of(case).version == 2
    with pytest.raises(applications.CaseChanged):
        renewed(case, citizen)


def test_a_person_for_whom_the_service_is_no_longer_is_asked_again(citizen, folder):
    draft = a_draft(citizen, subject="child")
    edit(folder, "form.toml", ('ties = ["self", "child", "parent"]', 'ties = ["self", "parent"]'))
    published_now(folder)
    after = renewed(draft, citizen)
    assert (after.subject, dict(after.answers), after.pages_done) == (None, {}, ())
    about_child = ReadGrant.objects.live().filter(case_reference=draft.reference, subject=draft.subject.national_id)
    assert not about_child.exists()


def test_a_service_that_is_no_longer_offered_carries_no_draft_over(citizen, folder):
    draft = a_draft(citizen)
    edit(folder, "service.toml", ('stage = "open"', 'stage = "automated"'))
    published_now(folder)
    with pytest.raises(applications.ServiceNotOpen):
        renewed(draft, citizen)


def test_what_a_new_version_meets_is_counted(citizen, folder):
    a_draft(citizen, answers=CHOSEN)
    a_draft(citizen)
    a_filed_case(citizen)
    with_fewer_copies(folder)
    running = applications.count_running(CERTIFICATE, catalogue.load_folder(folder))
    assert (running.filed, running.drafts) == ({2: 1}, 2)
    assert {label.en: count for label, count in running.lost.items()} == {"Number of copies": 1}
    assert {label.en: count for label, count in running.asked.items()} == {"Number of copies": 1, "What it is for": 2}


def test_the_citizen_sees_the_difference_and_goes_on(citizen, folder, client):
    draft = a_draft(citizen, answers=CHOSEN)
    sign_in(client, citizen)
    assert client.get(reverse("portal:check", args=[draft.reference])).status_code == 200
    with_fewer_copies(folder)
    renew = reverse("portal:renew", args=[draft.reference])
    for name, names in (("resume", []), ("whom", []), ("check", []), ("questions", ["certificate"])):
        address = reverse(f"portal:{name}", args=[draft.reference, *names])
        assert client.get(address)["Location"] == renew
    said = client.get("/en" + renew).content.decode()
    client.get(renew)  # back in Arabic
    for words in (
        "The service changed since you began",
        "What it is for",
        "Number of copies",
        "We kept",
        "Please answer",
    ):
        assert words in said, words
    assert applications.get_own(draft.reference, citizen=citizen).service_version == 2  # looking changes nothing
    answer = client.post(renew, {"version": "3"})
    assert answer["Location"] == reverse("portal:resume", args=[draft.reference])
    assert applications.get_own(draft.reference, citizen=citizen).service_version == 3
    assert client.get(renew)["Location"] == reverse("portal:resume", args=[draft.reference])


def test_a_stranger_learns_nothing_of_a_draft(citizen, folder, client):
    draft = a_draft(citizen)
    with_fewer_copies(folder)
    sign_in(client, a_person_of_the_cast("900000118"))
    assert client.get(reverse("portal:renew", args=[draft.reference])).status_code == 404
