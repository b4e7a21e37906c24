"""Fees that were earned, a bank that holds them, and a bank that takes orders, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payouts import api as payouts
from hukumati.domain.payouts.ports import BankMail, BankUnreachableError
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.money import Money

EARNED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
AT = datetime(2026, 3, 4, 9, tzinfo=UTC)
FROM = payouts.PaidFrom("collection-ils", "PS92PALS000000000400123456702", "ILS", "Single collection account, shekel")
ONE = Actor(ActorKind.STAFF, "S-2026-AAAAAAAA", roles=frozenset({"treasurer"}))
OTHER = Actor(ActorKind.STAFF, "S-2026-BBBBBBBB", roles=frozenset({"treasurer"}))
IBANS = {
    "interior": "PS54PALS000000000400900000101",
    "health": "PS43PALS000000000400900000202",
    "transport": "PS32PALS000000000400900000303",
}
_numbers = iter(range(1, 10**6))


def moved(debit, credit, minor, *, at=EARNED_AT, currency="ILS"):
    number = next(_numbers)
    lines = [
        ledger.Line(account, Money(sign * minor, currency), f"A-{number}", "demo-tariff", "1")
        for account, sign in ((debit, 1), (credit, -1))
    ]
    return ledger.post(f"T-{number}", lines, kind="test", at=at)


def earned(minor, *, institution="interior", banked=True, at=EARNED_AT, currency="ILS"):
    """A fee that somebody paid, and that has come to the bank."""
    moved("provider:card", f"revenue:{institution}:certificates", minor, at=at, currency=currency)
    if banked:
        moved("bank:collection-ils", "provider:card", minor, at=at, currency=currency)


def closed(*, at=AT):
    return ledger.close_days(by=system("test"), at=at)


def registered(institution="interior", *, currency="ILS", valid_from=date(2026, 3, 1), iban=""):
    account = payouts.propose_beneficiary(
        institution,
        iban=iban or IBANS[institution],
        currency=currency,
        instrument="demo-revenue",
        article="4",
        valid_from=valid_from,
        by=ONE,
        at=AT,
    )
    return payouts.approve_beneficiary(account.reference, by=OTHER, at=AT)


def proposed(*, by=ONE, at=AT):
    return payouts.propose_payout(FROM, by=by, at=at)


def approved(payout=None, *, by=OTHER, at=AT):
    payout = payout or proposed()
    return payouts.approve_payout(payout.reference, FROM, by=by, at=at)


def later(**span):
    return AT + timedelta(**span)


class FakeBank:
    """Takes orders into memory; silent for as many calls as it is told."""

    orders: dict[str, bytes] = {}
    mail: list[BankMail] = []
    silent = 0

    def send_order(self, message_id, body):
        if FakeBank.silent:
            FakeBank.silent -= 1
            raise BankUnreachableError("silent")
        if FakeBank.orders.setdefault(message_id, body) != body:
            raise BankUnreachableError("another order under its id")

    def fetch(self, *, after, limit):
        if FakeBank.silent:
            FakeBank.silent -= 1
            raise BankUnreachableError("silent")
        return [one for one in FakeBank.mail if one.place > after][:limit]


def status(message_id, *, whole="ACSC", lines=()):
    """A pain.002 as a bank would write it."""
    words = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{code}</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        for reference, code in lines
    )
    return (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>S</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{message_id}</OrgnlMsgId><GrpSts>{whole}</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message_id}</OrgnlPmtInfId>{words}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()
