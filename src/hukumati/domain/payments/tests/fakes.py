"""A provider in memory, with a truth of its own: what it says can be set, withheld or bent."""

from __future__ import annotations

import itertools
import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from hukumati.domain.payments.ports import (
    NoticeUnreadableError,
    NoticeWord,
    Outcome,
    PayerUnknownError,
    ProviderUnreachableError,
    RefundOutcome,
    RefundTold,
    SignatureInvalidError,
    Started,
    Told,
)
from hukumati.domain.payments.tests.builders import NOON

if TYPE_CHECKING:
    from datetime import date

    from hukumati.domain.payments.ports import AttemptRef, SettledLine

_ids = itertools.count(1)


class FakeProvider:
    def __init__(self):
        self.down = False
        self.lose_answers = False
        self.payments: dict[str, Outcome] = {}
        self.refunds: dict[str, RefundOutcome] = {}
        self.settled: dict[date, list[SettledLine]] = {}
        self.asked: list[str] = []
        self.gave_back_from: list[AttemptRef] = []
        self.before_look_up = lambda: None
        self.guard = threading.Lock()

    def _speak(self, what):
        self.asked.append(what)
        if self.down:
            raise ProviderUnreachableError("down")

    def _answer(self, answer):
        if self.lose_answers:
            raise ProviderUnreachableError("answer lost")
        return answer

    def start(self, request):
        self._speak("start")
        with self.guard:
            known = self.payments.get(request.reference)
            if known is None:
                known = self.payments[request.reference] = Outcome(
                    Told.WAITING,
                    request.reference,
                    f"pay_{next(_ids)}",
                    request.amount.amount_minor,
                    request.amount.currency,
                )
        return self._answer(self._started(known.payment_id))

    def _started(self, payment_id):
        return Started(payment_id, NOON + timedelta(minutes=15), f"http://bank/{payment_id}")

    def says(self, reference, told, **changes):
        old = self.payments[reference]
        facts = {name: getattr(old, name) for name in ("reference", "payment_id", "amount_minor", "currency")}
        more = {"paid_at": NOON, "card_last_four": "0015"} if told == Told.PAID else {"reason": f"because_{told}"}
        self.payments[reference] = Outcome(told, **(facts | more | changes))

    def look_up(self, attempt):
        self._speak("look_up")
        self.before_look_up()
        return self._answer(self.payments.get(attempt.reference, Outcome(Told.UNHEARD_OF)))

    def refund(self, attempt, *, amount, refund_reference):
        self._speak(f"refund {attempt.reference}")
        self.gave_back_from.append(attempt)
        with self.guard:
            if refund_reference not in self.refunds:
                self.refunds[refund_reference] = RefundOutcome(
                    RefundTold.TAKEN, f"ref_{next(_ids)}", refund_reference, amount.amount_minor
                )
        return self._answer(self.refunds[refund_reference])

    def refund_says(self, refund_reference, told, **changes):
        old = self.refunds[refund_reference]
        facts = {"refund_id": old.refund_id, "refund_reference": refund_reference, "amount_minor": old.amount_minor}
        self.refunds[refund_reference] = RefundOutcome(told, **(facts | changes))

    def look_up_refund(self, refund_id):
        self._speak("look_up_refund")
        return self._answer(next(said for said in self.refunds.values() if said.refund_id == refund_id))

    def list_settled(self, on):
        self._speak(f"list_settled {on}")
        return self._answer(self.settled.get(on, []))

    def notice(self, reference, *, notice_id="", kind="payment.paid", signature="good", **changes):
        """Bytes and headers as this provider would send them now."""
        said = self.payments.get(reference)
        body = {"notice_id": notice_id or f"ntc_{next(_ids)}", "kind": kind, "reference": reference}
        body |= (
            {"payment_id": said.payment_id, "amount_minor": said.amount_minor, "currency": said.currency}
            if said
            else {}
        )
        return {"body": json.dumps(body | changes).encode(), "headers": {"X-Signature": signature, "Cookie": "secret"}}

    def read_notice(self, notice):
        if notice.headers.get("x-signature") != "good":
            raise SignatureInvalidError
        try:
            return NoticeWord(**json.loads(notice.body))
        except (ValueError, TypeError) as fault:
            raise NoticeUnreadableError from fault


class FakeWallet(FakeProvider):
    """Asks a telephone instead of showing a page; some numbers have no wallet."""

    def start(self, request):
        if request.payer_mobile.endswith("00"):
            self._speak("start")
            raise PayerUnknownError("no_wallet")
        return super().start(request)

    def _started(self, payment_id):
        return Started(payment_id, NOON + timedelta(minutes=5))
