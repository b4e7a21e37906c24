"""The ministry's own cases: people and facts, and what must come of them. Played through the very code that decides."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads it)
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import answering, rules
from hukumati.domain.catalogue.folder.shapes import Shape
from hukumati.domain.catalogue.tariff import given_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.folder.source import Source

FILE = "tests/cases.toml"
REASON = "reason"


class ThenShape(Shape):
    states: list[str] | None = None
    fee_minor: int | None = None
    refunds: bool | None = None
    refund_minor: int | None = None
    rows: list[str] | None = None
    records: dict[str, int] | None = None
    """How many records each table shows."""
    offers: int | None = None
    """Among how many the answer lets choose."""
    goes_on: bool | None = None
    notices: list[str] | None = None
    refused: str | None = None
    """The key of the text by which the table of eligibility refuses; empty: it does not."""


class CaseShape(Shape):
    name: str
    asked_on: date
    given: dict[str, dict[str, Any]]
    then: ThenShape
    chosen: int | None = None
    """Which of several the answer is about, from 1."""
    verbs: list[str] = []
    then_document: dict[str, Any] = {}


class CasesShape(Shape):
    case: list[CaseShape]


def prove(service: ServiceVersion, source: Source) -> None:
    """Play each case; a difference is a fault at the case's line."""
    automated = rules.is_automated(service)
    if FILE not in source.files:
        if automated:
            source.fault_at(FILE, 1, "no_cases", "an automated service has cases which the ministry can read and sign")
        return
    decoded = source.decode(FILE, CasesShape)
    for index, case in enumerate(decoded.case if decoded else ()):
        for difference in _differences(service, case):
            source.fault(FILE, ("case", index), "case_differs", f"“{case.name}”: {difference}")


def _differences(service: ServiceVersion, case: CaseShape) -> Iterator[str]:
    then = case.then
    yield from _states_differ(service, case)
    yield from _refusal_differs(service, case)
    if then.fee_minor is not None:
        charged = rules.fee(service, case.given, on=case.asked_on).total.amount_minor
        if charged != then.fee_minor:
            yield f"the fee is {charged}, not {then.fee_minor}"
    yield from _answer_differs(service, case)
    data = rules.document_data(service, case.given) if case.then_document else {}
    for name, value in case.then_document.items():
        if data.get(name) != value:
            yield f"the document says {data.get(name)!r} for {name}, not {value!r}"


def _answer_differs(service: ServiceVersion, case: CaseShape) -> Iterator[str]:
    then, facts = case.then, answering.with_chosen(service, case.given, place=case.chosen)
    rows = answering.answer_rows(service, facts)
    tables = {row.id: len(value) for row, value in rows if row.columns}
    said = [notice.id for notice in answering.notices_that_hold(service, facts, on=case.asked_on)]
    goes_on = answering.going_on_from(service, facts, on=case.asked_on) is not None
    for what, wanted, found in (
        ("the answer shows", then.rows, [row.id for row, _ in rows]),
        ("the tables show", then.records, tables),
        ("it lets choose among", then.offers, len(answering.choosable(service, facts))),
        ("the notices are", then.notices, said),
        ("that it goes on is", then.goes_on, goes_on),
    ):
        if wanted is not None and wanted != found:
            yield f"{what} {found}, not {wanted}"


def _refusal_differs(service: ServiceVersion, case: CaseShape) -> Iterator[str]:
    if case.then.refused is None:
        return
    said = rules.refusal_of(service, case.given, on=case.asked_on)
    if said != case.then.refused:
        yield f"the table of eligibility says {said!r}, not {case.then.refused!r}"


def _states_differ(service: ServiceVersion, case: CaseShape) -> Iterator[str]:
    if service.process is None or case.then.states is None:
        return
    held = rules.conditions_that_hold(service, case.given, on=case.asked_on)
    state, passed, refunds, back = service.process.start, [], False, 0
    charged = rules.fee(service, case.given, on=case.asked_on).lines
    for verb in case.verbs:
        step = next((s for s in service.process.from_state(state) if s.verb == verb), None)
        if step is None:
            yield f"no step `{verb}` leads out of `{state}`"
            return
        taken = service.process.take(state, verb, by=step.by, conditions=held, reason=REASON)
        state, refunds = taken.to, refunds or taken.refunds
        if taken.refunds and charged:
            back = given_back(charged, keeps=taken.keeps_lines).amount_minor
        passed.append(state)
    if passed != case.then.states:
        yield f"it passes {passed}, not {case.then.states}"
    if case.then.refunds is not None and refunds is not case.then.refunds:
        yield f"it {'gives' if refunds else 'does not give'} the fee back"
    if case.then.refund_minor is not None and back != case.then.refund_minor:
        yield f"{back} goes back, not {case.then.refund_minor}"
