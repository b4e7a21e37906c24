"""Answers that are one text: a word, a number, a day, an amount, a telephone, an account."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import phonenumbers
from stdnum import iban
from stdnum.exceptions import ValidationError

from hukumati.domain.catalogue.sdk import FieldKind, letters_pattern
from hukumati.kernel.money import MINOR_DIGITS
from hukumati.kernel.text import cleaned, only_digits, plain_digits
from hukumati.processes.applications.answers.sent import Around, Wrong, one

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import Field
    from hukumati.processes.applications.answers.sent import Typed

INTEGER_DIGITS_MAX = 9
TYPED_CHARACTERS_MAX = 4000
COUNTRY, MOBILE_CODES = "PS", frozenset({970, 972})
MOBILE = re.compile(r"5[69]\d{7}")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
MONEY_SIGNS = str.maketrans({"٫": ".", "٬": ",", "₪": "", "$": "", " ": "", "\u00a0": "", "\u202f": ""})


def read_plain(asked: Field, typed: Typed, around: Around) -> Any:
    """The clean answer, None when nothing was typed and nothing need be."""
    if asked.kind == FieldKind.DATE:
        return _read_date(asked, typed)
    raw = one(typed, asked.id)
    if len(raw) > TYPED_CHARACTERS_MAX:
        raise Wrong("answers.too_long", max=asked.length_max)
    value = cleaned(raw)
    if not value:
        require_answer(asked)
        return None
    if asked.kind == FieldKind.OFFICE:
        return chosen(value, around.offices.get(asked.id, frozenset()))
    return READERS[asked.kind](asked, value)


def require_answer(asked: Field) -> None:
    """Nothing is an answer only where the form says so."""
    if asked.required:
        raise Wrong("answers.required")


def chosen(value: str, allowed: frozenset[str]) -> str:
    if value not in allowed:
        raise Wrong("answers.not_a_choice")
    return value


def _read_choice(asked: Field, value: str) -> str:
    return chosen(value, frozenset(option.value for option in asked.options))


def _read_integer(asked: Field, value: str) -> int:
    digits = plain_digits("".join(value.split()))  # a dash may be a minus: it is not stripped
    if not digits.isascii() or not digits.isdigit() or len(digits) > INTEGER_DIGITS_MAX:
        raise Wrong("answers.not_a_number")
    if asked.options:
        return int(chosen(str(int(digits)), frozenset(option.value for option in asked.options)))
    return _between(asked, int(digits))


def _between(asked: Field, number: int) -> int:
    if asked.minimum is not None and number < asked.minimum:
        raise Wrong("answers.too_small", min=asked.minimum)
    if asked.maximum is not None and number > asked.maximum:
        raise Wrong("answers.too_large", max=asked.maximum)
    return number


def _read_text(asked: Field, value: str) -> str:
    if len(value) > asked.length_max:
        raise Wrong("answers.too_long", max=asked.length_max)
    if asked.letters and not re.fullmatch(letters_pattern(asked.letters), value):
        raise Wrong(f"answers.not_{asked.letters}")
    return value


def _read_digits(asked: Field, value: str) -> str:
    digits = only_digits(value)
    if not digits.isascii() or not digits.isdigit():
        raise Wrong("answers.not_digits")
    if asked.length_exact is not None and len(digits) != asked.length_exact:
        raise Wrong("answers.wrong_length", exact=asked.length_exact)
    return _read_text(asked, digits)


def _read_yes_no(_asked: Field, value: str) -> bool:
    return chosen(value, frozenset({"yes", "no"})) == "yes"


def _read_money(asked: Field, value: str) -> int:
    """Minor units of the declared currency. `1,250.50` is understood; `1250,5` may mean two things and is asked again."""
    written = plain_digits(value).translate(MONEY_SIGNS)
    places = MINOR_DIGITS[asked.currency]
    if not GROUPED.fullmatch(written):
        raise Wrong("answers.not_money")
    whole, _point, part = written.replace(",", "").partition(".")
    if len(whole) > INTEGER_DIGITS_MAX or len(part) > places:
        raise Wrong("answers.not_money")
    return _between(asked, int(whole) * 10**places + int(part.ljust(places, "0") or 0))


def _read_phone(_asked: Field, value: str) -> str:
    """A mobile of the country's two networks, whichever of the two codes it is reached by; kept as E.164."""
    try:
        number = phonenumbers.parse(plain_digits(value), COUNTRY)
    except phonenumbers.NumberParseException:
        raise Wrong("answers.not_a_mobile") from None
    if number.country_code not in MOBILE_CODES or not MOBILE.fullmatch(str(number.national_number)) or number.extension:
        raise Wrong("answers.not_a_mobile")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _read_iban(_asked: Field, value: str) -> str:
    """An account in the country: 29 characters whose two check digits hold."""
    try:
        account = str(iban.validate(plain_digits(value)))
    except ValidationError:
        raise Wrong("answers.not_an_iban") from None
    if not account.startswith(COUNTRY):
        raise Wrong("answers.iban_of_another_country")
    return account


def _read_date(asked: Field, typed: Typed) -> str | None:
    parts = [only_digits(one(typed, f"{asked.id}_{part}")[:20]) for part in ("year", "month", "day")]
    if not any(parts):
        require_answer(asked)
        return None
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise Wrong("answers.not_a_date")
    try:
        return date(*map(int, parts)).isoformat()
    except (ValueError, OverflowError):
        raise Wrong("answers.not_a_date") from None


READERS: Mapping[FieldKind, Callable[[Field, str], Any]] = {
    FieldKind.CHOICE: _read_choice,
    FieldKind.PICK_UP: _read_choice,
    FieldKind.INTEGER: _read_integer,
    FieldKind.TEXT: _read_text,
    FieldKind.DIGITS: _read_digits,
    FieldKind.YES_NO: _read_yes_no,
    FieldKind.MONEY: _read_money,
    FieldKind.PHONE: _read_phone,
    FieldKind.IBAN: _read_iban,
}
