"""The nine-digit identity number, whose last digit checks the others (Luhn; python-stdnum's il.idnr is the reference)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hukumati.kernel.refusal import Refused
from hukumati.kernel.text import only_digits

LENGTH = 9


@dataclass(eq=False)
class NationalIdMalformed(Refused):
    """Not nine digits."""

    code: ClassVar[str] = "kernel.national_id_malformed"


@dataclass(frozen=True, slots=True)
class NationalId:
    """Nine digits. `check_digit_holds` is a hint to re-read the number, never a verdict: some real numbers fail it."""

    digits: str

    @classmethod
    def parse(cls, typed: str) -> NationalId:
        digits = only_digits(typed)
        if len(digits) != LENGTH or not digits.isascii() or not digits.isdigit():
            raise NationalIdMalformed
        return cls(digits)

    @property
    def check_digit_holds(self) -> bool:
        doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(self.digits)]
        return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004

    @property
    def masked(self) -> str:
        return f"*****{self.digits[-4:]}"

    def __str__(self) -> str:
        return self.digits
