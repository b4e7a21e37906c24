"""Decision tables in a service's folder: what they charge, whom they refuse, and each fault at its line."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from hypothesis import given

from hukumati.domain.catalogue.decisions.tables import read_table
from hukumati.domain.catalogue.decisions.tests.tables_written import declared
from hukumati.domain.catalogue.facts import ServiceFaultsError
from hukumati.domain.catalogue.folder import tables
from hukumati.domain.catalogue.folder.loader import load_source
from hukumati.domain.catalogue.folder.source import Source, read_folder
from hukumati.domain.catalogue.rules import eligibility, eligibility_so_far, facts_missing, fee, inputs_open

BIRTH = settings.SERVICES_DIR / "interior" / "birth_certificate_copy"
ON = date(2026, 4, 1)
FEES = """
[[line]]
code = "copy"
table = "tariff"
times = "copies"
instrument = "demo-tariff"
article = "3/1"
revenue_account = "revenue:interior:certificates"
valid_from = 2026-01-01

[[items]]
code = "stamp"
from = "family.ties"
chosen_by = "all"
id = "national_id"
amount_minor = "owed.minor"
instrument = "demo-tariff"
article = "item.article"
revenue_account = "revenue:finance:stamps"
valid_from = 2026-01-01
"""
TARIFF = """
inputs = [
  { name = "language", expression = "answers.language", type = "string" },
  { name = "age", expression = "age_of(subject.birth_date)", type = "number" },
]
outputs = [{ name = "amount_minor", type = "number" }]
rules = [
  # language, age | amount_minor
  ['"both"', '-', 1500, 'two pages'],
  ['not("both")', '< 18', 0],
  ['not("both")', '>= 18', '1000'],
]
"""
WHO = """
hit_policy = "FIRST"
inputs = [
  { name = "alive", expression = "subject.alive", type = "boolean" },
  { name = "tie", expression = "subject.tie", type = "string" },
  { name = "children", expression = "count_of(family.ties)", type = "number" },
]
outputs = [{ name = "refusal", type = "string" }]
rules = [
  [true, '-', '-', '-'],
  [false, '"parent"', '> 0', ''],
  ['-', '-', '-', '"not_alive"'],
]
"""


def folder(**changes):
    files = read_folder(BIRTH) | {"fees.toml": FEES, "tables/tariff.toml": TARIFF, "tables/who.toml": WHO}
    files["service.toml"] = files["service.toml"].replace('kind = "paid"', 'kind = "paid"\neligibility = "who"')
    for language in ("ar", "en"):
        files[f"texts/{language}.toml"] = (
            files[f"texts/{language}.toml"].replace('stamp = "', 'stamp = "{name.first}: ')
            + '\n[refusal]\nnot_alive = "لا."\n'
        )
    for file, (old, new) in changes.items():
        name = {"service": "service.toml", "fees": "fees.toml"}.get(file, f"tables/{file}.toml")
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    return files


def faults(files):
    with pytest.raises(ServiceFaultsError) as error:
        load_source(Source(files))
    return error.value.faults


def case(language="ar", born="1989-04-18", *, alive=True, ties=(), tie="self", copies=2):
    subject = {"birth_date": born, "tie": tie, "alive": alive, "minor": False}
    return {"answers": {"language": language, "copies": copies}, "subject": subject, "family": {"ties": list(ties)}}


@pytest.fixture(scope="module")
def service():
    return load_source(Source(folder()))


@pytest.mark.parametrize(
    ("facts", "minor"),
    [(case(), 2000), (case("both"), 3000), (case(born="2012-06-11"), 0), (case(copies=None), 1000)],
)
def test_a_table_decides_the_amount_of_a_line(service, facts, minor):
    assessment = fee(service, facts, on=ON)
    assert (assessment.total.amount_minor, assessment.undecided) == (minor, ())
    assert all(line.amount for line in assessment.lines)


def test_what_is_not_known_is_not_charged_as_nothing(service):
    assessment = fee(service, case(born=None), on=ON)
    assert (assessment.total.amount_minor, assessment.undecided) == (0, ("age_of(subject.birth_date)",))
    assert facts_missing(service, case(born=None), on=ON) == ("age_of(subject.birth_date)",)
    assert facts_missing(service, case(), on=ON) == ()
    assert [str(one) for one in inputs_open(service, {"answers": {"language": "ar"}}, on=ON)] == [
        "age_of(subject.birth_date)"
    ]
    assert inputs_open(service, {"answers": {"language": "both"}}, on=ON) == ()


def test_each_record_has_its_own_line_once(service):
    first = {"national_id": "1", "name": {"first": "ليان"}, "owed": {"minor": 700}, "article": "7/2"}
    second = {"national_id": "2", "owed": {"minor": 300}, "article": "7/3", "name": "{__class__}"}
    assessment = fee(service, case(ties=[first, second, first, {"owed": 5}, "nonsense"]), on=ON)
    items = [(line.code, line.amount.amount_minor, line.article) for line in assessment.lines[1:]]
    assert items == [("stamp:1", 700, "7/2"), ("stamp:2", 300, "7/3")]
    assert assessment.lines[1].name.ar.startswith("ليان: ")
    assert assessment.total.amount_minor == 3000


@pytest.mark.parametrize("owed", [None, -5, 7.5, "700", True, {"minor": None}])
def test_a_record_without_an_amount_is_not_charged_a_guess(service, owed):
    told = [{"national_id": "1", "owed": {"minor": owed}, "article": "7/2"}]
    assessment = fee(service, case(ties=told), on=ON)
    assert ([line.code for line in assessment.lines], assessment.undecided) == (["copy"], ("family.ties",))


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        (case(), False),
        (case(alive=False), True),
        (case(alive=False, tie="parent", ties=[{"national_id": "1"}]), False),
    ],
)
def test_a_table_says_who_is_refused_in_the_services_words(service, facts, refused):
    reason = eligibility(service, facts, on=ON)
    assert (reason is not None) is refused
    assert reason is None or reason == service.texts["refusal.not_alive"]


def test_a_refusal_is_told_early_only_when_nothing_can_change_it(service):
    assert eligibility_so_far(service, {"subject": {"alive": False, "tie": "self"}}, on=ON) is not None
    assert eligibility_so_far(service, {"subject": {"alive": False, "tie": "parent"}}, on=ON) is None
    assert eligibility_so_far(service, {}, on=ON) is None
    assert eligibility(service, {"subject": {"alive": False, "tie": "parent"}}, on=ON) is not None


@pytest.mark.parametrize(
    ("changes", "code", "at"),
    [
        ({"tariff": ("'< 18'", "'under 18'")}, "cell_malformed", "under 18"),
        ({"tariff": ("'< 18'", "'< \"18\"'")}, "cell_malformed", '< "18"'),
        ({"tariff": (", 0]", "]")}, "cells_do_not_fit", "'< 18']"),
        ({"tariff": ("'< 18'", "'<= 18'")}, "rules_overlap", "'1000'"),
        ({"tariff": ("'< 18'", "'< 17'")}, "gap", "rules = ["),
        ({"tariff": ('"both"', '"boht"')}, "cell_not_an_option", '"boht"'),
        ({"tariff": ('type = "string"', 'type = "number"')}, "cell_malformed", '"both"'),
        ({"tariff": ("answers.language", "answers.lang")}, "fact_not_declared", "answers.lang"),
        ({"tariff": ("age_of(", "year_of(")}, "cell_malformed", "inputs = ["),
        ({"tariff": ("subject.birth_date", "applicant.name")}, "fact_not_declared", "applicant.name"),
        ({"tariff": ("1500", "-1500")}, "table_says_no_amount", None),
        ({"tariff": ("1500", "'10.5'")}, "table_says_no_amount", None),
        ({"tariff": ("amount_minor", "amount")}, "table_says_no_amount", None),
        ({"tariff": ("inputs = [\n", 'hit_policy = "UNIQE"\ninputs = [\n')}, "unknown_word", "UNIQE"),
        ({"tariff": ("inputs = [\n", 'hit_policy = "COLLECT"\ninputs = [\n')}, "table_says_no_amount", None),
        ({"tariff": ("inputs = [\n", 'aggregation = "SUM"\ninputs = [\n')}, "outputs_unclear", "outputs"),
        ({"tariff": ("inputs = [\n", 'hit_policy = "PRIORITY"\ninputs = [\n')}, "outputs_unclear", "outputs"),
        ({"fees": ('"tariff"', '"tarif"')}, "unknown_table", None),
        ({"fees": ('table = "tariff"', 'table = "tariff"\namount_minor = 5')}, "amount_unclear", None),
        ({"fees": ('chosen_by = "all"', 'chosen_by = "answers.copies"')}, "unknown_choice", None),
        ({"fees": ('chosen_by = "all"', 'chosen_by = "answers.fines"')}, "unknown_choice", None),
        ({"fees": ('from = "family.ties"', 'from = "family.fines"')}, "fact_not_declared", None),
        ({"fees": ('id = "national_id"', 'id = "national_id"\nwhen = "late"')}, "unknown_condition", None),
        ({"service": ('eligibility = "who"', 'eligibility = "woh"')}, "unknown_table", "eligibility"),
        ({"service": ('eligibility = "who"', 'eligibility = "tariff"')}, "table_says_no_refusal", "eligibility"),
        ({"service": ('eligibility = "who"\n', "")}, "table_unused", None),
        ({"who": ('"not_alive"', '"not_living"')}, "text_missing", '"not_living"'),
        ({"who": ("'> 0'", "'< 0'")}, "rule_never_holds", "'< 0'"),
        ({"who": ("'-', '-', '-'],", "'-', '-', '-'],\n  [true, '-', '1', '-'],")}, "rule_never_reached", "'1'"),
    ],
)
def test_a_fault_of_a_table_is_named_and_placed(changes, code, at):
    files = folder(**changes)
    found = [fault for fault in faults(files) if fault.code == code]
    assert found, [str(fault) for fault in faults(files)]
    assert all(len(fault.hint) > 10 for fault in found)
    for fault in found if at else ():
        lines = files[fault.file].splitlines()
        assert at in lines[fault.line - 1]


def test_a_question_that_is_not_always_asked_needs_a_rule_for_when_it_was_not():
    files = folder(tariff=("answers.language", "answers.office"))
    files["tables/tariff.toml"] = files["tables/tariff.toml"].replace('not("both")', 'not("both", null)')
    (gap,) = [fault for fault in faults(files) if fault.code == "gap"]
    assert "language = not known" in gap.hint


def test_a_file_that_is_no_table_is_told():
    files = folder() | {"tables/Tariff.toml": TARIFF, "tables/deep/er.toml": TARIFF}
    assert sum(fault.code == "unknown_file" for fault in faults(files)) == 2


@given(declared())
def test_a_table_written_to_its_file_and_read_again_is_the_same(table):
    source = Source({tables.file_of(table.name): tables.as_toml(table)})
    again = tables.build(source)
    assert [str(fault) for fault in source.faults] == []
    assert again == {table.name: read_table(table)}
