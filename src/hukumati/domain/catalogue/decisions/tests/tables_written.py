"""Tables for tests, and tables by the hundred: whatever can be declared."""

from __future__ import annotations

from hypothesis import strategies as st

from hukumati.domain.catalogue.decisions.cells import written
from hukumati.domain.catalogue.decisions.facts import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputColumn,
    OutputColumn,
    Rule,
    Type,
)
from hukumati.domain.catalogue.decisions.tables import read_table

CATEGORY = InputColumn("category", "record.category", Type.STRING)
AGE = InputColumn("age", "age_of(subject.birth_date)", Type.NUMBER)
AMOUNT = OutputColumn("amount_minor", Type.NUMBER)


def a_table(*rows, inputs=(CATEGORY, AGE), outputs=(AMOUNT,), policy=HitPolicy.UNIQUE, aggregation=None):
    rules = tuple(Rule(tuple(row[: len(inputs)]), tuple(row[len(inputs) :])) for row in rows)
    return read_table(DecisionTable("tariff", inputs, outputs, rules, policy, aggregation))


NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,12}\Z")
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=12)
VALUES = {
    Type.STRING: WORDS,
    Type.NUMBER: st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=2),
    Type.BOOLEAN: st.booleans(),
    Type.DATE: st.dates(),
}


@st.composite
def cells(draw, kind):
    listed = draw(st.lists(VALUES[kind], min_size=1, max_size=4))
    text = ", ".join(written(value) for value in listed)
    shapes = ["-", text, f"not({text})"]
    if kind in (Type.NUMBER, Type.DATE):
        low, high = sorted(draw(st.tuples(VALUES[kind], VALUES[kind])))
        shapes += [f"< {written(low)}", f">={written(low)}"]
        if low < high:
            opening, closing = draw(st.sampled_from("[(]")), draw(st.sampled_from("])["))
            shapes.append(f"{opening}{written(low)}..{written(high)}{closing}")
    return draw(st.sampled_from(shapes))


@st.composite
def declared(draw):
    """Any table that reads: columns of every type, every hit policy."""
    kinds = draw(st.lists(st.sampled_from(Type), min_size=1, max_size=3))
    outs = draw(st.lists(st.sampled_from(Type), min_size=1, max_size=2))
    names = draw(st.lists(NAMES, min_size=len(kinds) + len(outs), max_size=len(kinds) + len(outs), unique=True))
    inputs = tuple(
        InputColumn(name, f"record.{name}", kind, draw(st.just("") | cells(kind)))
        for name, kind in zip(names, kinds, strict=False)
    )
    outputs = tuple(
        OutputColumn(name, kind, values, default)
        for name, kind in zip(names[len(kinds) :], outs, strict=True)
        for values in [", ".join(written(value) for value in draw(st.lists(VALUES[kind], max_size=2)))]
        for default in [draw(st.just("") | VALUES[kind].map(written))]
    )
    rule = st.builds(
        Rule,
        st.tuples(*(cells(kind) for kind in kinds)),
        st.tuples(*(VALUES[kind].map(written) for kind in outs)),
        WORDS.map(str.strip),
    )
    policy = draw(st.sampled_from(HitPolicy))
    added = policy == HitPolicy.COLLECT and outs == [Type.NUMBER]
    aggregation = draw(st.sampled_from([None, *Aggregation])) if added else None
    return DecisionTable(
        draw(NAMES), inputs, outputs, tuple(draw(st.lists(rule, min_size=1, max_size=4))), policy, aggregation
    )
