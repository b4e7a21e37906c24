"""What a service decides from facts: fees, conditions, what the document says. Pure: values in, values out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from hukumati.domain.catalogue.decisions.inputs import as_day, fact_at, value_of
from hukumati.domain.catalogue.decisions.tables import decide, is_settled, unknown_inputs
from hukumati.domain.catalogue.facts import Condition, FeeLine, Kind, Stage
from hukumati.domain.catalogue.tariff import assess, lines_on
from hukumati.kernel.process import By

if TYPE_CHECKING:
    from datetime import date

    from hukumati.domain.catalogue.facts import Assessment, Facts, ServiceVersion
    from hukumati.kernel.text import Text


ENDINGS = frozenset({"withdraw", "expire"})
REFUSAL = "refusal"
"""The output of the table of eligibility: the key of a text, or nothing."""


class HasAudience(Protocol):
    """Whoever may belong to an audience: a citizen's facts."""

    @property
    def public_employee(self) -> bool: ...


def fee(service: ServiceVersion, facts: Facts, *, on: date) -> Assessment:
    """What a case with these facts costs on that day, line by line. The same code serves the public calculator and the charge."""
    return assess(service, facts, held=conditions_that_hold(service, facts, on=on), on=on)


def eligibility(service: ServiceVersion, facts: Facts, *, on: date) -> Text | None:
    """Why the service is refused to a case with these facts; None = it is not."""
    reason = refusal_of(service, facts, on=on)
    return service.texts[f"{REFUSAL}.{reason}"] if reason else None


def refusal_of(service: ServiceVersion, facts: Facts, *, on: date) -> str:
    """The key of the reason; empty = none."""
    if not service.eligibility:
        return ""
    decision = decide(service.tables[service.eligibility], facts, on=on)
    return str((decision.outputs and decision.outputs[REFUSAL]) or "")


def eligibility_so_far(service: ServiceVersion, facts: Facts, *, on: date) -> Text | None:
    """The same, told as soon as nothing that is still to be asked can change it."""
    settled = service.eligibility and is_settled(service.tables[service.eligibility], facts, on=on)
    return eligibility(service, facts, on=on) if settled else None


def facts_missing(service: ServiceVersion, facts: Facts, *, on: date) -> tuple[str, ...]:
    """What the fee or the eligibility depends on and nobody knows: a case without it is not filed."""
    missing = fee(service, facts, on=on).undecided
    if service.eligibility:
        decision = decide(service.tables[service.eligibility], facts, on=on)
        missing += () if decision.outputs is not None else decision.unknown or (service.eligibility,)
    return tuple(dict.fromkeys(missing))


def inputs_open(service: ServiceVersion, facts: Facts, *, on: date) -> tuple[str, ...]:
    """What the fee still depends on: inputs of its tables that are not known yet."""
    lines = [line for line in lines_on(service, on) if isinstance(line, FeeLine)]
    tables = dict.fromkeys(line.table for line in lines if line.table)
    return tuple(
        dict.fromkeys(
            str(asked)
            for name in tables
            if not is_settled(service.tables[name], facts, on=on)
            for asked in unknown_inputs(service.tables[name], facts, on=on)
        )
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
