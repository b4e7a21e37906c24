"""How values are written: money, dates, numbers, references.

Digits are 0-9 in both languages and each number stands isolated, because "+970 59" and "-0.4" read backwards inside Arabic text when bare.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from hukumati.kernel.calendar import HEBRON, MONTHS
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.reference import PATTERN

if TYPE_CHECKING:
    from decimal import Decimal

    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text

WEEKDAYS: Final = {
    "ar": ("الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MINUTE, HOUR, DAY = 60, 3600, 86400
DAYS_TOLD_AS_DAYS_MAX: Final = 30


def language() -> str:
    """`ar` or `en`: the language this page is written in."""
    return "en" if (translation.get_language() or "ar").startswith("en") else "ar"


def num(value: float | Decimal | str) -> Markup:
    """A number, grouped by thousands, isolated: `<bdi class="num">48,210</bdi>`. Text is taken as it stands: "+12%"."""
    return Markup('<bdi class="num">{}</bdi>').format(value if isinstance(value, str) else f"{value:,}")


def money(amount: Money) -> Markup:
    """`60.00 ₪`. A currency that is named by a word keeps the word outside the isolate, which would otherwise turn around."""
    if amount.currency == "ILS":
        return num(f"{amount} ₪")
    return Markup("{} {}").format(num(str(amount)), _currency_name(amount.currency))


def plain_money(amount: Money) -> str:
    """The same as plain text, for sentences that are escaped later."""
    minor = f"{amount}"
    return f"{minor} ₪" if amount.currency == "ILS" else f"{minor} {_currency_name(amount.currency)}"


def _currency_name(currency: str) -> str:
    return {"JOD": _("Jordanian dinars"), "USD": _("US dollars")}[currency]


def megabytes(size: int) -> str:
    """`5`, `4.5`: millions, as people say them."""
    return f"{size / 1_000_000:.1f}".removesuffix(".0")


def ltr(token: object) -> Markup:
    """A token that reads from left to right whatever surrounds it: references, IBANs, e-mail addresses, codes."""
    return Markup('<bdi class="num" dir="ltr">{}</bdi>').format(token)


reference = ltr
TOKENS: Final = re.compile(rf"{PATTERN.pattern}|\b\d{{4}}-\d{{6}}\b|\+\d[\d ]{{7,}}\d")


def with_references(sentence: str) -> Markup:
    """A sentence written for people, with its references, receipt numbers and phones isolated so that they never break or turn around."""
    pieces, end = Markup(), 0
    for token in TOKENS.finditer(sentence):
        pieces += escape(sentence[end : token.start()]) + ltr(token.group())
        end = token.end()
    return pieces + escape(sentence[end:])


def phone(number: str) -> Markup:
    """`+970 59 123 4567`, whatever way it was stored."""
    return ltr(spaced_phone(number))


def spaced_phone(number: str) -> str:
    """Groups a stored Palestinian mobile (+97059…, 059…) the way people say it; anything else is left alone."""
    digits = "".join(character for character in number if character.isdigit())
    for prefix in ("970", "972"):
        if digits.startswith(prefix) and len(digits) == 12:  # noqa: PLR2004 (country code and nine digits)
            return f"+{prefix} {digits[3:5]} {digits[5:8]} {digits[8:]}"
    if digits.startswith("0") and len(digits) == 10:  # noqa: PLR2004
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return number


def phone_masked(number: str) -> Markup:
    """Only the last three digits: enough to recognise one's own number."""
    digits = "".join(character for character in number if character.isdigit())
    return ltr(f"••• ••• {digits[-3:]}")


def national_id(number: NationalId | str) -> Markup:
    """Masked: the last four digits."""
    return ltr((number if isinstance(number, NationalId) else NationalId(str(number))).masked)


def written_date(day: date) -> str:
    """`12 تشرين الثاني 2026`, `12 November 2026`."""
    local = day.astimezone(HEBRON) if isinstance(day, datetime) else day
    return f"{local.day} {MONTHS[language()][local.month - 1]} {local.year}"


def written_month(day: date) -> str:
    """`تشرين الثاني 2026`, `November 2026`."""
    return f"{MONTHS[language()][day.month - 1]} {day.year}"


def date_element(day: date) -> Markup:
    local = day.astimezone(HEBRON).date() if isinstance(day, datetime) else day
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), written_date(local))


def weekday_and_date(day: date) -> Markup:
    """`الخميس 12 تشرين الثاني 2026`: for promises, where the day of the week helps."""
    local = day.astimezone(HEBRON).date() if isinstance(day, datetime) else day
    return Markup('<time datetime="{}">{} {}</time>').format(
        local.isoformat(), WEEKDAYS[language()][local.weekday()], written_date(local)
    )


def datetime_element(moment: datetime) -> Markup:
    """Date and wall clock in Palestine."""
    local = moment.astimezone(HEBRON)
    comma = "،" if language() == "ar" else ","
    return Markup('<time datetime="{}">{}{} {}</time>').format(
        moment.astimezone(UTC).isoformat(timespec="seconds"), written_date(local), comma, num(f"{local:%H:%M}")
    )


def time_element(moment: datetime) -> Markup:
    return num(f"{moment.astimezone(HEBRON):%H:%M}")


def since(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, in words: "3 minutes ago". Beyond a month the date says more."""
    seconds = max(0, int(((now or timezone.now()) - moment).total_seconds()))
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", seconds // MINUTE) % {
            "count": seconds // MINUTE
        }
    if seconds < DAY:
        return ngettext("%(count)s hour ago", "%(count)s hours ago", seconds // HOUR) % {"count": seconds // HOUR}
    count = seconds // DAY
    if count <= DAYS_TOLD_AS_DAYS_MAX:
        return ngettext("%(count)s day ago", "%(count)s days ago", count) % {"count": count}
    return written_date(moment)


def days(count: int) -> str:
    """`يومان`, `3 أيام`, `11 يوماً`; `2 days`."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def working_days(count: int) -> str:
    """A promise in working days; none means at once."""
    if count == 0:
        return _("at once")
    return ngettext("%(count)s working day", "%(count)s working days", count) % {"count": count}


def text(words: Text | str) -> str:
    """The text in the language of the page."""
    return words if isinstance(words, str) else words.in_(language())


def file_size(size_bytes: int) -> Markup:
    """`84 KB`: rounded up, so that nobody expects less than comes."""
    kilobytes = -(-size_bytes // 1000)
    if kilobytes < 1000:  # noqa: PLR2004
        return Markup("{} {}").format(num(kilobytes), escape(_("KB")))
    return Markup("{} {}").format(num(f"{kilobytes / 1000:.1f}"), escape(_("MB")))


FILTERS: Final = {
    "num": num,
    "money": money,
    "ltr": ltr,
    "reference": reference,
    "with_references": with_references,
    "phone": phone,
    "phone_masked": phone_masked,
    "national_id": national_id,
    "date": date_element,
    "month": written_month,
    "weekday_and_date": weekday_and_date,
    "datetime": datetime_element,
    "time": time_element,
    "since": since,
    "days": days,
    "working_days": working_days,
    "text": text,
    "file_size": file_size,
    "megabytes": megabytes,
}
