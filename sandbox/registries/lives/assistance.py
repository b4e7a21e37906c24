"""Social assistance: programmes with their quarterly payments, and social cases."""

import sqlite3
from datetime import date
from typing import Any

from sandbox.registries.lives.draw import CURRENCY, day, dice, is_cast, is_living_adult, said

PROGRAMMES = {
    "cash_transfer": ("برنامج التحويلات النقدية", "Cash transfer programme", 75_000),
    "food_support": ("برنامج الدعم الغذائي", "Food support programme", 30_000),
    "disability": ("دعم الأشخاص ذوي الإعاقة", "Support for people with disabilities", 60_000),
    "older_people": ("رعاية كبار السن", "Care for older people", 45_000),
}
STATES = ("active", "suspended", "ended")
PAYMENTS_MAX = 12
_PAY_DAY, _PAY_MONTHS = 15, (3, 6, 9, 12)
_CASE_SHARE, _LAPSED_SHARE, _ASSISTED_SHARE = 0.05, 0.02, 0.04


def social_case(person: sqlite3.Row, *, on: date) -> dict[str, Any]:
    """Whether the ministry knows the person as a social case on a day; one that lapsed keeps its end."""
    until = said(person, "social_case_until") if is_cast(person) else _case_until(person)
    return {"social_case": until is not None and until >= on.isoformat(), "valid_until": until}


def was_social_case(person: sqlite3.Row) -> bool:
    """Whether a file was ever opened: what the insurance goes by until somebody asks again."""
    return (said(person, "social_case_until") if is_cast(person) else _case_until(person)) is not None


def programmes(person: sqlite3.Row, *, on: date) -> dict[str, Any]:
    """The programmes of a person, and the last payments of all of them, newest first."""
    rows = said(person, "programmes", []) if is_cast(person) else _drawn(person)
    told, payments = [], []
    for row in rows:
        paid = _paid_days(row, on)
        told.append(_programme(row, paid, on))
        arabic, latin, amount = PROGRAMMES[row["code"]]
        payments += [
            {
                "on": each.isoformat(),
                "programme_ar": arabic,
                "programme_latin": latin,
                "amount_minor": amount,
                "currency": CURRENCY,
            }
            for each in paid
        ]
    payments.sort(key=lambda payment: str(payment["on"]), reverse=True)
    return {"programmes": told, "payments": payments[:PAYMENTS_MAX]}


def _programme(row: dict[str, Any], paid: list[date], on: date) -> dict[str, Any]:
    arabic, latin, amount = PROGRAMMES[row["code"]]
    return {
        "code": row["code"],
        "name_ar": arabic,
        "name_latin": latin,
        "state": row["state"],
        "amount_minor": amount,
        "currency": CURRENCY,
        "last_paid_on": paid[-1].isoformat() if paid else None,
        "next_on": _next_pay_day(on).isoformat() if row["state"] == "active" else None,
    }


def _drawn(person: sqlite3.Row) -> list[dict[str, Any]]:
    chance = dice(person, "assistance")
    assisted = chance.random() < _ASSISTED_SHARE or (_case_until(person) is not None and chance.random() < 0.7)
    if not assisted or not is_living_adult(person):
        return []
    codes = chance.sample(list(PROGRAMMES), chance.choice((1, 1, 1, 2)))
    return [_enrolment(code, chance.choices(STATES, (80, 10, 10))[0], chance) for code in codes]


def _enrolment(code: str, state: str, chance: Any) -> dict[str, Any]:
    since = day(chance, -2200, -200)
    row = {"code": code, "state": state, "since": since.isoformat()}
    return row if state == "active" else row | {"until": day(chance, -190, -20).isoformat()}


def _case_until(person: sqlite3.Row) -> str | None:
    chance = dice(person, "social_case")
    drawn = chance.random()
    if not is_living_adult(person) or person["employer"] or drawn >= _CASE_SHARE + _LAPSED_SHARE:
        return None
    return (day(chance, 200, 900) if drawn < _CASE_SHARE else day(chance, -500, -20)).isoformat()


def _paid_days(row: dict[str, Any], on: date) -> list[date]:
    """Pay days since the enrolment, at most as many as are ever told."""
    since = date.fromisoformat(row["since"])
    last = min(on, date.fromisoformat(row["until"])) if "until" in row else on
    days = [date(year, month, _PAY_DAY) for year in range(since.year, last.year + 1) for month in _PAY_MONTHS]
    return [each for each in days if since <= each <= last][-PAYMENTS_MAX:]


def _next_pay_day(on: date) -> date:
    days = (date(year, month, _PAY_DAY) for year in (on.year, on.year + 1) for month in _PAY_MONTHS)
    return next(each for each in days if each > on)
