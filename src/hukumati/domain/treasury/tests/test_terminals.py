"""The acquirer's list of the terminals against the slips that cashiers entered."""

from __future__ import annotations

from datetime import date

import pytest

from hukumati.domain.payments import api as payments
from hukumati.domain.payments.ports import SettledLine
from hukumati.domain.payments.tests.builders import NOON, a_charge
from hukumati.domain.payments.tests.test_slips import Desk, a_slip, refunded
from hukumati.domain.treasury import api as treasury

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
Kind = treasury.DifferenceKind


def line(number, minor=2500, *, kind="payment"):
    name = f"70000012-{number}"
    fee = 25 if kind == "payment" else 0
    return SettledLine(name, name, kind, minor, fee, "ILS", NOON, name if kind == "refund" else "")


def found(*lines):
    treasury.take_list(payments.ACQUIRER, DAY, lines, at=NOON)
    treasury.match(at=NOON)
    return [(one.kind, one.about) for one in treasury.list_differences()]


def test_a_slip_that_both_have_is_no_difference():
    desk = Desk()
    refund, code = refunded(desk.take(a_charge()))
    desk.give_back(refund, a_slip("210987654321"), code=code)
    assert found(line("123456789012"), line("210987654321", kind="refund")) == []


def test_a_slip_that_no_cashier_entered_is_found():
    assert found(line("555555555555")) == [(Kind.UNKNOWN_SETTLEMENT, "payment:70000012-555555555555")]


def test_another_sum_on_the_acquirers_list_is_found():
    Desk().take(a_charge())
    kinds = {kind for kind, _about in found(line("123456789012", 2400))}
    assert Kind.SETTLED_AMOUNT in kinds


def test_a_slip_that_the_acquirer_never_lists_is_found_after_its_days():
    Desk().take(a_charge())
    treasury.match(at=NOON.replace(day=30))
    assert [one.kind for one in treasury.list_differences()] == [Kind.MISSING_SETTLEMENT]
