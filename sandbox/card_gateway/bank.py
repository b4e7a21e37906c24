"""What happens to a payment: the card, the challenge, the charge, the refund. Every change writes its notice."""

import secrets
import sqlite3
from datetime import datetime, timedelta
from typing import Any

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.card_gateway.cards import Card, known_cards
from sandbox.card_gateway.notices import Notices
from sandbox.card_gateway.store import OPEN_STATES, GatewayStore
from sandbox.faults import Faults

TRIES_MAX = 3
WALLET_PIN = "1234"
EMPTY_WALLET_PIN = "0000"
SENDS_MAX = 3
CODE_LIFE = timedelta(minutes=5)
PAYMENT_LIFE = timedelta(minutes=15)
PUSH_LIFE = timedelta(minutes=5)


class Bank:
    """The verbs of the gateway."""

    def __init__(self, store: GatewayStore, notices: Notices, faults: Faults) -> None:
        self.store, self.notices, self.faults = store, notices, faults

    def open_payment(
        self, asked: dict[str, Any], *, key: str, digest: str, at: datetime, mobile: str = ""
    ) -> tuple[sqlite3.Row, bool]:
        """A payment that waits for its payer, for a while, on the hosted page or in a wallet; and whether it is new."""
        life = timedelta(seconds=self.faults["life_seconds"]) or (PUSH_LIFE if mobile else PAYMENT_LIFE)
        with self.store.transaction():
            return self.store.create_payment(asked, key=key, digest=digest, at=at, life=life, mobile=mobile)

    def present_card(self, payment_id: str, card: Card) -> sqlite3.Row:
        """A card is offered for an open payment: declined at once, or a challenge begins."""
        with self.store.transaction():
            self._open(payment_id)
            self.store.change_payment(
                payment_id, card_number=card.number, card_last4=card.last4, state="pending", challenge_tries=0
            )
            if card.outcome == "declined":
                self._decline(payment_id, "card_declined")
        return self.store.get_payment(payment_id)

    def new_code(self, payment_id: str, *, at: datetime) -> tuple[str, int] | None:
        """A fresh challenge code and its number, or None when enough were sent."""
        with self.store.transaction():
            payment = self._open(payment_id)
            if payment["challenge_sends"] >= SENDS_MAX:
                return None
            code = f"{secrets.randbelow(1_000_000):06}"
            sends = payment["challenge_sends"] + 1
            self.store.change_payment(
                payment_id, challenge_code=code, challenge_sends=sends, challenge_sent_at=moments.iso(at)
            )
        return code, sends

    def answer_challenge(self, payment_id: str, code: str, *, at: datetime) -> sqlite3.Row:
        """A code was typed: the right one charges, the third wrong one declines."""
        with self.store.transaction():
            payment = self._open(payment_id)
            if payment["state"] != "pending" or payment["challenge_code"] is None:
                raise Refusal(409, "no_challenge", "No challenge is waiting.")
            card = known_cards()[payment["card_number"]]
            if card.outcome == "challenge_fails" or not _is_right(payment, code, at):
                self._count_wrong(payment)
            elif card.outcome == "insufficient_funds":
                self._decline(payment_id, "insufficient_funds")
            else:
                self._charge(payment_id, at=at, silent=self.goes_silent(card))
        return self.store.get_payment(payment_id)

    def goes_silent(self, card: Card | None = None) -> bool:
        """Charged, and then neither page nor notice answers."""
        bent = card is not None and card.outcome == "charged_then_timeout"
        return bent or bool(self.faults["charge_then_timeout"])

    def approve(self, payment_id: str, pin: str, *, at: datetime) -> sqlite3.Row:
        """The wallet's owner typed the PIN: the right one charges, that of the empty wallet or the third wrong one declines."""
        with self.store.transaction():
            self._open(payment_id)
            if pin == WALLET_PIN:
                self._charge(payment_id, at=at, silent=self.goes_silent())
            elif pin == EMPTY_WALLET_PIN:
                self._decline(payment_id, "insufficient_funds")
            elif self.store.count_wrong_pin(payment_id) >= TRIES_MAX:
                self._decline(payment_id, "pin_wrong")
        return self.store.get_payment(payment_id)

    def reject(self, payment_id: str) -> sqlite3.Row:
        """The wallet's owner said no."""
        with self.store.transaction():
            self._open(payment_id)
            self._decline(payment_id, "rejected_by_payer")
        return self.store.get_payment(payment_id)

    def cancel(self, payment_id: str) -> sqlite3.Row:
        """The payer turned back."""
        with self.store.transaction():
            self._open(payment_id)
            self._end(payment_id, "cancelled", reason="cancelled_by_payer")
        return self.store.get_payment(payment_id)

    def refund(self, payment_id: str, reference: str, amount_minor: int, *, at: datetime) -> sqlite3.Row:
        """Promise to give money back."""
        with self.store.transaction():
            row = self.store.create_refund(payment_id, reference, amount_minor, at=at)
        self.notices.wake()
        return row

    def _open(self, payment_id: str) -> sqlite3.Row:
        payment = self.store.get_payment(payment_id)
        if payment["state"] not in OPEN_STATES:
            raise Refusal(409, "payment_ended", "This payment has ended.")
        return payment

    def _count_wrong(self, payment: sqlite3.Row) -> None:
        tries = payment["challenge_tries"] + 1
        self.store.change_payment(payment["payment_id"], challenge_tries=tries)
        if tries >= TRIES_MAX:
            self._decline(payment["payment_id"], "challenge_failed")

    def _charge(self, payment_id: str, *, at: datetime, silent: bool) -> None:
        self.store.change_payment(
            payment_id,
            state="paid",
            paid_at=moments.iso(at),
            auth_code=f"{secrets.randbelow(1_000_000):06}",
            challenge_code=None,
        )
        if not silent:
            self.notices.tell_payment(payment_id, "payment.paid")

    def _decline(self, payment_id: str, reason: str) -> None:
        self._end(payment_id, "declined", reason=reason)

    def _end(self, payment_id: str, state: str, *, reason: str) -> None:
        self.store.change_payment(payment_id, state=state, reason=reason, challenge_code=None)
        self.notices.tell_payment(payment_id, f"payment.{state}")


def _is_right(payment: sqlite3.Row, code: str, at: datetime) -> bool:
    sent_at = moments.from_iso(payment["challenge_sent_at"])
    return at - sent_at <= CODE_LIFE and secrets.compare_digest(code.encode(), payment["challenge_code"].encode())
