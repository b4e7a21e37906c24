"""Whatever is said of two payments of one fee, in whatever order and however often: the books end the same."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt, Receipt, Refund
from hukumati.domain.payments.ports import RefundTold, Told
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
from hukumati.kernel.money import Money
from hukumati.kernel.refusal import Refused

pytestmark = pytest.mark.django_db
COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
WORDS = (
    "first rings",
    "second rings",
    "first is asked",
    "second is asked",
    "refunds are sent",
    "money is on its way back",
)
TRIES_MAX = 12


class Fee:
    """A fee with two payments at the provider, both charged: the first had been called cancelled before."""

    def __init__(self, provider):
        self.provider, self.charge = provider, a_charge()
        self.first = self._attempt()
        provider.says(self.first, Told.CANCELLED)
        payments.look_up(self.first, at=NOON)
        self.second = self._attempt(at=later(minutes=1))
        for reference in (self.first, self.second):
            provider.says(reference, Told.PAID)
        self.clock = 0

    def _attempt(self, at=NOON):
        return start(self.charge, at=at).attempt_reference

    def hear(self, word):
        self.clock += 1
        at = later(minutes=5, seconds=self.clock)
        match word:
            case "first rings" | "second rings":
                about = self.first if word == "first rings" else self.second
                payments.take_notice("card", **self.provider.notice(about), at=at)
            case "first is asked" | "second is asked":
                payments.look_up(self.first if word == "first is asked" else self.second, at=at)
            case "refunds are sent":
                for row in Refund.objects.all():
                    payments.send_refund(row.reference, at=at)
            case "money is on its way back":
                for reference in self.provider.refunds:
                    self.provider.refund_says(reference, RefundTold.CONFIRMED)

    def settle(self):
        """What the clock does in the end. An ended attempt is asked about by its notice alone, which the provider repeats until it is taken."""
        for word in ("first rings", "second rings", *WORDS, "refunds are sent"):
            self.hear(word)


@settings(max_examples=12, **COMMON)
@given(words=st.lists(st.sampled_from(WORDS), max_size=TRIES_MAX))
def test_any_order_and_repetition_of_words_ends_in_one_receipt_and_one_refund(provider, words):
    with transaction.atomic():
        provider.refunds.clear()
        fee = Fee(provider)
        for word in words:
            fee.hear(word)
            assert ledger.check() == []  # at every step, not only at the end
        fee.settle()
        assert Receipt.objects.count() == 1
        assert [(one.cause, one.amount_minor, one.state) for one in Refund.objects.all()] == [
            ("paid_twice", 2500, "confirmed")
        ]
        assert ledger.balance("provider:card") == Money(2500)
        assert ledger.balance("refunds_payable") == Money(0)
        assert set(Attempt.objects.values_list("state", flat=True)) == {"paid"}
        assert payments.check() == []
        transaction.set_rollback(True)


@settings(max_examples=12, **COMMON)
@given(cuts=st.lists(st.integers(min_value=-10, max_value=2600), min_size=1, max_size=8))
def test_refunds_of_any_sizes_never_give_back_more_than_came(cuts):
    with transaction.atomic():
        charge, cashier = a_charge(), a_cashier()
        payments.take_cash(a_cash_code(charge), drawer=a_drawer(cashier), by=cashier, at=NOON)
        left = 2500
        for cut in cuts:
            try:
                given_ = payments.refund(charge.reference, amount=Money(cut), reason="r", by=TREASURER, at=NOON)
            except Refused:
                assert not 0 < cut <= left
                continue
            assert 0 < cut <= left
            assert given_.amount == Money(cut)
            left -= cut
        assert -ledger.balance("refunds_payable").amount_minor == 2500 - left
        earned = [one.amount_minor for one in ledger.list_balances("revenue:").values()]
        assert -sum(earned) == left
        assert all(one <= 0 for one in earned)  # no fee line gave more than it had
        assert payments.check() == ledger.check() == []
        transaction.set_rollback(True)
