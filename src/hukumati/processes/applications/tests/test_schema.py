"""One declaration, three readers: what a page reads, the JSON Schema accepts, and what the schema accepts, the platform takes from a program."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import jsonschema_rs
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.folder.form_proofs import IN_ROWS
from hukumati.domain.catalogue.questions import Field, FieldKind, FormDefinition, Option, Page, When
from hukumati.domain.catalogue.schema import KINDS, NOT_SENT, form_schema
from hukumati.domain.catalogue.tests.builders import published
from hukumati.kernel.text import Text
from hukumati.processes.applications.answers import Around, read_page, read_sent
from hukumati.processes.applications.answers.programs import TYPED

NAME = Text("سؤال", "A question")
OFFICES = frozenset({"interior-nablus", "interior-ramallah"})
AROUND = Around({"asked": OFFICES}, {"nablus-city": "nablus", "halhul": "hebron"})
OPTIONS = tuple(Option(value, NAME) for value in ("red", "green", "blue"))
SERVICE = catalogue.load_folder(settings.SERVICES_DIR / "interior" / "birth_certificate_copy")
IBANS = ("PS92PALS000000000400123456702", "PS40PALS000000000400123456700")

limits = st.sampled_from([None, 0, 1, 3])


def field(kind, **more):
    return Field("asked", kind, NAME, **more)


def plain_fields():
    return st.one_of(
        st.builds(lambda r: field(FieldKind.CHOICE, options=OPTIONS, required=r), st.booleans()),
        st.builds(
            lambda r, low, more: field(FieldKind.INTEGER, minimum=low, maximum=(low or 0) + more, required=r),
            st.booleans(),
            limits,
            st.integers(0, 20),
        ),
        st.builds(lambda r, most: field(FieldKind.TEXT, length_max=most, required=r), st.booleans(), st.integers(1, 12)),
        st.builds(
            lambda r, exact: field(FieldKind.DIGITS, length_exact=exact, length_max=8, required=r),
            st.booleans(),
            st.sampled_from([None, 3, 9]),
        ),
        st.builds(lambda kind, r: field(kind, required=r), st.sampled_from([FieldKind.DATE, FieldKind.YES_NO, FieldKind.PHONE, FieldKind.OFFICE, FieldKind.PLACE]), st.booleans()),
        st.builds(lambda r, most: field(FieldKind.MONEY, maximum=most, required=r), st.booleans(), st.sampled_from([None, 5000])),
        st.builds(lambda r, most: field(FieldKind.MULTI, options=OPTIONS, maximum=most, required=r), st.booleans(), st.sampled_from([None, 2])),
    )  # fmt: skip


def fields():
    def grouped(inner, least, most):
        return field(FieldKind.GROUP, group=(replace(inner, id="inner"),), minimum=least, maximum=most)

    # A folder's proofs forbid any other kind inside a row, so no form with one can reach a reader.
    in_rows = plain_fields().filter(lambda one: one.kind in IN_ROWS)
    return st.one_of(plain_fields(), st.builds(grouped, in_rows, limits, st.sampled_from([3, 5])))


WORDS = st.text(max_size=14) | st.sampled_from(
    [
        "red",
        "yes",
        "no",
        "٣",
        "12",
        "0599123456",
        "+970599123456",
        "1.50",
        " x ",
        "interior-nablus",
        "nablus-city",
        "a\u200fb",
        "é",
        "\u0958",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10_000)
    | WORDS
    | st.dates(date(1, 1, 1)).map(date.isoformat)
    | st.just({"governorate": "nablus", "locality": "nablus-city"}),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["inner", "key"]), inner, max_size=2),
    max_leaves=5,
)


def service_of(*asked):
    return replace(SERVICE, form=FormDefinition((Page("page", NAME, asked),)))


def judge(service):
    schema = form_schema(service, offices={"asked": OFFICES})
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def fitting(asked):
    """Clean answers to a question, mostly right ones."""
    right = {
        FieldKind.CHOICE: st.sampled_from(["red", "green", "blue"]),
        FieldKind.MULTI: st.lists(st.sampled_from(["red", "green", "blue"]), unique=True),
        FieldKind.INTEGER: st.integers(0, 25),
        FieldKind.MONEY: st.integers(0, 9000),
        FieldKind.TEXT: st.text(alphabet="ab é\nسم", max_size=13),
        FieldKind.DIGITS: st.from_regex(r"[0-9]{1,9}", fullmatch=True),
        FieldKind.DATE: st.dates().map(date.isoformat),
        FieldKind.YES_NO: st.booleans(),
        FieldKind.PHONE: st.from_regex(r"\+97[02]5[69][0-9]{7}", fullmatch=True),
        FieldKind.OFFICE: st.sampled_from(sorted(OFFICES)),
        FieldKind.PLACE: st.just({"governorate": "hebron", "locality": "halhul"}),
    }
    if asked.kind == FieldKind.GROUP:
        return st.lists(st.fixed_dictionaries({"inner": fitting(asked.group[0])}), max_size=6)
    return right[asked.kind]


def test_every_kind_of_question_has_its_schema_and_its_reader():
    assert set(FieldKind) == set(KINDS) | NOT_SENT
    assert set(KINDS) == set(TYPED)


@pytest.mark.parametrize("path", catalogue.list_folders(settings.SERVICES_DIR), ids=lambda path: path.name)
def test_every_form_of_the_folders_is_a_schema(path):
    jsonschema_rs.meta.validate(json.loads(json.dumps(form_schema(catalogue.load_folder(path)))))


@hypothesis_settings(max_examples=120, deadline=None)
@given(st.data())
def test_what_the_schema_accepts_is_taken(data):
    asked = data.draw(fields())
    value = data.draw(fitting(asked) | VALUES)
    sent, service = {"asked": value}, service_of(asked)
    if any(part in json.dumps(value) for part in ("locality",)) and not _known_place(value):
        return  # which places there are is told by a table, not by the schema
    if judge(service).is_valid(sent) and not _grows_when_composed(value):
        assert read_sent(service, sent, around=AROUND).errors == {}


@hypothesis_settings(max_examples=120, deadline=None)
@given(st.data())
def test_what_is_taken_the_schema_accepts(data):
    asked = data.draw(fields())
    sent, service = {"asked": data.draw(fitting(asked) | VALUES)}, service_of(asked)
    read = read_sent(service, sent, around=AROUND)
    if not read.errors:
        clean = {name: value for name, value in read.values.items() if value is not None}
        assert judge(service).is_valid(clean), (asked, clean)


@hypothesis_settings(max_examples=120, deadline=None)
@given(plain_fields(), st.dictionaries(st.sampled_from(["asked", "asked_year", "asked_month", "asked_day", "asked_locality"]), WORDS | st.lists(WORDS, max_size=3)))  # fmt: skip
def test_what_a_page_reads_the_schema_accepts(asked, typed):
    read = read_page(Page("page", NAME, (asked,)), typed, answers={}, around=AROUND)
    if not read.errors:
        clean = {name: value for name, value in read.values.items() if value is not None}
        assert judge(service_of(asked)).is_valid(clean), (asked, typed, clean)


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.sampled_from([When("way", "red"), When("way", one_of=("red", "blue"))]), st.sampled_from(["red", "green", "blue", None]), st.booleans(), st.sampled_from([None, "red"]))  # fmt: skip
def test_a_condition_means_the_same_to_both(when, way, required, answer):
    service = service_of(
        Field("way", FieldKind.CHOICE, NAME, options=OPTIONS, required=False),
        field(FieldKind.CHOICE, options=OPTIONS, required=required, when=when),
    )
    sent = {"way": way, "asked": answer}
    assert judge(service).is_valid(sent) is (read_sent(service, sent, around=AROUND).errors == {})


def test_an_iban_is_held_to_its_shape_by_the_schema_and_to_its_digits_by_the_reader():
    service = service_of(field(FieldKind.IBAN))
    wrong_digits = {"asked": "PS93PALS000000000400123456702"}
    assert read_sent(service, {"asked": IBANS[0]}).errors == {}
    assert judge(service).is_valid({"asked": IBANS[0]})
    assert judge(service).is_valid(wrong_digits)
    assert read_sent(service, wrong_digits).errors == {"asked": ("answers.not_an_iban", {})}
    assert not judge(service).is_valid({"asked": "DE89370400440532013000"})


def test_what_is_not_asked_and_what_is_unknown_is_refused_by_both():
    service = service_of(field(FieldKind.TEXT))
    for sent in ({"asked": "x", "other": 1}, {}, {"asked": 7}, {"asked": ["x"]}):
        assert read_sent(service, sent).errors
        assert not judge(service).is_valid(sent)


def test_the_published_form_is_open_to_everybody(client, db):
    published(SERVICE.id)
    answer = client.get(f"/services/{SERVICE.id}/schema.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/schema+json"
    schema = answer.json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    right = {"language": "ar", "copies": 2, "pick_up": "download"}
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid(right)
    assert not validator.is_valid({**right, "pick_up": "counter"})  # then an office is asked
    assert validator.is_valid({**right, "pick_up": "counter", "office": "interior-nablus"})
    assert not validator.is_valid({**right, "copies": 6})
    assert client.get("/services/interior.nothing/schema.json").status_code == 404


def _known_place(value):
    return value == {"governorate": "nablus", "locality": "nablus-city"} or "halhul" in json.dumps(value)


def _grows_when_composed(value):
    """A few letters become two when they are written in the standard way: the schema counts before, the reader after."""
    return "\\u0958" in json.dumps(value)
