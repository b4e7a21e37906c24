"""A charge that ends while it is paid, and two words about one payment: each race is first shown with the lock taken away."""

from __future__ import annotations

import pytest

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments import rules
from hukumati.domain.payments.actions import charges, settlement
from hukumati.domain.payments.models import Charge, Notice, Receipt, Refund
from hukumati.domain.payments.ports import Outcome, Told
from hukumati.domain.payments.tests.builders import (
    NOON,
    TREASURER,
    a_cash_code,
    a_cashier,
    a_charge,
    a_drawer,
    later,
    start,
)
from hukumati.domain.payments.tests.test_races import at_once, books_agree, faults, lock, meeting  # noqa: F401
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db(transaction=True)
CLOCK = system("payments.expire_charges")
SECOND_TREASURER = Actor(ActorKind.STAFF, "W-2026-TREASUR3", roles=frozenset({"treasurer"}))


def paid_at_bank(provider, **more):
    charge = a_charge(**more)
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    return charge, reference


def test_two_notices_of_one_payment_at_once_make_one_receipt(provider, monkeypatch, lock):  # noqa: F811
    _, reference = paid_at_bank(provider)
    with meeting(monkeypatch, settlement.numbers, "reference"):
        answers = at_once(
            *[
                lambda name=name: payments.take_notice("card", **provider.notice(reference, notice_id=name), at=NOON)
                for name in ("n1", "n2")
            ]
        )
    assert Notice.objects.count() == 2
    assert Receipt.objects.count() == 1
    assert bool(faults(answers)) == (lock == "unlocked")  # without the lock one of the two callers gets a fault of ours
    assert books_agree()


def test_a_code_that_runs_out_while_it_is_paid_is_paid_or_has_run_out(monkeypatch, lock):  # noqa: F811
    charge, cashier = a_charge(expires_at=later(hours=1)), a_cashier()
    drawer, code = a_drawer(cashier), a_cash_code(charge)
    real = charges.close_codes
    with meeting(monkeypatch, settlement.numbers, "reference"), monkeypatch.context() as patch:

        def close(*facts, **more):
            settlement.numbers.reference("R", at=NOON)  # meets the cashier, who has read the charge as open
            return real(*facts, **more)

        patch.setattr(charges, "close_codes", close)
        taken, ended = at_once(
            lambda: payments.take_cash(code, drawer=drawer, by=cashier, at=NOON),
            lambda: payments.expire_charges(by=CLOCK, at=later(hours=2)),
        )
    held = ledger.balance(f"drawer:{drawer}")
    state = Charge.objects.get().state
    if lock == "unlocked":
        # Both went by what they had read: a charge that was told to have run out is paid, or a guard of the database stood in the way.
        assert faults([taken, ended]) or (ended, state) == (1, "paid")
        return
    assert not faults([taken, ended])
    assert (state, held, Receipt.objects.count()) in {("paid", Money(2500), 1), ("expired", Money(0), 0)}
    assert books_agree()


def test_a_fee_withdrawn_while_it_is_paid_is_kept_or_goes_back_whole(provider, monkeypatch, lock):  # noqa: F811
    charge, reference = paid_at_bank(provider)
    with meeting(monkeypatch, rules, "judge"), monkeypatch.context() as patch:
        real = charges._close

        def close(*facts, **more):
            rules.judge(ASKED, SAID)  # meets whoever settles, who has read the charge as open
            return real(*facts, **more)

        patch.setattr(charges, "_close", close)
        answers = at_once(
            lambda: payments.take_notice("card", **provider.notice(reference), at=NOON),
            lambda: payments.void_charge(charge.reference, reason="withdrawn", by=TREASURER, at=NOON),
        )
    state = Charge.objects.get().state
    if lock == "unlocked":
        # Whoever wrote last won: the fee that was withdrawn is paid all the same, or a guard of the database stood in the way.
        assert faults(answers) or (answers[1].state, state) == ("void", "paid")
        return
    assert not faults(answers)
    ends = (state, Receipt.objects.count(), Refund.objects.count())
    assert ends in {("paid", 1, 0), ("void", 0, 1)}
    assert ledger.balance("provider:card") == Money(2500)
    assert books_agree()


def test_two_people_cannot_give_one_fee_back(provider, monkeypatch, lock):  # noqa: F811
    charge, reference = paid_at_bank(provider)
    payments.look_up(reference, at=NOON)
    with meeting(monkeypatch, rules, "split_refund"):
        answers = at_once(
            *[
                lambda by=by: payments.refund(charge.reference, amount=Money(1700), reason="r", by=by, at=NOON)
                for by in (TREASURER, SECOND_TREASURER)
            ]
        )
    promised = sum(Refund.objects.values_list("amount_minor", flat=True))
    if lock == "unlocked":
        assert promised == 3400  # of 25.00 that came in
        return
    assert promised == 1700
    assert sorted(type(answer).__name__ for answer in answers) == ["RefundFacts", "RefundTooLarge"]
    assert books_agree()


ASKED = rules.Asked("T-2026-MEETING2", Money(1), payments.AttemptState.OPEN, suspended=True)
SAID = Outcome(Told.WAITING)
