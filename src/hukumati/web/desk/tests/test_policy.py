"""The payment policy at the desk: a change proposed, held against the past, released by another person; and what citizens then see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from hukumati.domain.identity.facts import Role
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.payments.tests.builders import a_charge, later, pay_cash
from hukumati.domain.policies import api as policies
from hukumati.domain.policies.tests.builders import load
from hukumati.processes.applications.tests.builders import published

pytestmark = pytest.mark.django_db
POLICY = "/en/desk/policy/"
COPY = "interior.birth_certificate_copy"
BASIS = {"instrument": "demo-payments", "article": "5", "reason": "Less cash at counters", "starts_on_day": ""}


def owner():
    return sign_in(Client(), a_staff(role=Role.POLICY_OWNER, institution="finance", office=""))


def typed(*ways, scope="*", **more):
    """`ways` in their order; the others are not allowed."""
    places = {f"{way}-place": str(place + 1) for place, way in enumerate(ways)}
    closed = {f"{way}-place": "0" for way in ("card", "wallet", "transfer", "cash", "terminal") if way not in ways}
    return {"scope": scope, **places, **closed, **BASIS, **more}


@pytest.fixture
def ruled():
    published(COPY)
    load(at=timezone.now())


def page_of(response):
    return response.content.decode()


def test_a_change_goes_from_one_person_to_another_and_then_to_everybody(ruled):
    now = timezone.now()
    pay_cash(a_charge(at=now, expires_at=now + (later(days=1) - later(days=0))), at=now)
    first, second = owner(), owner()
    assert "Propose a change" in page_of(first.get(POLICY))
    form = page_of(first.get(f"{POLICY}change/", {"scope": "*"}))
    assert 'name="cash-most_ILS"' in form
    said = typed("card", "wallet", "transfer", "cash", **{"cash-most_ILS": "20"})
    shown = first.post(f"{POLICY}change/", said, follow=True)
    page = page_of(shown)
    assert "All services: Cash, up to 20.00 ₪ (before: without limit)" in page
    assert "Another policy owner decides." in page
    assert "Release this version" not in page
    decided = page_of(second.get(f"{POLICY}2/"))
    assert "Payments that it would have turned away" in decided
    assert "Nobody decides" in page_of(first.post(f"{POLICY}2/release/", follow=True))
    assert "It is in force now" in page_of(second.post(f"{POLICY}2/release/", follow=True))
    kept = policies.get_version(2, at=timezone.now())
    assert (kept.standing, kept.back_test.turned_away, kept.back_test.stranded) == ("in_force", 1, 0)
    public = page_of(Client().get("/en/payment-policy/"))
    assert "up to 20.00 ₪" in public
    assert "Demonstration electronic payments regulation, article 5" in public


def test_a_rule_of_ones_own_is_added_and_dropped(ruled):
    first, second = owner(), owner()
    first.post(f"{POLICY}change/", typed("cash", scope=COPY))
    second.post(f"{POLICY}2/release/")
    assert policies.rule_for(policies.find_policy(at=timezone.now()), COPY).ways[0].way == "cash"
    dropped = first.post(f"{POLICY}change/", {"scope": COPY, "drop": "1", **BASIS}, follow=True)
    assert "no rule of its own any more" in page_of(dropped)
    second.post(f"{POLICY}3/release/")
    assert len(policies.find_policy(at=timezone.now()).rules) == 1


def test_a_version_that_would_leave_a_fee_without_a_way_is_not_released(ruled):
    owner().post(f"{POLICY}change/", typed("cash", **{"cash-most_ILS": "50"}))
    page = page_of(owner().post(f"{POLICY}2/release/", follow=True))
    assert "could then be paid by no way at all" in page
    assert policies.get_version(2, at=timezone.now()).standing == "waiting"


def test_a_rejection_needs_its_reason(ruled):
    owner().post(f"{POLICY}change/", typed("card"))
    second = owner()
    assert second.post(f"{POLICY}2/reject/", {"words": " "}).status_code == 422
    assert "What is in force stays" in page_of(second.post(f"{POLICY}2/reject/", {"words": "no"}, follow=True))
    assert "Reason of the rejection" in page_of(second.get(f"{POLICY}2/"))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cash-most_ILS": "lots"}, "Enter a sum"),
        ({"cash-most_ILS": "0"}, "Enter a sum"),
        ({"cash-most_ILS": "5.001"}, "Enter a sum"),
        ({"cash-most_ILS": "9" * 400}, "Enter a sum"),
        ({"cash-least_ILS": "50", "cash-most_ILS": "40"}, "This is less than the least"),
        ({"cash-place": "99"}, "f-cash-place-error"),
        ({"article": ""}, "f-article-error"),
        ({"reason": ""}, "f-reason-error"),
        ({"instrument": "nobody"}, "f-instrument-error"),
        ({"starts_on_day": "31", "starts_on_month": "2", "starts_on_year": "2027"}, "This date does not exist"),
        (
            {"cash-most_ILS": "9", "starts_on_day": "1", "starts_on_month": "1", "starts_on_year": "2020"},
            "begins after now",
        ),
        ({f"{way}-place": "0" for way in ("card", "wallet", "transfer", "cash")}, "allow at least one way"),
        ({}, "This says what the version before it says"),
    ],
)
def test_what_cannot_be_proposed_is_said_beside_what_was_typed(ruled, more, words):
    answer = owner().post(f"{POLICY}change/", typed("card", "wallet", "transfer", "cash", **more))
    assert answer.status_code == 422
    assert words in page_of(answer)
    assert policies.count_waiting() == 0


def test_a_scope_that_is_none_leads_back(ruled):
    assert owner().get(f"{POLICY}change/", {"scope": "../x"}).status_code == 302


def test_before_the_first_policy_every_page_stands():
    assert "No policy was released yet" in page_of(owner().get(POLICY))
    assert "No policy was released yet" in page_of(Client().get("/en/payment-policy/"))
    assert owner().get(f"{POLICY}change/", {"scope": "*"}).status_code == 302


def test_one_that_begins_later_is_told_and_can_be_withdrawn(ruled):
    year = str(timezone.localdate().year + 1)
    owner().post(f"{POLICY}change/", typed("card", "cash", starts_on_day="1", starts_on_month="3", starts_on_year=year))
    second = owner()
    assert "begins at the moment it names" in page_of(second.post(f"{POLICY}2/release/", follow=True))
    assert "Another version is coming" in page_of(Client().get("/en/payment-policy/"))
    assert "Withdrawn. What is in force" in page_of(second.post(f"{POLICY}2/withdraw/", follow=True))
    assert "Another version is coming" not in page_of(Client().get("/en/payment-policy/"))
