"""Money, identity numbers, words and days."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.il import idnr

from hukumati.kernel.calendar import WorkingCalendar
from hukumati.kernel.money import CurrencyMismatchError, Money, total
from hukumati.kernel.national_id import NationalId, NationalIdMalformed
from hukumati.kernel.reference import is_reference, new_reference
from hukumati.kernel.text import cleaned, folded, only_digits


@pytest.mark.parametrize(
    ("money", "shown"), [(Money(123450), "1,234.50"), (Money(-5), "-0.05"), (Money(1500, "JOD"), "1.500")]
)
def test_money_shows_the_digits_of_its_currency(money, shown):
    assert str(money) == shown


def test_money_refuses_two_currencies_in_one_sum():
    with pytest.raises(CurrencyMismatchError):
        Money(1) + Money(1, "USD")


def test_money_refuses_floats():
    with pytest.raises(TypeError):
        Money(1.5)


def test_total_of_nothing_is_nothing():
    assert total(()) == Money(0)


@given(st.integers(0, 999_999_999))
def test_check_digit_agrees_with_the_reference_library(number):
    digits = f"{number:09d}"
    if number:
        assert NationalId(digits).check_digit_holds == idnr.is_valid(digits)


@pytest.mark.parametrize("typed", [" 900 123 456", "٩٠٠١٢٣٤٥٦", "900-123-456", "\u200f900123456\u200e"])
def test_an_id_is_read_as_people_type_it(typed):
    assert NationalId.parse(typed).digits == "900123456"


@pytest.mark.parametrize("typed", ["", "12345678", "1234567890", "90012345x", "900123²56"])
def test_what_is_not_nine_digits_is_refused(typed):
    with pytest.raises(NationalIdMalformed):
        NationalId.parse(typed)


def test_letters_stay_as_typed_but_match_without_their_hamza():
    assert cleaned("  أحمد\u202e  ") == "أحمد"
    assert folded("إخراج قيدٍ") == folded("اخراج قيد")
    assert only_digits("(059) 123-4567") == "0591234567"


@given(st.integers(2020, 2099))
def test_references_are_recognised(year):
    assert is_reference(new_reference("A", year=year))
    assert not is_reference("A-2026-1")


THURSDAY, SUNDAY, MONDAY = date(2026, 11, 26), date(2026, 11, 29), date(2026, 11, 30)


def test_friday_and_saturday_do_not_count():
    assert WorkingCalendar().days_after(THURSDAY, 1) == SUNDAY


def test_a_holiday_does_not_count():
    assert WorkingCalendar(holidays={SUNDAY: "x"}).days_after(THURSDAY, 1) == MONDAY


def test_asked_after_closing_counts_from_the_next_day():
    calendar = WorkingCalendar()
    early = calendar.promised_at(datetime(2026, 11, 23, 8, 0, tzinfo=UTC), 1)
    late = calendar.promised_at(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), 1)
    assert (early.date(), late.date()) == (date(2026, 11, 24), date(2026, 11, 25))
