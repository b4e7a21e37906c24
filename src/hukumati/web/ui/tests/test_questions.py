"""A form's questions as they are drawn: what waits for what, rows, people, places, and every error in words."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import translation

from hukumati.domain.catalogue.facts import Field, FieldKind, Option, Page, People, Shown, When
from hukumati.domain.catalogue.facts import Items as OfItems
from hukumati.domain.catalogue.sdk import person_key
from hukumati.kernel.text import Text
from hukumati.processes.applications.facts import ApplicationFacts, EvidenceFacts
from hukumati.web.ui.cases.answered import plainly
from hukumati.web.ui.cases.problems import PROBLEMS, problem_of
from hukumati.web.ui.cases.questions import questions_of, whens_of
from hukumati.web.ui.fields import problems_of
from tests.security.corpus import BREAKS_OUT, CORPUS

NO_READS = SimpleNamespace(reads=())
NOW = datetime(2026, 11, 12, tzinfo=UTC)
WORDS = Text("سؤال", "Question")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def asked(kind, **more):
    return Field(more.pop("id", "it"), FieldKind(kind), WORDS, **more)


def a_case(answers=None, **known):
    evidence = {name: EvidenceFacts(name, facts, NOW, NOW, WORDS, "X-1") for name, facts in known.items()}
    return ApplicationFacts(
        "A-1", "s", 1, "i", "draft", 1, "900000019", "ar", NOW, NOW, answers=answers or {}, evidence=evidence
    )


def drawn(*fields, case=None, typed=None, errors=None):
    page = Page("page", WORDS, fields)
    return questions_of(NO_READS, page, case or a_case(), typed=typed, errors=errors)


def html(fields, page=None):
    source = '{% include "ui/case_questions.html" %}'
    return engines["jinja2"].from_string(source).render({"fields": fields, "whens": whens_of(page) if page else {}})


def tie(number, **more):
    return {
        "national_id": number,
        "kind": "child",
        "name_ar": "سلمى",
        "name_latin": "Salma",
        "birth_date": "2015-01-25",
        **more,
    }


PEOPLE = asked(
    "people",
    fact="family.ties",
    ties=("child",),
    people=People("cover.dependants", "included", "own", WORDS, (Option("born", WORDS),), (Option("works", WORDS),)),
)
CASE = {
    "family": {"ties": [tie("900000035"), tie("900000043"), tie("900000050")]},
    "cover": {
        "dependants": [{"national_id": "900000035", "included": True}, {"national_id": "900000050", "own": True}]
    },
}


def test_people_are_named_by_keys_and_those_in_the_list_stand_chosen():
    (question,) = drawn(PEOPLE, case=a_case(**CASE))
    first, second, third = question.options
    assert question.chosen == {person_key("child", "900000035")}
    assert (first.tag, first.more_when, second.tag, second.more_when) == (
        ("In the list now", "ok"),
        "left",
        None,
        "chosen",
    )
    assert third.disabled
    assert "Question" in third.hint
    assert "9000000" not in html([question])


def test_a_reason_is_asked_beside_the_person_and_waits_for_the_tick():
    page = html(drawn(PEOPLE, case=a_case(**CASE)))
    assert f'data-is="{person_key("child", "900000035")}" data-turned' in page
    assert f'data-is="{person_key("child", "900000043")}">' in page


def test_rows_come_back_as_they_were_typed_with_one_more_after_the_button():
    group = asked("group", group=(asked("text", id="name"),), maximum=3, required=False)
    assert drawn(group)[0].table == ()
    (question,) = drawn(group, typed={"it.0.name": ["ليان"], "it.add": ["1"]})
    assert [[inner.name for inner in row.fields] for row in question.table] == [["it.0.name"], ["it.1.name"]]
    assert question.table[0].fields[0].value == "ليان"
    (answered,) = drawn(group, case=a_case({"it": [{"name": "يوسف"}]}))
    assert answered.table[0].fields[0].value == "يوسف"


def test_an_error_in_a_row_stands_in_the_summary():
    group = asked("group", group=(asked("text", id="name"),), maximum=3)
    fields = drawn(group, typed={"it.0.name": [""]}, errors={"it.0.name": ("answers.required", {})})
    assert [(one.message, one.target) for one in problems_of(fields)] == [("Answer “Question”", "f-it.0.name")]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (When("way", "post"), 'data-is="post"'),
        (When("way", one_of=("post", "counter")), 'data-is="post counter"'),
        (When("sure", True), 'data-is="yes"'),
        (When("copies", at_least=2), 'data-least="2"'),
    ],
)
def test_scripts_and_readers_are_told_what_a_question_waits_for(when, told):
    way = asked("choice", id="way", options=(Option("post", Text("بريد", "Post")), Option("counter", WORDS)))
    others = (way, asked("yes_no", id="sure"), asked("integer", id="copies", minimum=1, maximum=5))
    page = Page("page", WORDS, (*others, asked("text", when=when)))
    assert told in html(drawn(*page.fields), page)


def test_what_waits_for_another_page_comes_only_when_that_holds():
    question = asked("text", when=When("way", "post"))
    assert drawn(question) == []
    assert len(drawn(question, case=a_case({"way": "post"}))) == 1


def test_nothing_is_asked_where_the_register_has_nothing():
    empty = asked("items", fact="fines.list", items=OfItems("number", (Shown("number"),)))
    assert [one.kind for one in drawn(empty, PEOPLE)] == ["show", "show"]


@pytest.mark.parametrize(
    ("kind", "more", "answer", "shown"),
    [
        ("money", {}, 125050, "1,250.50 ₪"),
        ("phone", {}, "+970591234567", "+970 59 123 4567"),
        ("iban", {}, "PS92PALS000000000400123456702", "PS92 PALS 0000"),
        ("place", {}, {"governorate": "nablus", "locality": "nablus-huwara"}, "Huwara, governorate of Nablus"),
        ("place", {}, {"governorate": "x", "locality": "y"}, "y"),
        ("multi", {"options": (Option("a", WORDS), Option("b", Text("ب", "B")))}, ["b"], "<li>B</li>"),
        (
            "group",
            {"group": (Field("n", FieldKind.TEXT, WORDS), Field("m", FieldKind.MONEY, Text("م", "M")))},
            [{"n": "X", "m": 5}],
            "M: ",
        ),
    ],
)
def test_an_answer_is_written_as_people_read_it(kind, more, answer, shown):
    assert shown in str(plainly(asked(kind, **more), answer))


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_has_its_sentence(code):
    told = {"max": 3, "min": 1, "exact": 9, "name_ar": "سلمى", "name_latin": "Salma"}
    assert problem_of(asked("text"), {"it": (code, told)}).strip()


@pytest.mark.parametrize("value", CORPUS, ids=range(len(CORPUS)))
def test_hostile_answers_to_every_kind_are_drawn_again_and_never_reflected_bare(value):
    group = asked("group", id="rows", group=(asked("text", id="name"), asked("place", id="home")), maximum=3)
    fields = (PEOPLE, group, *(asked(kind, id=kind) for kind in ("money", "phone", "iban", "place")))
    fields += (asked("multi", id="multi", options=(Option("a", WORDS), Option("b", WORDS))),)
    names = ["it", "rows.0.name", "rows.0.home_locality", "rows.add", "rows.remove", "money", "phone", "iban", "multi"]
    names += [
        "place_governorate",
        "place_locality",
        f"it_reason_{person_key('child', '900000043')}",
        f"rows.{value}.name",
    ]
    typed = {name: [str(value), "x"] for name in names}
    page = html(drawn(*fields, case=a_case(**CASE), typed=typed), Page("page", WORDS, fields))
    assert BREAKS_OUT not in page
