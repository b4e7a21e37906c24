"""Values as people read them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from hukumati.kernel.money import Money
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.text import Text
from hukumati.web.ui import writing

NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(params=["ar", "en"])
def both(request):
    with translation.override(request.param):
        yield request.param


def test_money_is_isolated_with_its_sign(both):
    assert writing.money(Money(6000)) == '<bdi class="num">60.00 ₪</bdi>'
    assert writing.money(Money(-128450000)) == '<bdi class="num">-1,284,500.00 ₪</bdi>'


def test_a_currency_named_by_a_word_keeps_the_word_outside_the_isolate():
    with translation.override("ar"):
        assert writing.money(Money(12500, "JOD")) == '<bdi class="num">12.500</bdi> دينار أردني'
    with translation.override("en"):
        assert writing.money(Money(12500, "JOD")) == '<bdi class="num">12.500</bdi> Jordanian dinars'


def test_numbers_are_grouped_and_written_in_plain_digits(both):
    assert writing.num(48210) == '<bdi class="num">48,210</bdi>'
    assert writing.num("+12%") == '<bdi class="num">+12%</bdi>'


def test_what_is_isolated_is_escaped_first(both):
    assert "<script>" not in writing.ltr("<script>")
    assert "<b>" not in writing.num("<b>")
    assert "<i>" not in writing.phone("<i>")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+970591234567", "+970 59 123 4567"),
        ("0591234567", "059 123 4567"),
        ("+972561234567", "+972 56 123 4567"),
        ("1700", "1700"),
    ],
)
def test_phones_are_spaced_as_they_are_said(stored, shown):
    assert writing.phone(stored) == f'<bdi class="num" dir="ltr">{shown}</bdi>'


def test_a_masked_phone_and_a_masked_number_tell_their_last_digits_only(both):
    assert "4567" not in writing.phone_masked("+970591234567")
    assert writing.phone_masked("+970591234567").endswith("567</bdi>")
    assert writing.national_id(NationalId("900123457")) == '<bdi class="num" dir="ltr">*****3457</bdi>'
    assert "9001" not in writing.national_id("900123457")


def test_dates_bear_the_months_of_the_levant():
    day = date(2026, 11, 12)
    with translation.override("ar"):
        assert writing.date_element(day) == '<time datetime="2026-11-12">12 تشرين الثاني 2026</time>'
        assert "الخميس 12 تشرين الثاني 2026" in writing.weekday_and_date(day)
    with translation.override("en"):
        assert writing.date_element(day) == '<time datetime="2026-11-12">12 November 2026</time>'
        assert "Thursday 12 November 2026" in writing.weekday_and_date(day)


def test_moments_are_shown_on_the_clock_of_palestine():
    late = datetime(2026, 11, 12, 22, 30, tzinfo=UTC)
    with translation.override("ar"):
        assert "13 تشرين الثاني 2026، " in writing.datetime_element(late)
        assert ">00:30<" in writing.datetime_element(late)
    with translation.override("en"):
        assert "13 November 2026, " in writing.datetime_element(late)
        assert writing.date_element(late) == '<time datetime="2026-11-13">13 November 2026</time>'


@pytest.mark.parametrize(
    ("ago", "arabic", "english"),
    [
        (timedelta(seconds=20), "الآن", "just now"),
        (timedelta(minutes=1), "قبل دقيقة", "1 minute ago"),
        (timedelta(minutes=2), "قبل دقيقتين", "2 minutes ago"),
        (timedelta(minutes=3), "قبل 3 دقائق", "3 minutes ago"),
        (timedelta(minutes=11), "قبل 11 دقيقة", "11 minutes ago"),
        (timedelta(hours=2), "قبل ساعتين", "2 hours ago"),
        (timedelta(days=12), "قبل 12 يوماً", "12 days ago"),
        (timedelta(days=45), "9 تشرين الأول 2026", "9 October 2026"),
        (timedelta(seconds=-5), "الآن", "just now"),
    ],
)
def test_how_long_ago_is_said_in_words(ago, arabic, english):
    with translation.override("ar"):
        assert writing.since(NOON - ago, NOON) == arabic
    with translation.override("en"):
        assert writing.since(NOON - ago, NOON) == english


@pytest.mark.parametrize(
    ("count", "arabic"),
    [(0, "فوري"), (1, "يوم عمل واحد"), (2, "يوما عمل"), (5, "5 أيام عمل"), (15, "15 يوم عمل"), (102, "102 يوم عمل")],
)
def test_working_days_are_counted_as_arabic_counts(count, arabic):
    with translation.override("ar"):
        assert writing.working_days(count) == arabic


def test_a_text_speaks_the_language_of_the_page(both):
    assert writing.text(Text("نعم", "yes")) == {"ar": "نعم", "en": "yes"}[both]
    assert writing.text("as it is") == "as it is"


@pytest.mark.parametrize(("size", "shown"), [(1, "1"), (84_000, "84"), (84_001, "85"), (1_250_000, "1.2")])
def test_file_sizes_are_rounded_for_people(size, shown):
    assert f">{shown}<" in writing.file_size(size)
