"""What a service decides from facts: fees, conditions, what the document says. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from hukumati.domain.catalogue.facts import Assessment, ChargeLine, Condition, Kind, Stage
from hukumati.kernel.money import total
from hukumati.kernel.process import By

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import AnswerNotice, AnswerRow, Facts, FeeLine, ServiceVersion


ENDINGS = frozenset({"withdraw", "expire"})


class HasAudience(Protocol):
    """Whoever may belong to an audience: a citizen's facts."""

    @property
    def public_employee(self) -> bool: ...


def fee(service: ServiceVersion, *, answers: Mapping[str, Any], on: date) -> Assessment:
    """What these answers cost on that day, line by line. The same code serves the public calculator and the charge."""
    lines = tuple(_charge_line(line, answers=answers) for line in fee_lines_on(service, on))
    owed = tuple(line for line in lines if line.quantity)
    return Assessment(owed, total(tuple(line.amount for line in owed)))


def fee_lines_on(service: ServiceVersion, on: date) -> tuple[FeeLine, ...]:
    return tuple(
        line
        for line in service.fee_lines
        if line.valid_from <= on and (line.valid_until is None or on < line.valid_until)
    )


def fact_at(facts: Facts, path: str) -> Any:
    """The value at `record.mother_name_ar`, or None when any part of the way is not known."""
    value: Any = facts
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def conditions_that_hold(service: ServiceVersion, facts: Facts, *, on: date) -> dict[str, bool]:
    """Every named condition of the service, answered: what kernel.Process.take asks for."""
    return {condition.name: holds(condition, facts, on=on) for condition in service.conditions}


def holds(condition: Condition, facts: Facts, *, on: date) -> bool:
    """What is not known equals nothing: it only satisfies `missing` and `is_not`."""
    value = fact_at(facts, condition.fact)
    if condition.missing is not None:
        return (value in (None, "", [])) is condition.missing
    if value is None:
        return condition.is_not is not None
    if condition.within_days is not None:
        return _as_date(value) < on + timedelta(days=condition.within_days)
    if condition.at_least is not None:
        return bool(value >= condition.at_least)
    return _is_the_word(condition, value)


def _is_the_word(condition: Condition, value: Any) -> bool:
    if condition.one_of:
        return value in condition.one_of
    return bool(value == condition.is_) if condition.is_ is not None else bool(value != condition.is_not)


def full_name(parts: Mapping[str, str] | None) -> str:
    """A registry's name by its parts, as one line."""
    order = ("first", "father", "grandfather", "family")
    return " ".join(parts[part] for part in order if parts.get(part)) if parts else ""


def document_data(service: ServiceVersion, facts: Facts) -> dict[str, Any]:
    """What the document says, by its declared names. A service's own rules may add what cannot be declared."""
    if service.document is None:
        return {}
    data = {name: fact_at(facts, path) for name, path in service.document.data.items()}
    derive = getattr(service.rules, "document_data", None)
    return {**data, **derive(facts)} if derive else data


def answer_rows(service: ServiceVersion, facts: Facts) -> list[tuple[AnswerRow, Any]]:
    """The lines of an inquiry's answer with their values; what the registry left empty is left out."""
    if service.answer is None:
        return []
    rows = [(row, fact_at(facts, row.fact)) for row in service.answer.rows]
    return [(row, value) for row, value in rows if value not in (None, "", [])]


def notices_that_hold(service: ServiceVersion, facts: Facts, *, on: date) -> list[AnswerNotice]:
    """What must be said beside an inquiry's answer, by the facts of that day."""
    if service.answer is None:
        return []
    held = conditions_that_hold(service, facts, on=on)
    return [notice for notice in service.answer.notices if held[notice.when]]


def is_open_to(service: ServiceVersion, citizen: HasAudience | None) -> bool:
    """Whether this person may start it now. Everybody may see a pilot; only its audience may start it."""
    if not service.startable:
        return False
    if service.stage == Stage.OPEN or not service.audience:
        return True
    return citizen is not None and "public_employee" in service.audience and citizen.public_employee


def passes_without_review(service: ServiceVersion) -> bool:
    """Whether there is a way from start to end that waits for no clerk."""
    if service.process is None:
        return False
    seen, todo = {service.process.start}, [service.process.start]
    while todo:
        onward = {
            step.to
            for step in service.process.from_state(todo.pop())
            if step.by != By.CLERK and step.verb not in ENDINGS
        }
        todo += sorted(onward - seen)
        seen |= onward
    return any(step.from_ in seen for step in service.process.steps if step.verb == "issue")


def is_automated(service: ServiceVersion) -> bool:
    """Whether it can be done here from beginning to end, or is only described."""
    return service.process is not None or (service.kind == Kind.INQUIRY and service.answer is not None)


def _charge_line(line: FeeLine, *, answers: Mapping[str, Any]) -> ChargeLine:
    quantity = int(answers.get(line.times) or 1) if line.times else 1
    return ChargeLine(
        line.code,
        line.name,
        quantity,
        line.unit,
        line.unit * quantity,
        line.instrument,
        line.article,
        line.revenue_account,
    )


def _as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
