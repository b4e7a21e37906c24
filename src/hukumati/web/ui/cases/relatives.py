"""A family as people to choose: who stands in the list now, who would come, who would go, and the reason where one is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications import api as applications
from hukumati.web.ui import writing
from hukumati.web.ui.cases.facts import day_of
from hukumati.web.ui.cases.lists import listed
from hukumati.web.ui.cases.words import in_page_language, relative_in_words
from hukumati.web.ui.fields import Field, Option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hukumati.domain.catalogue.facts import OfferedPerson
    from hukumati.web.ui.cases.values import Given


def offered_options(asked: catalogue.Field, given: Given) -> tuple[Option, ...]:
    """Each person with the tie and the birth date, whether they stand in the list now, and why they cannot where that is so."""
    return tuple(_option(asked, person, given) for person in catalogue.offered_people(asked, given.facts))


def _option(asked: catalogue.Field, person: OfferedPerson, given: Given) -> Option:
    born = _("born %(date)s") % {"date": writing.written_date(day_of(person.birth_date))} if person.birth_date else ""
    barred = why_barred(asked, person.barred)
    return Option(
        person.key,
        _name(person.name_ar, person.name_latin),
        hint=_(", ").join(part for part in (relative_in_words(person.tie), born, barred) if part),
        disabled=bool(person.barred),
        tag=(_("In the list now"), "ok") if person.included else None,
        more=None if person.barred else _reason(asked, person, given),
        more_when="left" if person.included else "chosen",
    )


def why_barred(asked: catalogue.Field, barred: str) -> str:
    """Why somebody cannot stand in the list, in words."""
    if barred == "deceased":
        return _("deceased")
    if barred == "no_longer_tied":
        return _("the civil registry no longer knows the tie")
    return in_page_language(asked.people.barred_text) if barred and asked.people else ""


def _reason(asked: catalogue.Field, person: OfferedPerson, given: Given) -> Field | None:
    people = asked.people
    reasons = (people.dropped_reasons if person.included else people.added_reasons) if people else ()
    if not reasons:
        return None
    name = applications.reason_name(asked, person.key)
    who = _name(person.name_ar, person.name_latin)
    label = _("Why does %(name)s leave?") if person.included else _("Why is %(name)s added?")
    return Field(
        name=name,
        label=label % {"name": who},
        kind="select",
        value=applications.one(given.typed, name) if given.typed is not None else _reason_given(asked, person, given),
        options=tuple(Option(reason.value, in_page_language(reason.label)) for reason in reasons),
    )


def _reason_given(asked: catalogue.Field, person: OfferedPerson, given: Given) -> str:
    told = [*(given.answers.get(f"{asked.id}_added") or ()), *(given.answers.get(f"{asked.id}_dropped") or ())]
    return next((one["reason"] for one in told if one["key"] == person.key), "")


def shown_people(asked: catalogue.Field, answers: Mapping[str, Any]) -> Markup:
    """Who stands in the list, and below them what that changes, with the reasons."""
    standing, added, dropped, _unlisted = (answers.get(name) or () for name in asked.answer_names)
    new = {one["key"] for one in added}
    parts = [_group(asked, "", [one for one in standing if one["key"] not in new])]
    parts += [_group(asked, heading, people) for heading, people in ((_("Added"), added), (_("Dropped"), dropped))]
    return Markup().join(part for part in parts if part) or escape(_("Nobody"))


def _group(asked: catalogue.Field, heading: str, people: Sequence[Mapping[str, Any]]) -> Markup:
    if not people:
        return Markup()
    title = Markup('<span class="label">{}</span>').format(heading) if heading else Markup()
    return title + listed((_name(one["name_ar"], one["name_latin"]), _known(asked, one)) for one in people)


def _known(asked: catalogue.Field, person: Mapping[str, Any]) -> str:
    reasons = {
        option.value: in_page_language(option.label)
        for option in ((*asked.people.added_reasons, *asked.people.dropped_reasons) if asked.people else ())
    }
    reason = person.get("reason", "")
    return _(", ").join(
        part for part in (relative_in_words(person["tie"]), reasons.get(reason) or why_barred(asked, reason)) if part
    )


def _name(arabic: str, latin: str) -> str:
    return latin if latin and writing.language() == "en" else arabic
