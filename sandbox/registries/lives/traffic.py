"""Traffic fines. Articles and amounts are a demonstration's, no law's."""

import sqlite3
from collections.abc import Collection
from typing import Any

from sandbox.population import wordlists
from sandbox.registries.lives.draw import CURRENCY, day, dice, digits, is_cast, is_living_adult, said

ARTICLES = {
    "12/1": (15_000, "تجاوز السرعة المقررة", "Exceeding the speed limit"),
    "14/3": (10_000, "الوقوف في مكان ممنوع", "Parking where it is forbidden"),
    "17/2": (30_000, "عدم الالتزام بالإشارة الضوئية", "Disregarding a traffic light"),
    "21/1": (25_000, "استعمال الهاتف أثناء القيادة", "Using a telephone while driving"),
    "23/4": (20_000, "عدم ربط حزام الأمان", "Driving without a seat belt"),
}
_COUNTS, _COUNT_WEIGHTS = (0, 1, 2, 3), (68, 18, 10, 4)
_STATES, _STATE_WEIGHTS = ("unpaid", "paid", "disputed"), (50, 44, 6)


def fines(person: sqlite3.Row, *, settled: Collection[str]) -> list[dict[str, Any]]:
    """Newest first; those settled since read as paid."""
    rows = said(person, "fines", []) if is_cast(person) else _drawn(person)
    numbered = [
        {"number": f"7{digits(person)}{position}"} | _worded(row)
        for position, row in enumerate(sorted(rows, key=_day_of), start=1)
    ]
    told = [fine | {"state": "paid"} if fine["number"] in settled else fine for fine in numbered]
    return told[::-1]


def unpaid(known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that are to be paid now."""
    return [fine for fine in known if fine["state"] == "unpaid"]


def _day_of(row: dict[str, Any]) -> str:
    return str(row["on"])


def _drawn(person: sqlite3.Row) -> list[dict[str, Any]]:
    if person["licence"] is None or not is_living_adult(person):
        return []
    chance = dice(person, "fines")
    localities = [place[0] for place in wordlists.governorates()[person["governorate"]]["localities"]]
    return [
        {
            "on": day(chance, -700, -3).isoformat(),
            "place": chance.choice(localities),
            "article": chance.choice(list(ARTICLES)),
            "state": chance.choices(_STATES, _STATE_WEIGHTS)[0],
        }
        for _ in range(chance.choices(_COUNTS, _COUNT_WEIGHTS)[0])
    ]


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    amount, arabic, latin = ARTICLES[row["article"]]
    return {
        "on": row["on"],
        "place_ar": row["place"],
        "place_latin": wordlists.locality_latin()[row["place"]],
        "article": row["article"],
        "offence_ar": arabic,
        "offence_latin": latin,
        "amount_minor": amount,
        "currency": CURRENCY,
        "state": row["state"],
    }
