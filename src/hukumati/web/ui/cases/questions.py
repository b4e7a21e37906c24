"""A service's declared fields as questions on a page: with what is known, what was typed, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.ui.cases import lists
from hukumati.web.ui.cases.facts import written
from hukumati.web.ui.fields import Field, Option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hukumati.domain.catalogue.facts import OfficeFacts, Page, ServiceVersion
    from hukumati.kernel.text import Text
    from hukumati.processes.applications.facts import ApplicationFacts

OPTIONS_AS_LIST_MAX = 8
WRITTEN_AS = {
    catalogue.FieldKind.DATE: catalogue.Format.DATE,
    catalogue.FieldKind.DIGITS: catalogue.Format.LTR,
}

PROBLEMS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "answers.required": lambda label, _f: _("Answer “%(label)s”") % {"label": label},
    "answers.not_a_choice": lambda label, _f: _("Choose one of the answers to “%(label)s”") % {"label": label},
    "answers.not_all_chosen": lambda label, _f: _("“%(label)s”: none of these can be left out") % {"label": label},
    "answers.not_a_number": lambda label, _f: _("“%(label)s” must be a number, for example 2") % {"label": label},
    "answers.too_small": lambda label, f: _("“%(label)s” must be %(min)s or more") % {"label": label, **f},
    "answers.too_large": lambda label, f: _("“%(label)s” must be %(max)s or less") % {"label": label, **f},
    "answers.too_long": lambda label, f: _("“%(label)s” must be %(max)s characters or fewer") % {"label": label, **f},
    "answers.not_digits": lambda label, _f: _("“%(label)s” must have digits only") % {"label": label},
    "answers.wrong_length": lambda label, f: _("“%(label)s” must have %(exact)s digits") % {"label": label, **f},
    "answers.not_a_date": lambda label, _f: (
        _("“%(label)s” must be a real date, for example 27 3 2019") % {"label": label}
    ),
}


def questions_of(
    service: ServiceVersion,
    page: Page,
    application: ApplicationFacts,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None,
) -> list[Field]:
    """The questions of one page of the form. After a refusal, `typed` is shown again as it was typed."""
    facts = applications.known_facts(application)
    fields = []
    for asked in page.fields:
        if asked.kind == catalogue.FieldKind.TIE:
            continue
        if asked.kind == catalogue.FieldKind.SHOW:
            shown = written(catalogue.fact_at(facts, asked.fact), asked.format)
            fields.append(
                Field(name=asked.id, label=_text(asked.label), kind="show", value=shown, hint=_text(asked.hint))
            )
            continue
        if asked.kind == catalogue.FieldKind.ITEMS and not catalogue.offered_records(asked, facts):
            nothing = _("Nothing stands in the register")
            fields.append(Field(name=asked.id, label=_text(asked.label), kind="show", value=nothing))
            continue
        code, told = (errors or {}).get(asked.id, ("", {}))
        fields.append(
            Field(
                name=asked.id,
                label=_text(asked.label),
                kind=_kind(asked),
                value=_value(asked, application, typed, facts),
                hint=_text(asked.hint),
                error=PROBLEMS[code](_text(asked.label), told) if code else "",
                options=_options(service, asked, facts),
                optional=not asked.required,
                width=_width(asked),
                length_max=asked.length_max if asked.kind == catalogue.FieldKind.TEXT else 0,
            )
        )
    return fields


def answer_rows(service: ServiceVersion, application: ApplicationFacts) -> list[tuple[Page, str, Any]]:
    """What was answered, as (page, label, shown), in the order of the form; unasked questions are left out."""
    facts = applications.known_facts(application)
    return [
        (page, _text(asked.label), _shown(service, asked, application.answers.get(asked.id), facts))
        for page in applications.pages_of(service)
        for asked in page.fields
        if applications.is_asked(asked, application.answers)
    ]


def _shown(service: ServiceVersion, asked: catalogue.Field, value: Any, facts: catalogue.Facts) -> Any:
    if value is None:
        return _("Not given")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if asked.kind == catalogue.FieldKind.ITEMS:
        return lists.shown_records(asked, facts)
    if asked.kind == catalogue.FieldKind.OFFICE:
        return next((_office_label(one) for one in applications.list_offices(service) if one.id == value), value)
    if asked.options:
        return next((_text(option.label) for option in asked.options if option.value == value), value)
    return written(value, WRITTEN_AS.get(asked.kind, asked.format))


def _kind(asked: catalogue.Field) -> str:
    kinds = catalogue.FieldKind
    return {
        kinds.CHOICE: "choice" if len(asked.options) <= OPTIONS_AS_LIST_MAX else "select",
        kinds.PICK_UP: "cards",
        kinds.ITEMS: "check_cards",
        kinds.OFFICE: "select",
        kinds.YES_NO: "choice",
        kinds.INTEGER: "digits",
        kinds.DIGITS: "digits",
        kinds.DATE: "date",
        kinds.TEXT: "text",
    }[asked.kind]


def _value(
    asked: catalogue.Field, application: ApplicationFacts, typed: Mapping[str, Any] | None, facts: catalogue.Facts
) -> Any:
    if asked.kind == catalogue.FieldKind.ITEMS:
        return lists.chosen_marks(asked, application, typed, facts)
    if typed is not None:
        if asked.kind == catalogue.FieldKind.DATE:
            return tuple(applications.one(typed, f"{asked.id}_{part}") for part in ("day", "month", "year"))
        return applications.one(typed, asked.id)
    value = application.answers.get(asked.id, asked.default)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if asked.kind == catalogue.FieldKind.DATE and value:
        return date.fromisoformat(str(value))
    return "" if value is None else value


def _options(service: ServiceVersion, asked: catalogue.Field, facts: catalogue.Facts) -> tuple[Option, ...]:
    if asked.kind == catalogue.FieldKind.ITEMS:
        return lists.offered_options(asked, facts)
    if asked.kind == catalogue.FieldKind.YES_NO:
        return (Option("yes", _("Yes")), Option("no", _("No")))
    if asked.kind == catalogue.FieldKind.OFFICE:
        return tuple(Option(office.id, _office_label(office)) for office in applications.list_offices(service))
    icons = {"download": "download", "counter": "building-2"} if asked.kind == catalogue.FieldKind.PICK_UP else {}
    return tuple(
        Option(option.value, _text(option.label), _text(option.hint), icons.get(option.value, ""))
        for option in asked.options
    )


def _office_label(office: OfficeFacts) -> str:
    name, governorate = _text(office.name), _text(office.governorate)
    return name if governorate in name else f"{name} ({governorate})"


def _width(asked: catalogue.Field) -> int:
    if asked.kind == catalogue.FieldKind.INTEGER:
        return max(len(str(asked.maximum or 9999)), 2)
    return asked.length_exact or 0


def _text(text: Text | None) -> str:
    return text.in_(get_language() or "ar") if text else ""
