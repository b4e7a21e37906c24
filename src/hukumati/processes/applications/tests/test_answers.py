"""What people type on a page, read: sloppy writing accepted, the impossible refused with a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.catalogue.facts import Field, FieldKind, Items, Option, Page, People, Shown, When
from hukumati.domain.catalogue.sdk import person_key
from hukumati.kernel.text import Text
from hukumati.processes.applications.answers import Around, changes_rows, fits, is_asked, read_page, rows_after

WORDS = Text("سؤال", "Question")


def a_field(kind, **more):
    return Field(more.pop("id", "it"), FieldKind(kind), WORDS, **more)


def read(field, typed, *others, answers=None, **around):
    page = Page("page", WORDS, (*others, field))
    return read_page(page, typed, answers=answers or {}, around=Around(**around))


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
    assert read(office, {"it": "nablus"}, offices={"it": frozenset({"nablus"})}).values == {"it": "nablus"}
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
    assert read_page(page, typed, answers={}, around=Around(facts=facts)).values == {"it": value}
    assert fits(field, {"it": value}, facts)


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
    read_ = read_page(Page("page", WORDS, (field,)), {"it": sent}, answers={}, around=Around(facts=FINES))
    assert (read_.errors["it"][0], read_.values) == (code, {})


def test_a_choice_no_longer_fits_when_the_registry_changed_its_list():
    assert not fits(unpaid(), {"it": ["F-1"]}, {"fines": {"list": []}})
    assert not fits(unpaid(), {}, FINES)
    assert not fits(unpaid(all_required=True), {"it": ["F-1"]}, FINES)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (a_field("money"), "1,250.50", 125050),
        (a_field("money"), "١٬٢٥٠٫٥", 125050),
        (a_field("money"), " 12 ₪ ", 1200),
        (a_field("money", currency="JOD"), "0.125", 125),
        (a_field("phone"), "059 123-4567", "+970591234567"),
        (a_field("phone"), "٠٥٦١٢٣٤٥٦٧", "+970561234567"),
        (a_field("phone"), "00972 59 123 4567", "+972591234567"),
        (a_field("phone"), "+970 (0)59 123 4567", "+970591234567"),
        (a_field("iban"), "ps92 pals 0000 0000 0400 1234 5670 2", "PS92PALS000000000400123456702"),
        (a_field("iban"), "PS٩٢PALS000000000400123456702", "PS92PALS000000000400123456702"),
    ],
)
def test_what_people_write_is_understood(field, typed, value):
    assert read(field, {"it": typed}).values == {"it": value}


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        (a_field("money"), "1250,50", "answers.not_money"),
        (a_field("money"), "12.505", "answers.not_money"),
        (a_field("money"), "-5", "answers.not_money"),
        (a_field("money"), "9" * 12, "answers.not_money"),
        (a_field("money"), "٫", "answers.not_money"),
        (a_field("money", minimum=1000), "9.99", "answers.too_small"),
        (a_field("money", maximum=1000), "10.01", "answers.too_large"),
        (a_field("phone"), "02 296 1234", "answers.not_a_mobile"),
        (a_field("phone"), "+1 202 555 0143", "answers.not_a_mobile"),
        (a_field("phone"), "0591234567 ext 5", "answers.not_a_mobile"),
        (a_field("phone"), "call me", "answers.not_a_mobile"),
        (a_field("iban"), "PS92PALS000000000400123456703", "answers.not_an_iban"),
        (a_field("iban"), "PS92", "answers.not_an_iban"),
        (a_field("iban"), "JO94CBJO0010000000000131000302", "answers.iban_of_another_country"),
        (a_field("iban"), "", "answers.required"),
    ],
)
def test_what_may_mean_two_things_or_nothing_is_asked_again(field, typed, code):
    assert read(field, {"it": typed}).errors["it"][0] == code


HELP = a_field("multi", options=(Option("ramp", WORDS), Option("sign", WORDS), Option("seat", WORDS)), maximum=2)


def test_several_options_are_kept_in_the_forms_order():
    assert read(HELP, {"it": ["sign", "ramp", "sign"]}).values == {"it": ["ramp", "sign"]}
    assert read(HELP, {}).errors["it"][0] == "answers.required"
    assert read(HELP, {"it": ["lift"]}).errors["it"][0] == "answers.not_a_choice"
    assert read(HELP, {"it": ["ramp", "sign", "seat"]}).errors["it"] == ("answers.too_many_chosen", {"max": 2})


LOCALITIES = {"nablus-huwara": "nablus", "hebron-yatta": "hebron"}


@pytest.mark.parametrize(
    ("governorate", "locality", "told"),
    [
        ("nablus", "nablus-huwara", {"governorate": "nablus", "locality": "nablus-huwara"}),
        ("", "hebron-yatta", {"governorate": "hebron", "locality": "hebron-yatta"}),
        ("nablus", "", "answers.locality_missing"),
        ("nablus", "hebron-yatta", "answers.place_disagrees"),
        ("nablus", "atlantis", "answers.not_a_choice"),
        ("atlantis", "hebron-yatta", "answers.not_a_choice"),
        ("", "", "answers.required"),
    ],
)
def test_a_place_is_a_governorate_and_one_of_its_localities(governorate, locality, told):
    sent = {"it_governorate": governorate, "it_locality": locality}
    read_ = read(a_field("place"), sent, localities=LOCALITIES)
    assert (read_.values.get("it") or read_.errors["it"][0]) == told


def a_tie(number, kind="child", **more):
    names = {"name_ar": {"first": "سلمى"}, "name_latin": {"first": "Salma"}}
    return {"national_id": number, "kind": kind, **names, "birth_date": "2015-01-25", "minor": True, **more}


def listed(number, **more):
    return {"national_id": number, "tie": "child", "name_ar": "سلمى", "name_latin": "Salma", "included": True, **more}


FAMILY = {
    "family": {
        "ties": [a_tie("1"), a_tie("2"), a_tie("3", kind="spouse"), a_tie("4", alive=False), a_tie("5", kind="parent")]
    },
    "cover": {
        "dependants": [
            listed("1"),
            listed("2", included=False),
            listed("3", included=False, own_cover=True),
            listed("4"),
            listed("9"),
        ]
    },
}
WHY = (Option("born", WORDS), Option("works", WORDS))
DEPENDANTS = a_field(
    "people",
    fact="family.ties",
    required=False,
    ties=("child", "spouse", "parent"),
    people=People("cover.dependants", "included", "own_cover", WORDS, added_reasons=WHY[:1], dropped_reasons=WHY[1:]),
)


def key(number, tie="child"):
    return person_key(tie, number)


def keys(people):
    return [person["key"] for person in people]


def test_people_are_kept_with_what_changes_and_why():
    sent = {
        "it": [key("2"), key("5", "parent")],
        f"it_reason_{key('2')}": "born",
        f"it_reason_{key('5', 'parent')}": "born",
        f"it_reason_{key('1')}": "works",
    }
    told = read(DEPENDANTS, sent, facts=FAMILY).values
    assert keys(told["it"]) == keys(told["it_added"]) == [key("2"), key("5", "parent")]
    assert keys(told["it_unlisted"]) == [key("5", "parent")]
    assert [(one["national_id"], one["reason"]) for one in told["it_dropped"]] == [
        ("1", "works"),
        ("4", "deceased"),
        ("9", "no_longer_tied"),
    ]
    assert fits(DEPENDANTS, told, FAMILY)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"it": [key("1"), key("2")]}, "answers.reason_missing"),
        ({"it": [key("1"), key("2")], f"it_reason_{key('2')}": "works"}, "answers.reason_missing"),
        ({"it": []}, "answers.reason_missing"),
        ({"it": [key("3", "spouse")]}, "answers.not_a_choice"),
        ({"it": [key("4")]}, "answers.not_a_choice"),
        ({"it": [key("9")]}, "answers.not_a_choice"),
        ({"it": ["1"]}, "answers.not_a_choice"),
    ],
)
def test_people_who_were_not_offered_or_change_without_a_reason_are_refused(sent, code):
    read_ = read(DEPENDANTS, sent, facts=FAMILY)
    assert (read_.errors["it"][0], read_.values) == (code, {})


def test_people_are_asked_again_when_the_family_or_the_list_changed():
    told = read(DEPENDANTS, {"it": [key("1")]}, facts=FAMILY).values
    assert fits(DEPENDANTS, told, FAMILY)
    assert not fits(DEPENDANTS, told, {**FAMILY, "cover": {"dependants": []}})
    assert not fits(DEPENDANTS, told, {**FAMILY, "family": {"ties": []}})
    assert not fits(DEPENDANTS, {}, FAMILY)


GROUP = a_field(
    "group",
    group=(a_field("text", id="name"), a_field("integer", id="age", minimum=0, maximum=120, required=False)),
    maximum=3,
)


def test_a_group_is_a_list_of_its_rows_and_empty_rows_are_none():
    sent = {"it.0.name": "ليان", "it.0.age": "١٢", "it.4.name": " يوسف ", "it.7.name": "", "it.7.age": " "}
    assert read(GROUP, sent).values == {"it": [{"name": "ليان", "age": 12}, {"name": "يوسف", "age": None}]}


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"it": ("answers.too_few_rows", {"min": 1})}),
        ({f"it.{row}.name": "x" for row in range(5)}, {"it": ("answers.too_many_rows", {"max": 3})}),
        ({"it.0.age": "x"}, {"it.0.name": ("answers.required", {}), "it.0.age": ("answers.not_a_number", {})}),
        ({"it.x.name": "x", "it.9999.name": "x", "it": "x"}, {"it": ("answers.too_few_rows", {"min": 1})}),
    ],
)
def test_a_group_says_what_is_wrong_at_the_row(sent, errors):
    assert read(GROUP, sent).errors == errors


@pytest.mark.parametrize(
    ("sent", "rows"),
    [
        ({"it.0.name": "x", "it.add": "1"}, [0, 1]),
        ({"it.0.row": "", "it.2.row": "", "it.remove": "0"}, [2]),
        ({"it.0.row": "", "it.1.row": "", "it.2.row": "", "it.add": "1"}, [0, 1, 2]),
        ({"it.add": "1"}, [0]),
        ({"it.0.name": "x"}, None),
    ],
)
def test_buttons_add_a_row_and_take_one_away(sent, rows):
    assert rows_after(GROUP, sent) == rows
    assert changes_rows(Page("page", WORDS, (GROUP,)), sent) is (rows is not None)


@pytest.mark.parametrize(
    ("when", "answer", "asked"),
    [
        (When("way", "post"), "post", True),
        (When("way", "post"), ["counter", "post"], True),
        (When("way", False), False, True),
        (When("way", False), None, False),
        (When("way", one_of=("post", "counter")), "counter", True),
        (When("way", one_of=("post", "counter")), "download", False),
        (When("way", at_least=2), 2, True),
        (When("way", at_least=2), 1, False),
        (When("way", at_least=2), ["a", "b"], True),
        (When("way", at_least=1), [], False),
    ],
)
def test_a_question_waits_for_more_than_equality(when, answer, asked):
    assert is_asked(a_field("text", when=when), {"way": answer}) is asked


@given(
    st.dictionaries(
        st.text(max_size=12), st.one_of(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4)), max_size=6
    )
)
def test_whatever_is_sent_is_an_answer_or_an_error(sent):
    fields = (DEPENDANTS, GROUP, HELP, a_field("place"), a_field("money"), a_field("phone"), a_field("iban"), unpaid())
    for field in fields:
        typed = {name.replace("x", "it"): value for name, value in sent.items()} | {"it": next(iter(sent.values()), "")}
        read_ = read(field, typed, facts={**FAMILY, **FINES}, localities=LOCALITIES)
        assert bool(read_.values) is not bool(read_.errors)


def test_of_some_numbers_only_these_are_taken():
    options = tuple(Option(number, WORDS) for number in ("1", "2", "5"))
    field = Field("it", FieldKind.INTEGER, WORDS, options=options, minimum=1, maximum=5)
    assert read(field, {"it": "٥"}).values == {"it": 5}
    assert read(field, {"it": "3"}).errors["it"][0] == "answers.not_a_choice"
