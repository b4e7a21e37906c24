"""Test cards, and what a person may type as a card."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sandbox.bodies import latin_digits


@dataclass(frozen=True)
class Card:
    """One test card."""

    number: str
    mobile: str
    outcome: str
    meaning_en: str
    meaning_ar: str

    @property
    def last4(self) -> str:
        """What a receipt may show."""
        return self.number[-4:]


@dataclass(frozen=True)
class Typed:
    """What was typed, cleaned."""

    number: str
    expiry: str
    cvc: str
    name: str


@cache
def known_cards() -> dict[str, Card]:
    """Cards by number."""
    rows = tomllib.loads((Path(__file__).parent / "cards.toml").read_text(encoding="utf-8"))["card"]
    return {row["number"]: Card(**row) for row in rows}


def clean(number: str, expiry: str, cvc: str, name: str) -> Typed:
    """Spaces, dashes and Arabic digits are accepted."""
    month_and_year = re.sub(r"[^0-9/]", "", latin_digits(expiry)[:20].replace("-", "/"))
    if re.fullmatch(r"[0-9]{4}", month_and_year):
        month_and_year = f"{month_and_year[:2]}/{month_and_year[2:]}"
    return Typed(
        number=re.sub(r"[\s\-\u200e\u200f]", "", latin_digits(number)[:40]),
        expiry=month_and_year,
        cvc=latin_digits(cvc)[:8].strip(),
        name=" ".join(name[:80].split()),
    )


def faults_in(typed: Typed, today: date) -> dict[str, str]:
    """Field to text key of what is wrong with it."""
    wrong = {}
    if not re.fullmatch(r"[0-9]{16}", typed.number) or not _luhn(typed.number):
        wrong["number"] = "number_invalid"
    elif typed.number not in known_cards():
        wrong["number"] = "number_not_test"
    if not re.fullmatch(r"(0?[1-9]|1[0-2])/(20)?[0-9]{2}", typed.expiry):
        wrong["expiry"] = "expiry_invalid"
    elif _ended(typed.expiry, today):
        wrong["expiry"] = "expiry_past"
    if not re.fullmatch(r"[0-9]{3}", typed.cvc):
        wrong["cvc"] = "cvc_invalid"
    if not typed.name:
        wrong["name"] = "name_needed"
    return wrong


def _luhn(number: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(number)):
        product = int(digit) * (1 + position % 2)
        total += product - 9 if product > 9 else product
    return total % 10 == 0


def _ended(expiry: str, today: date) -> bool:
    month, year = (int(part) for part in expiry.split("/"))
    return (year % 100 + 2000, month) < (today.year, today.month)
