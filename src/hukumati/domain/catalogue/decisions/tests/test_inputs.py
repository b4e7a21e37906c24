"""What conditions and tables look at."""

from datetime import date

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from hukumati.domain.catalogue.decisions.inputs import (
    WORDS,
    Input,
    fact_giving,
    given,
    read_input,
    value_of,
    whole_years,
)

ON = date(2026, 3, 1)
FACTS = {
    "record": {"born": "2008-02-29", "due": date(2026, 3, 31), "seen_at": "2026-02-27T23:30:00+00:00", "list": [1, 2]},
    "answers": {"copies": 2},
}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("answers.copies", 2),
        ("age_of(record.born)", 18),
        (" age_of( record.born ) ", 18),
        ("days_until(record.due)", 30),
        ("days_since(record.due)", -30),
        ("days_since(record.seen_at)", 1),  # already the next day in the country
        ("count_of(record.list)", 2),
        ("count_of(record.born)", None),
        ("age_of(record.list)", None),
        ("age_of(record.due)", None),  # not born yet
        ("age_of(record.nobody)", None),
        ("record.born.first", None),
    ],
)
def test_an_input_is_the_fact_or_a_word_about_it(written, value):
    assert value_of(written, FACTS, on=ON) == value


@pytest.mark.parametrize(
    "hostile",
    [
        "__import__('os').system('true')",
        "age_of(record.born",
        "record.born)",
        "age_of(age_of(record.born))",
        "record.__class__",
        "len(record.list)",
        "record",
        "record..born",
        "record.born; answers.copies",
        "",
        "a." * 500 + "b",
    ],
)
def test_what_is_written_otherwise_is_no_input(hostile):
    assert read_input(hostile) is None
    assert value_of(hostile, FACTS, on=ON) is None


@given_any(st.text(max_size=60))
def test_any_text_is_an_input_that_writes_itself_or_none(text):
    found = read_input(text)
    assert found is None or (read_input(str(found)) == found and isinstance(found, Input))


@given_any(st.sampled_from(sorted(WORDS)), st.integers(0, 120), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_fact_is_found_that_gives_a_value(word, value, on):
    asked = Input("record.born", word)
    assert given(asked, {"record": {"born": fact_giving(asked, value, on=on)}}, on=on) == value


@given_any(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 36_000))
def test_nobody_grows_younger(born, days):
    day = date.fromordinal(born.toordinal() + days)
    assert 0 <= whole_years(born, day) <= whole_years(born, date.fromordinal(day.toordinal() + 1))
