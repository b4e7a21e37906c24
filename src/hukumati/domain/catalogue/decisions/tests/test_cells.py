"""Cells as tables: what is written, and what it says of a value."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.catalogue.decisions.cells import CellMalformedError, read_cell, read_list, read_literal, written
from hukumati.domain.catalogue.decisions.facts import Type
from hukumati.domain.catalogue.decisions.tests.tables_written import VALUES

ST, NU, BO, DA = Type.STRING, Type.NUMBER, Type.BOOLEAN, Type.DATE
NEW_YEAR = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("cell", "kind", "holds", "not_holds"),
    [
        ("-", ST, ["a", None], []),
        ("", NU, [1, None], []),
        ('"a"', ST, ["a"], ["b", None]),
        ('"a", "b"', ST, ["a", "b"], ["c", ""]),
        ('not("a", "b")', ST, ["c", None], ["a", "b"]),
        (r'"a\"b\\"', ST, ['a"b\\'], ['a\\"b']),
        ('"تطوعي"', ST, ["تطوعي"], ["تطوعى"]),
        ("18", NU, [18, Decimal(18)], [17, None]),
        ("-3", NU, [-3], [3]),
        ("2.5", NU, [Decimal("2.5")], [2]),
        ("< 18", NU, [17, -5], [18, None]),
        ("<=18", NU, [18], [19]),
        ("> 2.5", NU, [3], [Decimal("2.5")]),
        (">= 18", NU, [18], [17]),
        ("[18..60)", NU, [18, 59], [17, 60, None]),
        ("(18..60]", NU, [19, 60], [18, 61]),
        ("]18..60[", NU, [19, 59], [18, 60]),
        ("[1..3], 5, > 9", NU, [1, 3, 5, 10], [4, 9]),
        ("not([1..3], 5)", NU, [4, 6], [2, 5, None]),
        ("[1.5..2]", NU, [Decimal("1.5")], [1]),
        ("true", BO, [True], [False, None]),
        ("not(true)", BO, [False, None], [True]),
        ('date("2026-01-01")', DA, [NEW_YEAR], [date(2026, 1, 2)]),
        ('< date("2026-01-01")', DA, [date(2025, 12, 31)], [NEW_YEAR]),
        ('[date("2026-01-01")..date("2026-06-30")]', DA, [NEW_YEAR], [date(2026, 7, 1)]),
        ("null", NU, [None], [0]),
        ("not(null)", NU, [0], [None]),
        ("null, < 18", NU, [None, 3], [18]),
    ],
)
def test_a_cell_says_what_it_holds_for(cell, kind, holds, not_holds):
    read = read_cell(cell, kind)
    assert [value for value in holds if not read.holds(value)] == []
    assert [value for value in not_holds if read.holds(value)] == []


@pytest.mark.parametrize(
    ("cell", "kind", "says"),
    [
        ("worker", ST, "write a text in double quotes"),
        ("'worker'", ST, "double quotes"),
        ('"worker', ST, "double quotes"),
        ('"a" "b"', ST, "too much"),
        ('"a",', ST, "write a text"),
        ('< "a"', ST, "only numbers and dates"),
        ('"18"', NU, "write a number"),
        ("1e9", NU, "too much"),
        ("1,5.", NU, "cannot be read"),
        ("[18..]", NU, "write a number"),
        ("[18-60]", NU, "two dots"),
        ("[60..18]", NU, "lower end comes first"),
        ("(18..18]", NU, "lower end comes first"),
        ("[1..2", NU, "a range ends"),
        ("[null..2]", NU, "both ends"),
        ("not 18", NU, "is missing"),
        ("not(18", NU, "is missing"),
        ("not()", NU, "write a number"),
        ("not(not(18))", NU, "write a number"),
        ("yes", BO, "true or false"),
        ("True", BO, "cannot be read"),
        ('date("2026-02-30")', DA, "is no day"),
        ('date("2026-W01-1")', DA, "is no day"),
        ("2026-01-01", DA, "write a date"),
        ("1, " * 100 + "1", NU, "values at most"),
        ("1" * 500, NU, "letters at most"),
    ],
)
def test_a_cell_that_cannot_be_read_says_what_to_write(cell, kind, says):
    with pytest.raises(CellMalformedError, match=says):
        read_cell(cell, kind)


@pytest.mark.parametrize(
    "hostile",
    [
        "__import__('os').system('touch /tmp/owned')",
        "${7*7}",
        "{{ 7*7 }}",
        "if true then 1 else 2",
        'date("2026-01-01") - duration("P1D")',
        "function() external { java: { class: 'x' } }",
        "record.amount * 2",
        "some x in [1] satisfies x",
        "\x00",
        "(" * 300,
        "[" * 200 + "1" + "]" * 100,
    ],
)
@pytest.mark.parametrize("kind", list(Type))
def test_a_hostile_cell_runs_nothing_and_is_no_cell(hostile, kind):
    for reader in (read_cell, read_literal, read_list):
        with pytest.raises(CellMalformedError):
            reader(hostile, kind)


@given(st.text(max_size=80), st.sampled_from(Type))
def test_any_text_is_a_cell_or_is_refused(text, kind):
    with suppress(CellMalformedError):
        read_cell(text, kind)


@given(st.sampled_from(Type).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_a_value_written_and_read_is_the_value(kind_and_value):
    kind, value = kind_and_value
    assert read_literal(written(value), kind) == value
    assert read_cell(written(value), kind).holds(value)
