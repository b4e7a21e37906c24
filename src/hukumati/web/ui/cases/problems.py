"""What is wrong with an answer, in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.kernel.money import Money
from hukumati.web.ui.cases.words import in_page_language
from hukumati.web.ui.refusal_texts import words_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

type Errors = Mapping[str, tuple[str, Mapping[str, Any]]]

REFUSAL = "refusal"
"""Under this name the error of a file carries why it was refused."""

PROBLEMS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "answers.required": lambda f: _("Answer “%(label)s”") % f,
    "answers.not_a_choice": lambda f: _("Choose one of the answers to “%(label)s”") % f,
    "answers.not_all_chosen": lambda f: _("“%(label)s”: none of these can be left out") % f,
    "answers.not_a_number": lambda f: _("“%(label)s” must be a number, for example 2") % f,
    "answers.too_small": lambda f: _("“%(label)s” must be %(min)s or more") % f,
    "answers.too_large": lambda f: _("“%(label)s” must be %(max)s or less") % f,
    "answers.too_long": lambda f: _("“%(label)s” must be %(max)s characters or fewer") % f,
    "answers.not_digits": lambda f: _("“%(label)s” must have digits only") % f,
    "answers.wrong_length": lambda f: _("“%(label)s” must have %(exact)s digits") % f,
    "answers.not_arabic": lambda f: _("Write “%(label)s” in Arabic letters only") % f,
    "answers.not_latin": lambda f: _("Write “%(label)s” in Latin letters only") % f,
    "answers.not_a_date": lambda f: _("“%(label)s” must be a real date, for example 27 3 2019") % f,
    "answers.not_money": lambda f: _("“%(label)s” must be an amount, for example 1,250.50") % f,
    "answers.not_a_mobile": lambda f: _("“%(label)s” must be a mobile number like 059 123 4567 or 056 123 4567") % f,
    "answers.not_an_iban": lambda f: _("“%(label)s” is no valid IBAN: compare it with your bank's paper") % f,
    "answers.iban_of_another_country": lambda f: (
        _("“%(label)s” must be an account in Palestine: its IBAN begins with PS") % f
    ),
    "answers.locality_missing": lambda f: _("Choose the town or village of “%(label)s”") % f,
    "answers.place_disagrees": lambda f: _("“%(label)s”: this town or village lies in another governorate") % f,
    "answers.too_many_chosen": lambda f: _("Choose %(max)s at most of “%(label)s”") % f,
    "answers.too_few_rows": lambda f: _("“%(label)s” needs %(min)s or more") % f,
    "answers.too_many_rows": lambda f: _("“%(label)s” takes %(max)s at most") % f,
    "answers.reason_missing": lambda f: _("Say why for %(name)s") % f,
    # What only a program can get wrong.
    "answers.unknown": lambda f: _("The form has no “%(label)s”") % f,
    "answers.wrong_kind": lambda f: _("“%(label)s” is of another kind: see the form's schema") % f,
    "answers.not_asked": lambda f: _("“%(label)s” is not asked after these answers") % f,
}


def sentence_of(asked: catalogue.Field | None, code: str, told: Mapping[str, Any], *, name: str) -> str:
    """What is wrong with the answer of this name, for a program; without a field of its own (a row's part, an unknown name) the name stands for it."""
    if asked is None:
        return PROBLEMS[code]({**told, "label": name})
    return problem_of(asked, {asked.id: (code, told)})


def problem_of(asked: catalogue.Field, errors: Errors) -> str:
    """The error of a field in words, or empty."""
    code, told = errors.get(asked.id, ("", {}))
    if refusal := told.get(REFUSAL):
        return words_for(refusal)
    return PROBLEMS[code]({**_as_written(asked, told), "label": in_page_language(asked.label)}) if code else ""


def _as_written(asked: catalogue.Field, told: Mapping[str, Any]) -> dict[str, Any]:
    """Limits of an amount are kept in minor units, and people in two scripts."""
    facts = dict(told)
    if asked.kind == catalogue.FieldKind.MONEY:
        facts |= {name: str(Money(told[name], asked.currency)) for name in ("min", "max") if name in told}
    if "name_ar" in told:
        english = (get_language() or "ar").startswith("en")
        facts["name"] = told["name_latin"] if english and told["name_latin"] else told["name_ar"]
    return facts
