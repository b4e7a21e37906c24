"""A creditor reference (ISO 11649): what a payer gives the bank, in a field that banks pass on, so that the payment is known by it."""

from __future__ import annotations

import re
from typing import Final

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

DIGITS: Final = 10
OURS: Final = re.compile(rf"(?<![0-9A-Z])RF ?[0-9]{{2}}(?: ?[0-9]){{{DIGITS}}}(?![0-9])")


def make(digits: str) -> str:
    """`RF`, two check digits that find a mistyped or swapped one, and these ten."""
    return f"RF{mod_97_10.calc_check_digits(f'{digits}RF')}{digits}"


def find_in(text: str) -> str:
    """The first of this form that stands in what a bank passes on, written together or in groups; empty when there is none, or it is mistyped."""
    for found in OURS.finditer(text.upper()):
        reference = "".join(found.group().split())
        if iso11649.is_valid(reference):
            return reference
    return ""
