"""How a message is written and how long it may be. Pure."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any, Final

from hukumati.kernel.calendar import MONTHS
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.notifications.facts import MessageText

UCS2_SINGLE: Final = 70
UCS2_PART: Final = 67
SMS_PARTS_MAX: Final = 2
SMS_FACTS: Final = frozenset({"reference", "code", "address"})
TRIES_MAX: Final = 12
CURRENCIES: Final = {
    "ILS": Text("شيكل", "shekels"),
    "JOD": Text("دينار أردني", "Jordanian dinars"),
    "USD": Text("دولار", "US dollars"),
}


def placeholders(sentence: str) -> frozenset[str]:
    """The facts that a sentence names."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def written(text: MessageText, facts: Mapping[str, Any], *, language: str) -> tuple[str, str, str]:
    """Title, body and SMS with their facts. A sentence whose facts were not all given is left out."""
    values = {name: said(value, language=language) for name, value in facts.items() if value not in (None, "")}
    body = " ".join(sentence.format(**values) for sentence in text.body if placeholders(sentence) <= values.keys())
    sms = text.sms if placeholders(text.sms) <= values.keys() else ""
    return text.title.format(**values), body, sms.format(**values)


def said(value: Any, *, language: str) -> str:
    """One fact in the reader's language. Facts are JSON: a text is {ar, en}, money is {amount_minor, currency}, dates are ISO."""
    if isinstance(value, dict) and {"ar", "en"} <= value.keys():
        return str(value["en" if language == "en" else "ar"])
    if isinstance(value, dict) and "amount_minor" in value:
        money = Money(value["amount_minor"], value.get("currency", "ILS"))
        return f"{money} {CURRENCIES[money.currency].in_(language)}"
    if isinstance(value, dict) and "date" in value:
        year, month, day = str(value["date"]).split("-")
        return f"{int(day)} {MONTHS[language][int(month) - 1]} {year}"
    return str(value)


def sms_parts(text: str) -> int:
    """How many messages the operator bills. Arabic goes as UCS-2; we count every text so, to be safe."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= UCS2_SINGLE else -(-units // UCS2_PART)
