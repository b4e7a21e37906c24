"""What a program asks before it hands in a whole form: whether its answers would be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue import api as catalogue
from hukumati.processes.applications.answers import Around, read_sent
from hukumati.processes.applications.queries import offices_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.processes.applications.answers.sent import Problem

Kind = catalogue.FieldKind
OF_A_CASE: Final = (Kind.ITEMS, Kind.PEOPLE, Kind.PARTY, Kind.PHOTO, Kind.FILE)
"""What may be answered is told by registries about one person, or by what that person handed in."""


@dataclass(frozen=True, slots=True)
class SentChecked:
    """`errors` by the name of the answer; `not_checked` are answers that only a case can judge."""

    errors: Mapping[str, Problem]
    not_checked: tuple[str, ...]


def check_sent(service: ServiceVersion, sent: Mapping[str, Any]) -> SentChecked:
    """Whether these answers to the whole form would be taken; nothing is kept."""
    of_a_case = {name for asked in service.form.list_kind(*OF_A_CASE) for name in asked.answer_names}
    around = Around(offices_of(service), {one.id: one.governorate for one in catalogue.list_localities().values()})
    plain = {name: value for name, value in sent.items() if name not in of_a_case}
    errors = read_sent(service, plain, around=around).errors
    return SentChecked({name: said for name, said in errors.items() if name not in of_a_case}, tuple(sorted(of_a_case)))
