"""What a service decides from facts: fees, conditions, what the document says. Pure: values in, values out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from hukumati.domain.catalogue.decisions.inputs import as_day, fact_at, value_of
from hukumati.domain.catalogue.facts import Assessment, ChargeLine, Condition, Kind, Stage
from hukumati.kernel.money import total
from hukumati.kernel.process import By

if TYPE_CHECKING:
    from datetime import date

    from hukumati.domain.catalogue.facts import AnswerNotice, AnswerRow, Facts, FeeLine, ServiceVersion


ENDINGS = frozenset({"withdraw", "expire"})
DEFAULT_CURRENCY = "ILS"


class HasAudience(Protocol):
    """Whoever may belong to an audience: a citizen's facts."""

    @property
    def public_employee(self) -> bool: ...


def fee(service: ServiceVersion, facts: Facts, *, on: date) -> Assessment:
    """What a case with these facts costs on that day, line by line. The same code serves the public calculator and the charge."""
    held = conditions_that_hold(service, facts, on=on)
    lines = tuple(_charge_line(line, facts) for line in fee_lines_on(service, on) if not line.when or held[line.when])
    owed = tuple(line for line in lines if line.quantity)
    return Assessment(owed, total([line.amount for line in owed], currency=currency_of(service)))


def currency_of(service: ServiceVersion) -> str:
    """A service is paid in one currency."""
    return next((line.unit.currency for line in service.fee_lines), DEFAULT_CURRENCY)


def fee_lines_on(service: ServiceVersion, on: date) -> tuple[FeeLine, ...]:
    return tuple(
        line
        for line in service.fee_lines
        if line.valid_from <= on and (line.valid_until is None or on < line.valid_until)
    )


def conditions_that_hold(service: ServiceVersion, facts: Facts, *, on: date) -> dict[str, bool]:
    """Every named condition of the service, answered: what kernel.Process.take asks for."""
    return {condition.name: holds(condition, facts, on=on) for condition in service.conditions}


def holds(condition: Condition, facts: Facts, *, on: date) -> bool:
    """What is not known equals nothing: it only satisfies `missing` and `is_not`."""
    value = value_of(condition.fact, facts, on=on)
    if condition.missing is not None:
        return (value in (None, "", [])) is condition.missing
    if value is None:
        return condition.is_not is not None
    if condition.within_days is not None:
        day = as_day(value)
        return day is not None and day < on + timedelta(days=condition.within_days)
    if condition.at_least is not None or condition.at_most is not None:
        return _is_between(value, condition.at_least, condition.at_most)
    return _is_the_word(condition, value)


def _is_between(value: Any, least: int | None, most: int | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (least is None or value >= least) and (most is None or value <= most)


def _is_the_word(condition: Condition, value: Any) -> bool:
    if condition.one_of:
        return value in condition.one_of
    return bool(value == condition.is_) if condition.is_ is not None else bool(value != condition.is_not)


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


def _charge_line(line: FeeLine, facts: Facts) -> ChargeLine:
    quantity = int(fact_at(facts, f"answers.{line.times}") or 1) if line.times else 1
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
