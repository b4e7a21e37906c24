"""Telling the merchant: signed, repeated until taken, and spoiled on request."""

import asyncio
import hashlib
import hmac
import json
import sqlite3
import time
from typing import Any
from uuid import uuid4

from sandbox import moments
from sandbox.card_gateway.cards import known_cards
from sandbox.card_gateway.store import GatewayStore
from sandbox.faults import Faults
from sandbox.outbound import post_bytes

TRIES_MAX = 8
ANSWER_SECONDS_MAX = 5
FIRST_PAUSE_SECONDS = 0.5
# With `reorder`, a notice waits for a later one to overtake it, but not for ever.
HOLD_SECONDS_MAX = 8.0
OVERTAKEN_SECONDS = 1.0
AT_ONCE_MAX = 8
# Telephones whose wallet is closed by the time that something is to go back.
CLOSED_WALLET_ENDS_WITH = "99"


class Notices:
    """The queue of notices and the loop that sends them."""

    def __init__(self, store: GatewayStore, faults: Faults, key: str) -> None:
        self.store, self.faults, self.key = store, faults, key.encode()
        self.woken = asyncio.Event()

    def wake(self) -> None:
        """Something new is to be done."""
        self.woken.set()

    def tell_payment(self, payment_id: str, kind: str) -> None:
        """Queue a notice about a payment."""
        self._queue(self.store.get_payment(payment_id), kind, {})

    def tell_refund(self, refund: sqlite3.Row, kind: str) -> None:
        """Queue a notice about a refund; the amount is the refund's."""
        facts = {name: refund[name] for name in ("refund_id", "refund_reference", "amount_minor", "state")}
        self._queue(self.store.get_payment(refund["payment_id"]), kind, facts)

    def _queue(self, payment: sqlite3.Row, kind: str, facts: dict[str, Any]) -> None:
        body: dict[str, Any] = {"notice_id": f"ntc_{uuid4().hex}", "type": kind}
        body |= {name: payment[name] for name in ("payment_id", "reference", "amount_minor", "currency", "state")}
        body |= {"occurred_at": moments.iso(moments.now()), "sequence": self.store.next_sequence(body["payment_id"])}
        body |= facts
        if self.faults["wrong"] == "amount":
            body["amount_minor"] += 100
        if self.faults["wrong"] == "currency":
            body["currency"] = "XTS"
        self.store.add_notice(
            {
                "notice_id": body["notice_id"],
                "payment_id": body["payment_id"],
                "type": kind,
                "sequence": body["sequence"],
                "body": json.dumps(body, ensure_ascii=False),
                "state": "dropped" if self.faults["drop"] else "waiting",
                "due_at": self._due_at(),
                "copies": 2 if self.faults["double"] else 1,
                "forged": int(self.faults["forge"]),
                "held": int(self.faults["reorder"]),
            }
        )
        self.wake()

    def _due_at(self) -> float:
        now = time.time()
        if not self.faults["reorder"]:
            return now + float(self.faults["delay_seconds"])
        held = [row for row in self.store.waiting_notices() if row["held"]]
        if not held:
            return now + HOLD_SECONDS_MAX
        for row in held:
            self.store.change_notice(row["notice_id"], due_at=now + OVERTAKEN_SECONDS, held=0)
        return now

    async def send_for_ever(self) -> None:
        """Sleeps until something is due; ends by cancellation."""
        while True:
            self.woken.clear()
            self._settle_refunds()
            now = time.time()
            waiting = self.store.waiting_notices()
            due = [row for row in waiting if row["due_at"] <= now][:AT_ONCE_MAX]
            if due:
                await asyncio.gather(*(self._send(row) for row in due))
                continue
            pauses = [row["due_at"] - now for row in waiting[:1]]
            pauses += [0.2 for _ in self.store.pending_refunds()[:1]]
            try:
                async with asyncio.timeout(min(pauses) if pauses else None):
                    await self.woken.wait()
            except TimeoutError:
                continue

    def _settle_refunds(self) -> None:
        now = moments.now()
        for refund in self.store.pending_refunds():
            if moments.from_iso(refund["due_at"]) > now:
                continue
            state = "failed" if self._fails(refund["payment_id"]) else "paid"
            with self.store.transaction():
                self.store.settle_refund(refund["refund_id"], state, at=now)
                self.tell_refund(self.store.get_refund(refund["refund_id"]), f"refund.{state}")

    def _fails(self, payment_id: str) -> bool:
        push = self.store.find_push(payment_id)
        if push is not None:
            return str(push["mobile"]).endswith(CLOSED_WALLET_ENDS_WITH)
        return known_cards()[self.store.get_payment(payment_id)["card_number"]].outcome == "refund_fails"

    async def _send(self, notice: sqlite3.Row) -> None:
        raw = notice["body"].encode()
        if notice["forged"] and notice["tries"] == 0:
            await self._post(notice["notice_url"], _forgery(raw), self._signature(raw, b"not the key"))
        taken, status = True, 0
        for _ in range(notice["copies"]):
            status = await self._post(notice["notice_url"], raw, self._signature(raw, self.key))
            taken = taken and 200 <= status < 300
        tries = notice["tries"] + 1
        if taken:
            values: dict[str, Any] = {"state": "delivered"}
        elif tries >= TRIES_MAX:
            values = {"state": "given_up"}
        else:
            values = {"due_at": time.time() + FIRST_PAUSE_SECONDS * 2 ** notice["tries"]}
        self.store.change_notice(notice["notice_id"], tries=tries, last_status=status, **values)

    async def _post(self, url: str, raw: bytes, signature: str) -> int:
        headers = {"X-Gateway-Signature": signature}
        answer = await post_bytes(url, raw, headers=headers, timeout_seconds=ANSWER_SECONDS_MAX)
        return answer.status

    def _signature(self, raw: bytes, key: bytes) -> str:
        return sign(raw, key, at=int(time.time()))


def sign(raw: bytes, key: bytes, *, at: int) -> str:
    """t=<unix>,v1=<hex HMAC-SHA256 of "t.body">."""
    digest = hmac.new(key, f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _forgery(raw: bytes) -> bytes:
    body = json.loads(raw)
    body |= {"notice_id": f"ntc_{uuid4().hex}", "type": "payment.paid", "state": "paid", "amount_minor": 1}
    return json.dumps(body, ensure_ascii=False).encode()
