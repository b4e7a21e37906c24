"""How each kind of payment is made. Every function may be begun again after its process died, at any point, and ends in the same."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
from django.utils import timezone

from hukumati.domain.catalogue.facts import ChargeLine
from hukumati.domain.payments import api as payments
from hukumati.domain.treasury import api as treasury
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.money import Money
from hukumati.kernel.reference import ALPHABET
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from benchmarks.faults.plan import Item

COPY, STAMP = Text("نسخة", "Copy"), Text("طابع", "Stamp")
PAYS, DECLINES, SILENT, REFUND_FAILS = (
    "9970000000000015",
    "9970000000000031",
    "9970000000000064",
    "9970000000000072",
)
BANK_SECONDS_MAX = 4.0
PAUSE_SECONDS = 0.1
DECIDED = ("paid", "declined", "cancelled", "expired")
NOBODY = Actor(ActorKind.CITIZEN, "P-2026-FAULTS22")
TREASURER = Actor(ActorKind.STAFF, "W-2026-FAULTS2T", roles=frozenset({"treasurer"}))
YES, NO = {"pin": "1234"}, {"reject": "1"}


class NotYetError(Exception):
    """Something outside did not answer as hoped: begin the item again."""


@dataclass
class Payer:
    """One process of payers: who pays, at which clock, out of which drawer."""

    number: int
    account: int
    gateway_url: str
    gateway_file: Path
    clock: timedelta
    drawer: str = ""
    cashier: Actor = field(default=NOBODY)
    hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    def __post_init__(self) -> None:
        self.bank = httpx.Client(base_url=self.gateway_url, timeout=BANK_SECONDS_MAX, trust_env=False)
        self.book = sqlite3.connect(
            f"file:{self.gateway_file}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
        )
        self.cashier = Actor(
            ActorKind.STAFF,
            f"W-2026-FAULTS2{ALPHABET[self.number]}",
            roles=frozenset({"cashier"}),
            institution="telecom",
            office="ramallah-post",
            authenticated_by=("password", "totp"),
        )

    def now(self) -> datetime:
        return timezone.now() + self.clock

    def open_drawer(self) -> None:
        known = payments.find_open_drawer(self.cashier.id)
        self.drawer = (
            known.reference
            if known
            else payments.open_drawer(office="ramallah-post", float_minor=0, by=self.cashier, at=self.now()).reference
        )

    # verbs
    def charge(self, item: Item) -> payments.ChargeFacts:
        """The fee of this item, raised once however often the process dies."""
        known = payments.list_charges(item.about)
        if known:
            return known[0]
        return payments.raise_charge(
            item.about,
            payer=self.account,
            service="interior.birth_certificate_copy",
            service_name=COPY,
            beneficiary=Text("", ""),
            lines=_lines(item),
            ways=tuple(payments.Way),
            expires_at=self.now() + timedelta(days=7),
            at=self.now(),
        )

    def start(self, charge: payments.ChargeFacts, way: payments.Way, *, mobile: str = "") -> payments.Handoff:
        return payments.start_attempt(
            charge.reference,
            payments.Wish(way, return_url="http://127.0.0.1:9/", language="ar", payer_mobile=mobile),
            by=NOBODY,
            at=self.now(),
        )

    def pay_at_bank(self, hosted_url: str, card: str) -> str:
        """Type the card and the bank's code, until the bank's own book says how it ended."""
        payment_id = hosted_url.rpartition("/")[2]
        deadline = time.monotonic() + 60
        while (state := self.bank_says(payment_id)[0]) not in DECIDED:
            if time.monotonic() > deadline:
                raise NotYetError(f"the bank left {payment_id} {state}")
            try:
                self._step(payment_id, card)
            except httpx.HTTPError:
                time.sleep(PAUSE_SECONDS)
        return state

    def _step(self, payment_id: str, card: str) -> None:
        _, code, sends = self.bank_says(payment_id)
        if code is None and sends < 3:
            typed = {"number": card, "expiry": "12/39", "cvc": "123", "name": "SALMA"}
            answer = self.bank.post(f"/pay/{payment_id}", data=typed)
            _, code, sends = self.bank_says(payment_id)
        if code is None and sends >= 3:
            self.bank.post(f"/pay/{payment_id}/cancel", data={})
        elif code is not None:
            answer = self.bank.post(f"/pay/{payment_id}/challenge", data={"code": code})
            if answer.status_code == 503:
                time.sleep(PAUSE_SECONDS)
        elif answer.status_code == 503:
            time.sleep(PAUSE_SECONDS)

    def cancel_at_bank(self, hosted_url: str) -> None:
        payment_id = hosted_url.rpartition("/")[2]
        while self.bank_says(payment_id)[0] not in DECIDED:
            try:
                self.bank.post(f"/pay/{payment_id}/cancel", data={})
            except httpx.HTTPError:
                time.sleep(PAUSE_SECONDS)

    def answer_in_wallet(self, reference: str, mobile: str, **answer: str) -> str:
        """Say yes or no on the telephone, until the bank's own book says how it ended."""
        found = self.book.execute("select payment_id from payments where reference = ?", (reference,)).fetchone()
        if found is None:
            raise NotYetError("no telephone was asked")
        deadline = time.monotonic() + 60
        while (state := self.bank_says(found[0])[0]) not in DECIDED:
            if time.monotonic() > deadline:
                raise NotYetError(f"the wallet left {found[0]} {state}")
            try:
                if self.bank.post(f"/wallet/{mobile}/{found[0]}", data=answer).status_code == 503:
                    time.sleep(PAUSE_SECONDS)
            except httpx.HTTPError:
                time.sleep(PAUSE_SECONDS)
        return state

    def order_transfer(self, code: str, amount: Money, *, times: int = 1) -> None:
        """At one's own bank; what was ordered before this process died is not ordered again."""
        while len(self._transfers(code)) < times:
            try:
                answer = self.bank.post("/bank/transfers", data={"text": code, "amount": str(amount).replace(",", "")})
                if answer.status_code == 503:
                    time.sleep(PAUSE_SECONDS)
            except httpx.HTTPError:
                time.sleep(PAUSE_SECONDS)

    def bring_notices(self, code: str) -> None:
        """The treasury takes what the bank tells of these transfers; what was taken before changes nothing."""
        for number in self._transfers(code):
            try:
                told = self.bank.get(f"/bank/notices/{number}.xml")
            except httpx.HTTPError as fault:
                raise NotYetError("the bank tells nothing now") from fault
            if told.status_code != 200:
                raise NotYetError("the bank tells nothing now")
            treasury.take_file(told.content, name=f"notice-{number}.xml", by=TREASURER, at=self.now())

    def _transfers(self, code: str) -> list[int]:
        return [row[0] for row in self.book.execute("select number from transfers where text = ?", (code,))]

    def bank_says(self, payment_id: str) -> tuple[str, str | None, int]:
        found = self.book.execute(
            "select state, challenge_code, challenge_sends from payments where payment_id = ?", (payment_id,)
        ).fetchone()
        if found is None:
            raise NotYetError("the bank does not know it")
        return found

    def hand_over(self, code: str) -> int:
        """Notes on the counter: what the cashier kept of them. Kept only against a receipt."""
        try:
            receipt = payments.take_cash(code, drawer=self.drawer, by=self.cashier, at=self.now())
        except payments.FeeAlreadyPaid:
            return 0
        return receipt.total.amount_minor


def _lines(item: Item) -> tuple[ChargeLine, ...]:
    def line(code: str, name: Text, unit: int, quantity: int) -> ChargeLine:
        money = Money(unit, item.currency)
        return ChargeLine(
            code, name, quantity, money, money * quantity, "demo-tariff", f"art-{code}", f"revenue:interior:{code}"
        )

    return line("copy", COPY, item.unit_minor, item.copies), line("stamp", STAMP, item.stamp_minor, 1)


def _by_card(payer: Payer, charge: payments.ChargeFacts, card: str) -> str:
    """Open the bank's page and pay, unless it is paid already."""
    try:
        handoff = payer.start(charge, payments.Way.CARD)
    except (payments.FeeAlreadyPaid, payments.ChargeVoid):
        return "paid"
    return payer.pay_at_bank(handoff.redirect_url, card)


def _until_paid(payer: Payer, item: Item, card: str) -> int:
    while _by_card(payer, payer.charge(item), card) != "paid":
        time.sleep(PAUSE_SECONDS)
    return 0


# the kinds: each returns the cash that was handed over
def card(payer: Payer, item: Item) -> int:
    return _until_paid(payer, item, PAYS)


def card_silent(payer: Payer, item: Item) -> int:
    """Charged; then neither page nor notice says so."""
    return _until_paid(payer, item, SILENT)


def card_declined_first(payer: Payer, item: Item) -> int:
    _by_card(payer, payer.charge(item), DECLINES)
    return _until_paid(payer, item, PAYS)


def _by_wallet(payer: Payer, item: Item, answer: dict[str, str]) -> str:
    """Have the telephone asked and answer there, unless it is paid already."""
    try:
        handoff = payer.start(payer.charge(item), payments.Way.WALLET, mobile=item.mobile)
    except payments.FeeAlreadyPaid:
        return "paid"
    return payer.answer_in_wallet(handoff.attempt_reference, item.mobile, **answer)


def wallet(payer: Payer, item: Item) -> int:
    while _by_wallet(payer, item, YES) != "paid":
        time.sleep(PAUSE_SECONDS)
    return 0


def wallet_rejected_first(payer: Payer, item: Item) -> int:
    _by_wallet(payer, item, NO)
    return wallet(payer, item)


def wallet_and_cash_at_once(payer: Payer, item: Item) -> int:
    """On the telephone and at the counter, in the same moment."""
    charge = payer.charge(item)
    try:
        handoff = payer.start(charge, payments.Way.WALLET, mobile=item.mobile)
        code = payer.start(charge, payments.Way.CASH).pay_code
    except payments.FeeAlreadyPaid:
        return _handed_before(payer, item)
    on_phone = payer.hands.submit(payer.answer_in_wallet, handoff.attempt_reference, item.mobile, **YES)
    try:
        return payer.hand_over(code)
    finally:
        on_phone.result()


def transfer(payer: Payer, item: Item, *, times: int = 1) -> int:
    charge = payer.charge(item)
    codes = [one.pay_code for one in payments.list_attempts(charge.reference) if one.way == payments.Way.TRANSFER]
    try:
        code = codes[0] if codes else payer.start(charge, payments.Way.TRANSFER).pay_code
    except payments.FeeAlreadyPaid:
        return 0
    payer.order_transfer(code, charge.total, times=times)
    payer.bring_notices(code)
    return 0


def transfer_twice(payer: Payer, item: Item) -> int:
    """The bank's app was slow, so the order was given again: the second goes back."""
    return transfer(payer, item, times=2)


def cash(payer: Payer, item: Item) -> int:
    try:
        code = payer.start(payer.charge(item), payments.Way.CASH).pay_code
    except payments.FeeAlreadyPaid:
        return _handed_before(payer, item)
    return payer.hand_over(code)


def _handed_before(payer: Payer, item: Item) -> int:
    """Paid already: with notes, when this process died between the receipt and its own note of it."""
    attempts = payments.list_attempts(payer.charge(item).reference)
    codes = [one.pay_code for one in attempts if one.way == payments.Way.CASH]
    return payer.hand_over(codes[-1]) if codes else 0


def cancelled_then_cash(payer: Payer, item: Item) -> int:
    try:
        payer.cancel_at_bank(payer.start(payer.charge(item), payments.Way.CARD).redirect_url)
    except payments.FeeAlreadyPaid:
        return _handed_before(payer, item)
    return cash(payer, item)


def both_at_once(payer: Payer, item: Item) -> int:
    """At the bank's page and at the counter, in the same moment."""
    charge = payer.charge(item)
    try:
        online = payer.start(charge, payments.Way.CARD)
        code = payer.start(charge, payments.Way.CASH).pay_code
    except payments.FeeAlreadyPaid:
        return _handed_before(payer, item)
    at_bank = payer.hands.submit(payer.pay_at_bank, online.redirect_url, PAYS)
    try:
        return payer.hand_over(code)
    finally:
        at_bank.result()


def voided_while_paying(payer: Payer, item: Item) -> int:
    """The case ends while the payer types the code: whatever was charged goes back."""
    charge = payer.charge(item)
    try:
        hosted = payer.start(charge, payments.Way.CARD).redirect_url
    except (payments.FeeAlreadyPaid, payments.ChargeVoid):
        return 0
    at_bank = payer.hands.submit(payer.pay_at_bank, hosted, PAYS)
    try:
        payments.void_charge(charge.reference, reason="withdrawn", by=system("faults"), at=payer.now())
    except payments.FeeAlreadyPaid:
        pass
    finally:
        at_bank.result()
    return 0


def refunded_by_two(payer: Payer, item: Item) -> int:
    """Two clerks give two thirds back, at once: only one can."""
    _wait_for_receipt(payer, item, PAYS)
    charge = payer.charge(item)
    two_thirds = Money(item.total_minor * 2 // 3, item.currency)
    given = [payer.hands.submit(_refund, charge.reference, two_thirds, payer, clerk) for clerk in (2, 3)]
    for one in given:
        one.result()
    return 0


def refund_fails(payer: Payer, item: Item) -> int:
    """The bank takes the refund and fails it later: the money is still owed."""
    _wait_for_receipt(payer, item, REFUND_FAILS)
    _refund(payer.charge(item).reference, Money(item.total_minor, item.currency), payer, 2)
    return 0


def leaves(payer: Payer, item: Item) -> int:
    """Opens the bank's page, and is never seen again."""
    payer.start(payer.charge(item), payments.Way.CARD)
    return 0


def _wait_for_receipt(payer: Payer, item: Item, card: str) -> None:
    _until_paid(payer, item, card)
    deadline = time.monotonic() + 1
    while payer.charge(item).state != payments.ChargeState.PAID:
        for attempt in payments.list_attempts(payer.charge(item).reference):
            payments.look_up(attempt.reference, at=timezone.now())
        if time.monotonic() > deadline:
            raise NotYetError("no receipt yet")
        time.sleep(PAUSE_SECONDS)


def _refund(charge: str, amount: Money, payer: Payer, clerk: int) -> None:
    by = Actor(ActorKind.STAFF, f"W-2026-CLERKS2{clerk}", roles=frozenset({"treasurer"}))
    try:
        payments.refund(charge, amount=amount, reason="fault run", by=by, at=payer.now())
    except payments.RefundTooLarge:
        return


KINDS: dict[str, Callable[[Payer, Item], Any]] = {
    made.__name__: made
    for made in (
        card, card_silent, card_declined_first, wallet, wallet_rejected_first, wallet_and_cash_at_once, transfer,
        transfer_twice, cash, cancelled_then_cash, both_at_once, voided_while_paying, refunded_by_two, refund_fails, leaves,
    )
}  # fmt: skip
