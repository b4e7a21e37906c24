"""Decisions a second by a table of twelve rules, beside the same tariff as a plain dictionary; and what reading and proving a table costs. `python -m benchmarks.tables [--quick]`"""

from __future__ import annotations

import random
import time
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.results import Section, is_quick
from hukumati.domain.catalogue.decisions.cells import Between, Cell
from hukumati.domain.catalogue.decisions.dmn import as_dmn, read_dmn
from hukumati.domain.catalogue.decisions.facts import DecisionTable, InputColumn, OutputColumn, Rule, Type
from hukumati.domain.catalogue.decisions.proofs import Domain, prove
from hukumati.domain.catalogue.decisions.tables import decide, read_table

if TYPE_CHECKING:
    from collections.abc import Callable

ON = date(2026, 4, 1)
CATEGORIES, MONTHS = ("voluntary", "worker", "employee", "social"), (3, 6, 12)
SECONDS = 0.3 if is_quick() else 3.0
ROUNDS = 1 if is_quick() else 3


def tariff(categories: tuple[str, ...]) -> DecisionTable:
    """Insurance by category and months, free under a year of age: a rule for each pair, two columns of texts and numbers and one derived."""
    inputs = (
        InputColumn("category", "insurance.category", Type.STRING, ", ".join(f'"{one}"' for one in categories)),
        InputColumn("months", "answers.months", Type.NUMBER, ", ".join(map(str, MONTHS))),
        InputColumn("age", "age_of(subject.birth_date)", Type.NUMBER),
    )
    rules = [
        Rule((f'"{one}"', str(months), ">= 0"), (str((place + 1) * months * 250),))
        for place, one in enumerate(categories)
        for months in MONTHS
    ]
    return DecisionTable("tariff", inputs, (OutputColumn("amount_minor", Type.NUMBER),), tuple(rules))


def domains(categories: tuple[str, ...]) -> list[Domain]:
    return [Domain(options=categories), Domain(options=MONTHS), Domain(Cell((Between(low=0),)), whole=True)]


def a_second(work: Callable[[], object]) -> float:
    """How often it is done in a second: the middle of the rounds."""
    rates = []
    for _round in range(ROUNDS):
        count, began = 0, time.perf_counter()
        while (took := time.perf_counter() - began) < SECONDS:
            for _ in range(100):
                work()
            count += 100
        rates.append(count / took)
    return median(rates)


def main() -> None:
    section = Section("tables", "Decision tables")
    table, chance = read_table(tariff(CATEGORIES)), random.Random(1)
    cases = [
        {
            "insurance": {"category": chance.choice(CATEGORIES)},
            "answers": {"months": chance.choice(MONTHS)},
            "subject": {"birth_date": f"{chance.randrange(1940, 2025)}-05-17"},
        }
        for _ in range(1000)
    ]
    plain = {(one, months): (place + 1) * months * 250 for place, one in enumerate(CATEGORIES) for months in MONTHS}

    def by_table() -> object:
        outputs = decide(table, chance.choice(cases), on=ON).outputs
        return outputs and outputs["amount_minor"]

    def by_dictionary() -> object:
        case = chance.choice(cases)
        return plain[case["insurance"]["category"], case["answers"]["months"]]

    decisions = section.table("12 rules, 3 inputs, one of them derived", "decisions a second", "microseconds each")
    rates = {name: a_second(work) for name, work in (("table", by_table), ("plain dictionary", by_dictionary))}
    for name, rate in rates.items():
        decisions.add(name, f"{rate:,.0f}", f"{1_000_000 / rate:.2f}")
    section.note(
        f"A plain dictionary is {rates['plain dictionary'] / rates['table']:.0f} times as fast, and proves nothing."
    )

    loading = section.table("rules", "read ms", "proved ms", "XML written and read ms")
    for count in (4, 20, 55):
        categories = tuple(f"c{number}" for number in range(count))
        declared = tariff(categories)
        read = read_table(declared)
        assert list(prove(read, domains(categories))) == []
        times = [
            1000 / a_second_once(work)
            for work in (
                lambda d=declared: read_table(d),
                lambda r=read, c=categories: list(prove(r, domains(c))),
                lambda d=declared: read_dmn(as_dmn(d)),
            )
        ]
        loading.add(len(declared.rules), *(f"{took:.1f}" for took in times))
    section.aim("decisions a second by a table of 12 rules", rates["table"], 5_000, at_most=False)
    section.save()


def a_second_once(work: Callable[[], object]) -> float:
    """The best of a few single runs: for what takes milliseconds."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return 1 / best


if __name__ == "__main__":
    main()
