"""The payment policy rules what is begun, at the counter and online; what has begun goes on."""

from __future__ import annotations

import pytest

from hukumati.domain.payments import api as payments
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import NOON, a_cashier, a_charge, a_drawer, later, pay_cash, start
from hukumati.domain.policies import api as policies
from hukumati.domain.policies.tests.builders import a_policy, a_rule, a_way, load, rule
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
Way = payments.Way


def test_without_a_policy_the_services_own_ways_hold():
    assert payments.terms_of(a_charge(ways=("cash", "card")), at=NOON).open == ("cash", "card", "terminal")


def test_the_policy_sets_the_order_and_closes_what_it_does_not_name(provider):
    load("cash", "card")
    charge = a_charge()
    said = payments.terms_of(charge, at=NOON)
    assert said.open == ("cash", "card")
    assert [one.way for one in said.closed] == ["transfer", "terminal"]
    with pytest.raises(payments.WayClosed) as refused:
        start(charge, Way.TRANSFER)
    assert refused.value.others == (Way.CASH, Way.CARD)
    assert start(charge).redirect_url


def test_a_limit_closes_a_way_for_greater_fees_only():
    load(a_way("cash", at_most={"ILS": 2499}), "card")
    with pytest.raises(payments.WayClosed) as refused:
        start(a_charge(), Way.CASH)
    assert (refused.value.bar, refused.value.limit) == (policies.Bar.TOO_MUCH, Money(2499))
    rule(a_policy(a_way("cash", at_most={"ILS": 2500}), "card"), at=NOON)
    assert pay_cash(a_charge()).total == Money(2500)


def test_a_code_at_the_counter_obeys_a_policy_that_came_since():
    load()
    charge, cashier = a_charge(), a_cashier()
    code = start(charge, Way.CASH).pay_code
    drawer = a_drawer(cashier)
    rule(a_policy("card"), at=later(minutes=1))
    with pytest.raises(payments.WayClosed):
        payments.take_cash(code, drawer=drawer, by=cashier, at=later(minutes=2))
    assert payments.get_charge(charge.reference).state == payments.ChargeState.OPEN


def test_what_was_begun_before_is_settled_all_the_same(provider):
    load()
    charge = a_charge()
    handoff = start(charge)
    rule(a_policy("cash"), at=later(minutes=1))
    provider.says(handoff.attempt_reference, Told.PAID)
    payments.look_up(handoff.attempt_reference, at=later(minutes=2))
    assert payments.get_charge(charge.reference).state == payments.ChargeState.PAID


def test_one_service_may_have_a_rule_of_its_own():
    load("card", more=(a_rule("interior.birth_certificate_copy", "cash"),))
    assert payments.terms_of(a_charge(), at=NOON).open == ("cash",)
    assert payments.terms_of(a_charge(service="health.insurance_renewal"), at=NOON).open == ("card",)
    assert payments.terms_of(a_charge(service=""), at=NOON).open == ("card",)


def test_the_payments_of_the_past_are_told_by_service_way_and_sum():
    pay_cash(a_charge())
    pay_cash(a_charge())
    pay_cash(a_charge(service="health.insurance_renewal"))
    a_charge()
    told = payments.list_volumes(since=NOON, until=later(days=1))
    assert [(one.service, one.way, one.amount, one.count) for one in told] == [
        ("health.insurance_renewal", "cash", Money(2500), 1),
        ("interior.birth_certificate_copy", "cash", Money(2500), 2),
    ]
    assert payments.list_volumes(since=later(days=1), until=later(days=2)) == []
    (lost,) = policies.back_test(
        a_policy("card", more=(a_rule("health", "cash"),)),
        told,
        offered={"interior.birth_certificate_copy": ("card", "cash")},
        since=NOON,
        until=later(days=1),
    ).lost
    assert (lost.service, lost.count, lost.amount_minor, lost.stranded) == (
        "interior.birth_certificate_copy",
        2,
        5000,
        0,
    )
