"""What the run changes inside the processes it starts: cases that exist for their fee alone, slow moments, and at most one broken rule.

A rule is broken from outside, by replacing a function after the applications are loaded: the platform itself has no switch for it.
"""

from __future__ import annotations

import os
import secrets
import time
from typing import Any

from django.apps import AppConfig

BREAK = "HUKUMATI_FAULTS_BREAK"
# Between reading and writing: long enough for another process to come in between, if nothing holds it off.
SLOW_SECONDS = 0.04


class Inside(AppConfig):
    name = "benchmarks.faults"
    label = "faults"

    def ready(self) -> None:
        _know_fees_without_a_case()
        _slow_down_refunds()
        _let_one_account_pay_for_thousands()
        if rule := os.environ.get(BREAK, ""):
            RULES[rule]()


def _know_fees_without_a_case() -> None:
    """Most payments of the run are of a fee alone: nobody files ten thousand applications in ten minutes."""
    from hukumati.processes.applications.actions import progress
    from hukumati.processes.applications.models import Application

    def only_for_cases(verb: Any) -> Any:
        def told(reference: str, **facts: Any) -> None:
            if Application.objects.filter(reference=reference).exists():
                verb(reference, **facts)

        return told

    for name in ("confirm_payment", "expire", "tell_of_promised_refund", "tell_of_given_refund"):
        setattr(progress, name, only_for_cases(getattr(progress, name)))


def _let_one_account_pay_for_thousands() -> None:
    """Each process of payers pays as one citizen, who may have a dozen telephones asked in an hour."""
    from hukumati.domain.identity import api as identity
    from hukumati.domain.payments.actions import attempts

    attempts.PUSHES_BY_A_PAYER = identity.Allowance(amount_max=10**6, window_seconds=3600)


def _slow_down_refunds() -> None:
    from hukumati.domain.payments import rules

    split = rules.split_refund

    def slowly(left: Any, amount_minor: int) -> list[int]:
        time.sleep(SLOW_SECONDS)
        return split(left, amount_minor)

    rules.split_refund = slowly


# the rules, each broken alone
def no_lock() -> None:
    """Rows are read without a lock."""
    from hukumati.domain.payments.models import LockingQuerySet

    LockingQuerySet.locked = lambda self: self.order_by("pk")


def trust_notice() -> None:
    """A notice is believed as it stands: no signature, nobody asked."""
    from hukumati.adapters import payment_gateway
    from hukumati.domain.payments.actions import notices
    from hukumati.domain.payments.ports import Outcome, Told
    from hukumati.kernel.actor import provider

    def believe(_notice: Any, word: Any, *, at: Any) -> None:
        told = Told.PAID if word.kind == "payment.paid" else Told.WAITING
        attempt = notices.Attempt.objects.filter(reference=word.reference).first()
        if attempt is not None and not word.refund_reference:
            said = Outcome(told, word.reference, word.payment_id, word.amount_minor, word.currency, at)
            notices.settle(attempt.reference, said, by=provider("card"), at=at)

    payment_gateway._verify = lambda *_told, **_key: None  # noqa: SLF001
    notices._act_on = believe  # noqa: SLF001


def no_idempotency() -> None:
    """Each time a refund is asked for it is asked for anew, under another name."""
    from dataclasses import replace

    from hukumati.adapters.payment_gateway import _Gateway
    from hukumati.domain.payments.actions import refunds
    from hukumati.domain.payments.ports import ProviderUnreachableError

    refund, losing = _Gateway.refund, secrets.SystemRandom()

    def anew(self: Any, attempt: Any, *, amount: Any, refund_reference: str) -> Any:
        said = refund(self, attempt, amount=amount, refund_reference=f"{refund_reference}-{secrets.token_hex(4)}")
        if losing.random() < 0.5:
            raise ProviderUnreachableError("the answer was lost")
        return replace(said, refund_reference=refund_reference)

    _Gateway.refund = anew
    assert refunds.provider_of


def no_sweep() -> None:
    """Nobody asks after payments whose notice never came."""
    from hukumati.domain.payments import jobs

    jobs.list_attempts_due = lambda **_at: []
    jobs.notices.answer_waiting = lambda **_at: None


def no_way_back() -> None:
    """Money for a charge that is no longer open is kept in silence."""
    from hukumati.domain.payments.actions import settlement

    settlement.promise_back = lambda *_args, **_facts: None


RULES = {
    "no-lock": no_lock,
    "trust-notice": trust_notice,
    "no-idempotency": no_idempotency,
    "no-sweep": no_sweep,
    "no-way-back": no_way_back,
}
