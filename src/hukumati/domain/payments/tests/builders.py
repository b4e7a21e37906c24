"""Charges and cashiers for tests: `a_charge()`, `a_cashier()`."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hukumati.domain.catalogue.facts import ChargeLine
from hukumati.domain.identity.models import Account
from hukumati.domain.payments import api as payments
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)
CITIZEN = Actor(ActorKind.CITIZEN, "P-2026-CITIZEN2")
TREASURER = Actor(ActorKind.STAFF, "W-2026-TREASUR2", roles=frozenset({"treasurer"}))
COPY = Text("نسخة", "Copy")
SERVICE = Text("نسخة من شهادة الميلاد", "Copy of a birth certificate")
_numbers = itertools.count(1)


def later(**span) -> datetime:
    return NOON + timedelta(**span)


def a_payer() -> int:
    number = next(_numbers)
    account = Account.objects.create(
        reference=f"P-2026-T{number:07d}",
        kind="citizen",
        login=f"9{number:08d}",
        joined_at=NOON,
        mobile="+970599000111",
    )
    return account.pk


def a_line(code="copy", unit=1000, quantity=2, currency="ILS", name=COPY):
    return ChargeLine(
        code=code,
        name=name,
        quantity=quantity,
        unit=Money(unit, currency),
        amount=Money(unit * quantity, currency),
        instrument="demo-tariff",
        article=f"art-{code}",
        revenue_account=f"revenue:interior:{code}",
    )


LAILA = Text("ليلى خالد محمود النجار", "Laila Khaled Mahmoud Al-Najjar")


def a_charge(
    *,
    about=None,
    payer=None,
    lines=None,
    expires_at=None,
    at=NOON,
    beneficiary=LAILA,
    ways=tuple(payments.Way),
    service="interior.birth_certificate_copy",
):
    """By default 2 copies at 10.00 and a stamp of 5.00: 25.00 together."""
    return payments.raise_charge(
        about or f"A-2026-TEST{next(_numbers):04d}",
        payer=payer or a_payer(),
        service=service,
        service_name=SERVICE,
        beneficiary=beneficiary,
        ways=ways,
        lines=lines or (a_line(), a_line("stamp", 500, 1, name=Text("طابع", "Stamp"))),
        expires_at=expires_at or at + timedelta(days=7),
        at=at,
    )


def a_cashier(number=None, *, office="ramallah-post", roles=("cashier",)) -> Actor:
    number = number or next(_numbers)
    return Actor(
        ActorKind.STAFF,
        f"W-2026-C{number:07d}",
        roles=frozenset(roles),
        institution="telecom",
        office=office,
        authenticated_by=("password", "totp"),
    )


def a_drawer(cashier: Actor, *, float_minor=0, at=NOON) -> str:
    return payments.open_drawer(office=cashier.office, float_minor=float_minor, by=cashier, at=at).reference


def start(charge, way=payments.Way.CARD, *, at=NOON, payer_mobile="+970599000111"):
    return payments.start_attempt(
        charge.reference,
        payments.Wish(way, return_url="http://127.0.0.1:8000/pay/return/", language="ar", payer_mobile=payer_mobile),
        by=CITIZEN,
        at=at,
    )


def a_cash_code(charge, *, at=NOON) -> str:
    return start(charge, payments.Way.CASH, at=at).pay_code


def pay_cash(charge, *, cashier=None, drawer=None, at=NOON):
    cashier = cashier or a_cashier()
    return payments.take_cash(a_cash_code(charge, at=at), drawer=drawer or a_drawer(cashier), by=cashier, at=at)
