"""The public calculator on a service's page: what it would cost for other answers, by the rule that charges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hukumati.domain.catalogue import api as catalogue
from hukumati.web.ui.cases.fees import shown_fees
from hukumati.web.ui.fields import Field, Option
from hukumati.web.ui.writing import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.money import Money
    from hukumati.kernel.text import Text
    from hukumati.web.ui.cases.fees import ShownFee

LISTED_MAX: Final = 31


@dataclass(frozen=True, slots=True)
class Calculated:
    """For the card of the fee. `fields` are the questions the fee depends on; `open` those of them that have no answer yet."""

    rows: list[ShownFee]
    total: Money
    least: Money
    fields: list[Field]
    open: list[Text]
    from_registers: bool
    """Part of the fee follows from what a register says, or from what is chosen of its list: it is seen before anything is sent."""
    costs: bool
    """Whether the service has a tariff at all."""

    @property
    def is_decided(self) -> bool:
        return not self.open and not self.from_registers


def calculate(service: ServiceVersion, said: Mapping[str, str], *, on: date) -> Calculated:
    questions = catalogue.list_questions(service, on=on)
    facts = catalogue.facts_said(questions, said, on=on)
    assessment = catalogue.fee(service, facts, on=on)
    open_ = catalogue.inputs_open(service, facts, on=on)
    asked = {str(question.asked): question.label for question in questions}
    return Calculated(
        rows=shown_fees(assessment.lines),
        total=assessment.total,
        least=catalogue.least_fee(service, on=on),
        fields=[_field(question, said) for question in questions],
        open=[asked[name] for name in open_ if name in asked],
        from_registers=bool(service.item_lines) or any(name not in asked for name in open_),
        costs=bool(service.fee_lines or service.item_lines),
    )


def _field(question: catalogue.Question, said: Mapping[str, str]) -> Field:
    value = catalogue.value_said(question, said) or ""
    options = _options(question)
    if options:
        return Field(question.name, text(question.label), "select", value, options=options, apart="calculated")
    return Field(question.name, text(question.label), "digits", value, width=4, length_max=6, apart="calculated")


def _options(question: catalogue.Question) -> tuple[Option, ...]:
    if question.options:
        return tuple(Option(option.value, text(option.label)) for option in question.options)
    if question.minimum is None or question.maximum is None or question.maximum - question.minimum >= LISTED_MAX:
        return ()
    return tuple(Option(str(number), str(number)) for number in range(question.minimum, question.maximum + 1))
