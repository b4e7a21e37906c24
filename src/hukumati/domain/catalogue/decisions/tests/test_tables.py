"""What a table answers, by its hit policy, and what it proves of itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.catalogue.decisions import proofs
from hukumati.domain.catalogue.decisions.cells import Between, Cell
from hukumati.domain.catalogue.decisions.facts import Aggregation, HitPolicy, InputColumn, OutputColumn, Type
from hukumati.domain.catalogue.decisions.proofs import ANYTHING_ELSE, Domain, TableTooWideError, prove
from hukumati.domain.catalogue.decisions.tables import TableMalformedError, answer, decide, is_settled, read_table
from hukumati.domain.catalogue.decisions.tests.tables_written import AGE, a_table, declared

ON = date(2026, 4, 1)
ANY_AGE = Domain(Cell((Between(low=0),)), whole=True)
ANY = Domain()
REASON = OutputColumn("refusal", Type.STRING, values='"dead", "young"')


def facts(category=None, born=None):
    return {"record": {"category": category}, "subject": {"birth_date": born}}


def findings(table, *domains):
    return [(found.code, found.rules) for found in prove(table, domains or (ANY, ANY_AGE))]


@pytest.mark.parametrize(
    ("policy", "aggregation", "said"),
    [
        (HitPolicy.FIRST, None, 100),
        (HitPolicy.COLLECT, Aggregation.SUM, 350),
        (HitPolicy.COLLECT, Aggregation.MIN, 50),
        (HitPolicy.COLLECT, Aggregation.MAX, 200),
        (HitPolicy.COLLECT, Aggregation.COUNT, 3),
        (HitPolicy.COLLECT, None, [100, 50, 200]),
    ],
)
def test_rules_that_hold_become_one_answer(policy, aggregation, said):
    table = a_table(
        ('"worker"', "-", "100"), ("-", ">= 18", "50"), ('not("case")', "-", "200"), ('"case"', "-", "999"),
        policy=policy, aggregation=aggregation,
    )  # fmt: skip
    assert decide(table, facts("worker", "1990-01-01"), on=ON).outputs == {"amount_minor": said}


def test_by_priority_the_output_that_stands_first_wins():
    rows = (("-", "< 18", '"young"'), ('"gone"', "-", '"dead"'), ("-", ">= 18", "-"))
    table = a_table(*rows, outputs=(REASON,), policy=HitPolicy.PRIORITY)
    assert decide(table, facts("gone", "2015-01-01"), on=ON).outputs == {"refusal": "dead"}
    assert decide(table, facts("here", "2015-01-01"), on=ON).outputs == {"refusal": "young"}
    assert decide(table, facts("here", "1990-01-01"), on=ON).outputs == {"refusal": None}


def test_what_is_not_known_decides_nothing_and_is_named():
    table = a_table(('"worker"', "< 18", "0"), ('"worker"', ">= 18", "100"), ('not("worker")', "-", "7"))
    undecided = decide(table, facts("worker"), on=ON)
    assert (undecided.outputs, undecided.unknown) == (None, ("age_of(subject.birth_date)",))
    assert decide(table, facts("other"), on=ON).outputs == {"amount_minor": 7}
    assert not is_settled(table, facts("worker"), on=ON)
    assert is_settled(table, facts("other"), on=ON)


def test_a_default_is_for_what_is_known_and_meets_no_rule():
    outputs = (OutputColumn("amount_minor", Type.NUMBER, default="5"),)
    table = a_table(('"worker"', "-", "100"), outputs=outputs)
    assert decide(table, facts("other"), on=ON).outputs == {"amount_minor": 5}
    assert decide(table, facts(), on=ON).outputs is None


@pytest.mark.parametrize("nonsense", [7, True, ["worker"], {"a": 1}, 1.5])
def test_a_value_of_another_type_is_not_known(nonsense):
    table = a_table(('"worker"', "-", "100"), ('not("worker")', "-", "0"))
    assert decide(table, facts(nonsense), on=ON).outputs == {"amount_minor": 0}
    table = a_table(('"worker"', "-", "100"), ('"other"', "-", "0"))
    assert decide(table, facts(nonsense), on=ON).outputs is None


def test_a_value_that_may_not_be_is_not_known():
    column = InputColumn("category", "record.category", Type.STRING, values='"worker", "other"')
    table = a_table(('"worker"', "100"), ('not("worker")', "0"), inputs=(column,))
    assert decide(table, facts("other"), on=ON).outputs == {"amount_minor": 0}
    assert answer(table, [None]).outputs == {"amount_minor": 0}  # not("worker") speaks of the unknown too
    assert not is_settled(table, facts("nonsense"), on=ON)


@pytest.mark.parametrize(("told", "said"), [(0.1, 1), (float("nan"), None), (float("inf"), None), (10**30, 2)])
def test_decimals_are_what_they_are_written_as(told, said):
    mean = InputColumn("mean", "record.category", Type.NUMBER)
    table = a_table(("[0..0.1]", "1"), ("> 0.1", "2"), inputs=(mean,))
    outputs = decide(table, facts(told), on=ON).outputs
    assert (outputs and outputs["amount_minor"]) == said


def test_every_cell_that_cannot_be_read_is_told_at_once():
    with pytest.raises(TableMalformedError) as error:
        a_table(("worker", "[1", "x"), inputs=(InputColumn("category", "record", Type.STRING), AGE))
    assert [(fault.rule, fault.column) for fault in error.value.faults] == [
        (None, "category"),
        (0, "category"),
        (0, "age"),
        (0, "amount_minor"),
    ]


@pytest.mark.parametrize(
    ("rows", "policy", "found"),
    [
        ([('"a"', "-", "1"), ('not("a")', "-", "2")], "UNIQUE", []),
        ([('"a"', "-", "1"), ("-", "< 18", "2"), ('not("a")', ">= 18", "3")], "UNIQUE", [("rules_overlap", (0, 1))]),
        ([("-", "< 18", "1"), ("-", "> 18", "2")], "UNIQUE", [("gap", ())]),
        ([("-", "<= 17", "1"), ("-", ">= 18", "2")], "UNIQUE", []),  # nothing lies between whole years
        ([('"a"', "-", "1")], "UNIQUE", [("gap", ())]),
        ([("-", "< 0", "1"), ("-", "-", "2")], "FIRST", [("rule_never_holds", (0,))]),
        ([("-", "< 18", "1"), ("-", "-", "2"), ('"a"', "-", "3")], "FIRST", [("rule_never_reached", (2,))]),
        ([("-", "< 18", "1"), ("-", ">= 10", "1")], "ANY", []),
        ([("-", "< 18", "1"), ("-", ">= 10", "2")], "ANY", [("rules_disagree", (0, 1))]),
        ([('"a"', "[3..9]", "1")], "COLLECT", []),
        ([("null", "-", "1"), ("not(null)", "-", "2")], "UNIQUE", []),
        ([("null", "-", "1"), ('"a"', "-", "2")], "UNIQUE", [("gap", ())]),
    ],
)
def test_what_is_wrong_with_the_rules_together_is_found(rows, policy, found):
    assert findings(a_table(*rows, policy=HitPolicy(policy))) == found


def test_a_gap_is_told_by_an_example():
    table = a_table(('"a"', "-", "1"), ('not("a")', "< 18", "2"))
    (gap,) = prove(table, (Domain(options=("a", "b")), ANY_AGE))
    assert gap.example == 'category = "b", age = 18'


def test_a_question_that_may_stay_open_needs_a_rule_for_it():
    table = a_table(('"a"', "-", "1"), ('"b"', "-", "2"))
    assert findings(table, Domain(options=("a", "b")), ANY_AGE) == []
    assert findings(table, Domain(options=("a", "b"), unknown=True), ANY_AGE) == [("gap", ())]


def test_dense_numbers_have_something_between():
    table = a_table(("-", "[0..3]", "1"), ("-", ">= 4", "2"), ("-", "< 0", "3"))
    assert findings(table, ANY, Domain(whole=True)) == []
    assert findings(table, ANY, Domain()) == [("gap", ())]


def test_a_table_too_wide_to_prove_is_said_to_be(monkeypatch):
    monkeypatch.setattr(proofs, "STEPS_MAX", 0)
    table = a_table(*((f'"{word}"', f"< {n}", "1") for n, word in enumerate("abcdef")))
    with pytest.raises(TableTooWideError):
        findings(table)


STAND_INS = st.sampled_from(["a", "b", "c", "d", None])
AGES = st.integers(0, 40)


@st.composite
def small_tables(draw):
    """Two columns, cells over few values: the proof can be compared with trying everything."""
    words = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=2, unique=True).map(
        lambda listed: ", ".join(f'"{word}"' for word in listed)
    )
    text = st.just("-") | words | words.map(lambda listed: f"not({listed})")
    low = st.integers(0, 30)
    ages = st.just("-") | low.map(lambda n: f"< {n}") | low.map(lambda n: f">= {n}")
    ages |= st.tuples(low, st.integers(1, 9)).map(lambda pair: f"[{pair[0]}..{sum(pair)})")
    rows = draw(st.lists(st.tuples(text, ages, st.integers(0, 3).map(str)), min_size=1, max_size=5))
    return a_table(*rows, policy=draw(st.sampled_from([HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY])))


@given(small_tables())
def test_the_proof_says_what_trying_everything_says(table):
    found = {(one.code, one.rules) for one in prove(table, (ANY, ANY_AGE))}
    everything = [(word, age) for word in ("a", "b", "c", ANYTHING_ELSE) for age in range(60)]
    held = {
        point: [n for n, row in enumerate(table.tests) if row[0].holds(point[0]) and row[1].holds(point[1])]
        for point in everything
    }
    assert (("gap", ()) in found) is any(not rules for rules in held.values())
    assert {rules for code, rules in found if code == "rule_never_holds"} == {
        (n,) for n in range(len(table.tests)) if not any(n in rules for rules in held.values())
    }
    if table.declared.hit_policy == HitPolicy.UNIQUE:
        pairs = {(a, b) for rules in held.values() for a in rules for b in rules if a < b}
        assert {rules for code, rules in found if code == "rules_overlap"} == pairs
    if table.declared.hit_policy == HitPolicy.FIRST:
        reached = {rules[0] for rules in held.values() if rules}
        never = {rules[0] for code, rules in found if code.startswith("rule_never")}
        assert never == set(range(len(table.tests))) - reached


@given(small_tables(), STAND_INS, AGES | st.none())
def test_a_settled_answer_stays_whatever_is_learnt(table, word, age):
    def known(values):
        year = {a: date(2026 - a, 1, 1).isoformat() for a in range(60)}
        return facts(values[0], None if values[1] is None else year[values[1]])

    if not is_settled(table, known((word, age)), on=ON):
        return
    now = answer(table, [word, age])
    for other_word in (word,) if word else ("a", "b", "c", "d"):
        for other_age in (age,) if age is not None else range(60):
            assert answer(table, [other_word, other_age]).rules[:1] == now.rules[:1]


@given(declared())
def test_every_declared_table_reads_and_decides(table):
    read = read_table(table)
    assert decide(read, {}, on=ON).outputs is None or decide(read, {}, on=ON).outputs
    assert len(read.tests) == len(table.rules)


def test_sums_stay_whole():
    table = a_table(("-", "-", "100"), ("-", "-", "50"), policy=HitPolicy.COLLECT, aggregation=Aggregation.SUM)
    assert type(decide(table, {}, on=ON).outputs["amount_minor"]) is int
