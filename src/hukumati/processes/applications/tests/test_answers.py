"""What people type on a page, read: sloppy writing accepted, the impossible refused with a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.catalogue.facts import Field, FieldKind, Items, Option, Page, Shown, When
from hukumati.kernel.text import Text
from hukumati.processes.applications.answers import fits, read_page

WORDS = Text("سؤال", "Question")


def a_field(kind, **more):
    return Field(more.pop("id", "it"), FieldKind(kind), WORDS, **more)


def read(field, typed, *others, answers=None, offices=frozenset()):
    page = Page("page", WORDS, (*others, field))
    return read_page(page, typed, answers=answers or {}, offices=offices)


COPIES = a_field("integer", minimum=1, maximum=5)
LANGUAGE = a_field("choice", options=(Option("ar", WORDS), Option("en", WORDS)))


@pytest.mark.parametrize(("typed", "value"), [("3", 3), (" ٣ ", 3), ("۳", 3), ("3\u200f", 3), ("0 3", 3)])
def test_a_number_is_read_in_any_digits(typed, value):
    assert read(COPIES, {"it": typed}).values == {"it": value}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "answers.required"),
        ("0", "answers.too_small"),
        ("6", "answers.too_large"),
        ("-1", "answers.not_a_number"),
        ("many", "answers.not_a_number"),
        ("1.5e3", "answers.not_a_number"),
        ("9" * 40, "answers.not_a_number"),
        ("x" * 5000, "answers.too_long"),
        ("²", "answers.not_a_number"),
    ],
)
def test_a_wrong_number_has_a_code(typed, code):
    read_ = read(COPIES, {"it": typed})
    assert read_.errors["it"][0] == code
    assert "it" not in read_.values


def test_only_offered_answers_can_be_chosen():
    assert read(LANGUAGE, {"it": "ar"}).values == {"it": "ar"}
    assert read(LANGUAGE, {"it": "fr"}).errors["it"][0] == "answers.not_a_choice"


def test_an_office_is_one_of_the_service():
    office = a_field("office")
    assert read(office, {"it": "nablus"}, offices=frozenset({"nablus"})).values == {"it": "nablus"}
    assert read(office, {"it": "nablus"}).errors["it"][0] == "answers.not_a_choice"


def test_what_is_not_asked_is_not_read_and_its_old_answer_is_emptied():
    pick_up = a_field("pick_up", id="pick_up", options=(Option("download", WORDS), Option("counter", WORDS)))
    office = a_field("office", id="office", when=When("pick_up", "counter"))
    page = Page("page", WORDS, (pick_up, office))
    read_ = read_page(page, {"pick_up": "download", "office": "hostile"}, answers={"office": "nablus"})
    assert read_.values == {"pick_up": "download", "office": None}
    assert not read_.errors


@pytest.mark.parametrize(
    ("day", "month", "year", "value"), [("27", "3", "2019", "2019-03-27"), ("٢٧", "٠٣", "٢٠١٩", "2019-03-27")]
)
def test_a_date_is_three_boxes(day, month, year, value):
    typed = {"it_day": day, "it_month": month, "it_year": year}
    assert read(a_field("date"), typed).values == {"it": value}


@pytest.mark.parametrize("parts", [("31", "2", "2020"), ("1", "1", ""), ("a", "1", "2020"), ("1", "1", "99999")])
def test_an_impossible_date_is_refused(parts):
    typed = dict(zip(("it_day", "it_month", "it_year"), parts, strict=True))
    assert read(a_field("date"), typed).errors["it"][0] == "answers.not_a_date"


def test_digits_keep_their_leading_zeros():
    digits = a_field("digits", length_exact=4)
    assert read(digits, {"it": "00-12"}).values == {"it": "0012"}
    assert read(digits, {"it": "123"}).errors["it"] == ("answers.wrong_length", {"exact": 4})


def test_text_loses_control_characters_only():
    assert read(a_field("text"), {"it": " أحمد\u202e\x00 "}).values == {"it": "أحمد"}


def test_an_optional_field_may_be_empty():
    assert read(a_field("text", required=False), {}).values == {"it": None}


@given(st.text(max_size=300))
def test_no_text_breaks_any_kind(typed):
    for kind in ("choice", "integer", "text", "digits", "yes_no", "office", "pick_up"):
        read_ = read(a_field(kind, length_max=50), {"it": typed})
        assert set(read_.values) | set(read_.errors) == {"it"}


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_text_breaks_a_date(day, month, year):
    read_ = read(a_field("date"), {"it_day": day, "it_month": month, "it_year": year})
    assert set(read_.values) | set(read_.errors) == {"it"}


FINES = {
    "fines": {
        "list": [
            {"number": "F-1", "state": "unpaid"},
            {"number": "F-2", "state": "unpaid"},
            {"number": "F-3", "state": "paid"},
            {"state": "unpaid"},
        ]
    }
}


def unpaid(*, all_required=False, **more):
    items = Items("number", (Shown("number"),), all_required=all_required, only="state", one_of=("unpaid",))
    return a_field("items", fact="fines.list", items=items, **more)


@pytest.mark.parametrize(
    ("field", "facts", "sent", "value"),
    [
        (unpaid(), FINES, ["F-2", "F-1", "F-2"], ["F-1", "F-2"]),
        (unpaid(), FINES, "F-1", ["F-1"]),
        (unpaid(required=False), FINES, None, []),
        (unpaid(), {}, None, []),
        (unpaid(), {"fines": {"list": "hostile"}}, None, []),
        (unpaid(all_required=True), FINES, ["F-1", "F-2"], ["F-1", "F-2"]),
    ],
)
def test_items_are_chosen_out_of_what_the_registry_gave(field, facts, sent, value):
    typed = {} if sent is None else {"it": sent}
    page = Page("page", WORDS, (field,))
    assert read_page(page, typed, answers={}, facts=facts).values == {"it": value}
    assert fits(field, value, facts)


@pytest.mark.parametrize(
    ("field", "sent", "code"),
    [
        (unpaid(), [], "answers.required"),
        (unpaid(), ["F-3"], "answers.not_a_choice"),
        (unpaid(), ["F-9"], "answers.not_a_choice"),
        (unpaid(), ["F-1", "None"], "answers.not_a_choice"),
        (unpaid(all_required=True), ["F-1"], "answers.not_all_chosen"),
    ],
)
def test_items_that_were_not_offered_or_are_left_out_are_refused(field, sent, code):
    read_ = read_page(Page("page", WORDS, (field,)), {"it": sent}, answers={}, facts=FINES)
    assert (read_.errors["it"][0], read_.values) == (code, {})


def test_a_choice_no_longer_fits_when_the_registry_changed_its_list():
    assert not fits(unpaid(), ["F-1"], {"fines": {"list": []}})
    assert not fits(unpaid(), None, FINES)
    assert not fits(unpaid(all_required=True), ["F-1"], FINES)
