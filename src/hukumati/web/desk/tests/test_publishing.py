"""The service owner's pages: proposals of one's own institutions, the difference, the decision of another person."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse as in_the_language_of_now
from django.utils.timezone import now
from django.utils.translation import override

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.tests.builders import AUTHOR, published
from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, actor_of, sign_in
from hukumati.domain.payments.tests.builders import a_charge, a_line, pay_cash
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
BIRTH = "interior.birth_certificate_copy"


def an_owner(institution="interior"):
    return a_staff(role=Role.SERVICE_OWNER, institution=institution, office="")


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(settings.SERVICES_DIR, tmp_path / "services")
    path = tmp_path / "services" / "interior" / "birth_certificate_copy"
    toml = path / "service.toml"
    toml.write_text(
        toml.read_text()
        .replace("version = 2", "version = 3")
        .replace("answer_within_working_days = 2", "answer_within_working_days = 4")
    )
    return path


@pytest.fixture
def proposal(folder):
    published(BIRTH)
    return catalogue.propose(folder, why="more time is needed", by=AUTHOR, at=now())


def reverse(name, **more):
    with override("ar"):
        return in_the_language_of_now(name, **more)


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_proposal_shows_what_it_changes_and_is_published_by_another(client, proposal, prefix):
    sign_in(client, an_owner())
    assert proposal.reference in client.get(prefix + reverse("desk:publishing")).content.decode()
    page = client.get(prefix + reverse("desk:proposal", args=[proposal.reference]))
    said = words_of(page)
    assert "more time is needed" in said
    assert ("from 2 days to 4 days" if prefix else "قبل: يومان، بعد: 4 أيام") in said
    assert "<svg" in page.content.decode()
    answer = client.post(reverse("desk:proposal_approve", args=[proposal.reference]))
    assert answer["Location"] == reverse("desk:service", args=[BIRTH])
    assert catalogue.get_published(BIRTH).version == 3
    assert "v3" in words_of(client.get(answer["Location"]))


def test_nobody_publishes_their_own_at_the_desk(client, folder):
    published(BIRTH)
    author = an_owner()
    mine = catalogue.propose(folder, why="mine", by=actor_of(author), at=now())
    sign_in(client, author)
    page = client.get(reverse("desk:proposal", args=[mine.reference])).content.decode()
    assert reverse("desk:proposal_approve", args=[mine.reference]) not in page
    client.post(reverse("desk:proposal_approve", args=[mine.reference]))
    assert catalogue.get_published(BIRTH).version == 2
    assert catalogue.find_waiting(BIRTH) == mine


def test_a_rejection_needs_its_reason(client, proposal):
    sign_in(client, an_owner())
    address = reverse("desk:proposal_reject", args=[proposal.reference])
    assert client.post(address, {"reason": " "}).status_code == 422
    assert catalogue.find_waiting(BIRTH) == proposal
    client.post(address, {"reason": "two days were promised in parliament"})
    assert catalogue.find_waiting(BIRTH) is None
    assert "two days were promised in parliament" in words_of(
        client.get(reverse("desk:proposal", args=[proposal.reference]))
    )


def test_another_institutions_owner_finds_nothing(client, proposal):
    sign_in(client, an_owner("transport"))
    for name, method in (("proposal", "get"), ("proposal_approve", "post"), ("proposal_reject", "post")):
        assert getattr(client, method)(reverse(f"desk:{name}", args=[proposal.reference])).status_code == 404
    assert client.get(reverse("desk:service", args=[BIRTH])).status_code == 404
    assert proposal.reference not in client.get(reverse("desk:publishing")).content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_service_shows_its_way_and_gives_it_to_a_modeller(client, proposal, prefix):
    sign_in(client, an_owner())
    page = client.get(prefix + reverse("desk:service", args=[BIRTH])).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    bpmn = client.get(prefix + reverse("desk:service_bpmn", args=[BIRTH]))
    assert bpmn["Content-Disposition"].endswith(f'"{BIRTH}-v2.bpmn"')
    assert b"bpmn:process" in bpmn.content


def test_whoever_decides_sees_every_line_that_changes_also_one_that_no_sentence_tells(client, folder):
    published(BIRTH)
    reads = folder / "exchange.toml"
    reads.write_text(reads.read_text().replace("fresh_seconds = 3600", "fresh_seconds = 86400"))
    hidden = catalogue.propose(folder, why="the same for everybody", by=AUTHOR, at=now())
    sign_in(client, an_owner())
    page = client.get("/en" + reverse("desk:proposal", args=[hidden.reference])).content.decode()
    assert "Every line that changes, in 2 files" in page
    assert "+fresh_seconds = 86400" in page
    assert "<pre>" in page


def test_a_new_tariff_is_held_against_the_fees_that_were_paid(client, folder):
    """Two copies and a stamp were paid; the stamp would be dearer, and a line that is no more would be nothing."""
    published(BIRTH)
    for path in (folder / "fees.toml", folder / "tests" / "cases.toml"):
        path.write_text(
            re.sub(
                r"(amount_minor|fee_minor|fee) = (\d+)",
                lambda found: f"{found[1]} = {int(found[2]) * 2}",
                path.read_text(),
            )
        )
    changed = catalogue.propose(folder, why="a dearer tariff", by=AUTHOR, at=now())
    service = catalogue.get_published(BIRTH)
    one = service.fee_lines[0]
    line = a_line(one.code, one.unit.amount_minor, 3, name=one.name)
    gone = a_line("gone", 700, 1)
    pay_cash(a_charge(lines=(line, gone), at=now(), expires_at=now() + timedelta(days=3)), at=now())
    sign_in(client, an_owner())
    with override("en"):
        said = words_of(client.get("/en" + reverse("desk:proposal", args=[changed.reference])))
    paid = Money(one.unit.amount_minor * 3 + 700)
    assert f"{paid} ₪ were paid, and it would have been {Money(one.unit.amount_minor * 6)} ₪" in said


def test_without_paid_fees_nothing_is_compared(client, proposal):
    sign_in(client, an_owner())
    assert "The new tariff" not in words_of(client.get("/en" + reverse("desk:proposal", args=[proposal.reference])))
