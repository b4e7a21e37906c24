"""The proofs of a service folder: each fault is found, named, and placed at its line. No database."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings

from hukumati.domain.catalogue.facts import ServiceFaultsError
from hukumati.domain.catalogue.folder.checks import check_folders
from hukumati.domain.catalogue.folder.lines import Lines
from hukumati.domain.catalogue.folder.loader import load_source
from hukumati.domain.catalogue.folder.source import Source, read_folder
from hukumati.domain.catalogue.rules import fee

BIRTH = settings.SERVICES_DIR / "interior" / "birth_certificate_copy"
LICENCE = settings.SERVICES_DIR / "transport" / "driving_licence_status"


def faults_of(files):
    with pytest.raises(ServiceFaultsError) as error:
        load_source(Source(files))
    return error.value.faults


def changed(path, file, old, new):
    files = read_folder(path)
    assert old in files[file], f"{old!r} is not in {file}"
    return {**files, file: files[file].replace(old, new, 1)}


def line_with(files, file, text):
    return next(number for number, line in enumerate(files[file].splitlines(), 1) if text in line)


def test_every_folder_of_the_project_holds():
    services, faults = check_folders(settings.SERVICES_DIR)
    assert [str(fault) for fault in faults] == []
    assert len(services) >= 8


@pytest.mark.parametrize(
    ("path", "file", "old", "new", "code", "at"),
    [
        (BIRTH, "service.toml", "kind = ", "knid = ", "unknown_key", "knid"),
        (BIRTH, "service.toml", 'kind = "paid"', 'kind = "payed"', "unknown_word", "payed"),
        (BIRTH, "service.toml", "version = 2", 'version = "2"', "wrong_value", "version"),
        (BIRTH, "service.toml", "version = 2\n", "", "key_missing", 'id = "interior'),
        (BIRTH, "service.toml", "version = 2", "version = = 2", "not_toml", "version"),
        (
            BIRTH,
            "service.toml",
            'legal_basis = ["demo-civil-status:article-14"]',
            "legal_basis = []",
            "no_legal_basis",
            "legal_basis",
        ),
        (
            BIRTH,
            "service.toml",
            'pick_up = ["download", "counter"]',
            'pick_up = ["download"]',
            "pick_up_disagrees",
            "pick_up",
        ),
        (BIRTH, "service.toml", 'sex = "record.sex"', 'sex = "record.gender"', "fact_not_declared", "record.gender"),
        (BIRTH, "form.toml", 'id = "copies"', 'id = "birth_date"', "asks_what_is_known", None),
        (BIRTH, "form.toml", 'id = "copies"', 'id = "mobile"', "asks_what_is_known", None),
        (BIRTH, "form.toml", 'options = ["ar", "en", "both"]', 'options = ["ar"]', "question_incomplete", None),
        (BIRTH, "form.toml", 'is = "counter"', 'is = "post"', "never_asked", None),
        (BIRTH, "form.toml", 'field = "pick_up"', 'field = "way"', "unknown_question", None),
        (BIRTH, "form.toml", 'fact = "record.name_ar"', 'fact = "record.nam_ar"', "fact_not_declared", None),
        (BIRTH, "process.toml", 'verb = "download"', 'verb = "downlaod"', "unknown_verb", "downlaod"),
        (
            BIRTH,
            "process.toml",
            'verb = "accept", to = "to_issue", by = "clerk"',
            'verb = "accept", to = "to_issue", by = "citizen"',
            "wrong_actor",
            'verb = "accept"',
        ),
        (
            BIRTH,
            "process.toml",
            'to = "in_review", by = "ledger"',
            'to = "nowhere", by = "ledger"',
            "dead_end",
            '"nowhere"',
        ),
        (
            BIRTH,
            "process.toml",
            'verb = "submit", to = "to_pay"',
            'verb = "submit", to = "to_issue"',
            "document_past_fee",
            'verb = "issue"',
        ),
        (
            BIRTH,
            "process.toml",
            'when = "record_incomplete"',
            'when = "record_incomplet"',
            "unknown_condition",
            '"record_incomplet"',
        ),
        (
            BIRTH,
            "process.toml",
            'fact = "record.complete"',
            'fact = "record.completed"',
            "fact_not_declared",
            "record.completed",
        ),
        (BIRTH, "process.toml", ", within_days = 2", "", "waits_for_ever", 'from = "in_review"'),
        (
            BIRTH,
            "process.toml",
            "within_days = 30, refunds = true",
            "within_days = 30",
            "fee_for_nothing",
            'from = "returned", verb = "expire"',
        ),
        (
            BIRTH,
            "process.toml",
            "needs_reason = true, refunds = true",
            "needs_reason = true",
            "fee_for_nothing",
            'verb = "refuse"',
        ),
        (
            BIRTH,
            "process.toml",
            'to = "withdrawn", by = "citizen" }',
            'to = "withdrawn", by = "citizen", refunds = true }',
            "nothing_to_refund",
            'verb = "withdraw"',
        ),
        (BIRTH, "fees.toml", 'article = "3/1"', 'article = ""', "wrong_value", 'article = ""'),
        (BIRTH, "fees.toml", 'times = "copies"', 'times = "language"', "times_not_a_count", "[[line]]"),
        (
            BIRTH,
            "fees.toml",
            "valid_from = 2026-01-01",
            "valid_from = 2026-01-01\nvalid_until = 2025-01-01",
            "never_valid",
            "[[line]]",
        ),
        (BIRTH, "fees.toml", 'code = "stamp"', 'code = "stamp"\nwhen = "abroad"', "unknown_condition", None),
        (
            BIRTH,
            "fees.toml",
            "[[line]]",
            'conditions.of_age = { fact = "age_of(subject.birth_date)", at_least = 18 }\n\n[[line]]',
            "condition_unused",
            None,
        ),
        (
            BIRTH,
            "process.toml",
            'fact = "record.complete", is = false',
            'fact = "age_of(subject.born)", at_least = 18',
            "fact_not_declared",
            "subject.born",
        ),
        (BIRTH, "exchange.toml", '"complete",', '"complete", "mobile",', "read_not_needed", None),
        (BIRTH, "exchange.toml", 'attributes = ["ties"]', 'attributes = ["brothers"]', "ties_not_read", None),
        (BIRTH, "texts/en.toml", 'copy = "Fee for a copy of a birth certificate"\n', "", "text_missing", None),
        (BIRTH, "texts/ar.toml", 'copy = "رسم نسخة عن شهادة الميلاد"', 'coppy = "رسم"', "text_unused", "coppy"),
        (BIRTH, "document.sample.json", '"sex": "female",', "", "sample_disagrees", None),
        (BIRTH, "document.sample.json", '"copies": 1,', '"copies": 1,,', "not_json", '"copies"'),
        (LICENCE, "answer.toml", 'fact = "licence.points"', 'fact = "licence.penalties"', "fact_not_declared", None),
        (LICENCE, "answer.toml", 'when = "suspended"', 'when = "halted"', "unknown_condition", None),
        (
            LICENCE,
            "answer.toml",
            'is = "suspended" }',
            'is = "suspended", missing = true }',
            "unclear_condition",
            "missing = true",
        ),
        (LICENCE, "exchange.toml", 'subject = "applicant"', 'subject = "subject"', "reads_about_others", None),
        (
            BIRTH,
            "exchange.toml",
            'subject = "subject"',
            'subject = "subject"\nwith = { copy = "answers.copy" }',
            "fact_not_declared",
            None,
        ),
        (
            BIRTH,
            "exchange.toml",
            'subject = "subject"',
            'subject = "subject"\nwith = { of = "family.ties" }',
            "parameter_not_an_answer",
            None,
        ),
        (
            BIRTH,
            "exchange.toml",
            'subject = "subject"',
            'subject = "subject"\nwith = { attributes = "answers.copies" }',
            "parameter_taken",
            None,
        ),
        (
            BIRTH,
            "exchange.toml",
            'subject = "subject"',
            'subject = "subject"\nwhen = "grown"',
            "unknown_condition",
            None,
        ),
        (
            BIRTH,
            "exchange.toml",
            'subject = "applicant"',
            'subject = "applicant"\nwhen = "record_incomplete"',
            "waits_for_later",
            None,
        ),
        (
            BIRTH,
            "exchange.toml",
            "[[read]]",
            '[conditions]\nrecord_incomplete = { fact = "answers.copies", is = 2 }\n\n[[read]]',
            "condition_twice",
            None,
        ),
    ],
)
def test_a_fault_is_named_and_placed(path, file, old, new, code, at):
    files = changed(path, file, old, new)
    found = [fault for fault in faults_of(files) if fault.code == code]
    assert found, [str(fault) for fault in faults_of(files)]
    assert all(len(fault.hint) > 10 for fault in found)
    if at:
        assert line_with(files, file, at) in [fault.line for fault in found if fault.file == file]


ITEMS = """options = ["ar", "en", "both"]
default = "ar"

[[page.field]]
id = "relatives"
kind = "items"
fact = "family.ties"
items = { id = "national_id", shows = [{ attribute = "name_ar", format = "name" }] }
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('fact = "family.ties"\n', "", "question_incomplete"),
        ("items = {", 'items = { only = "kind",', "question_incomplete"),
        ("shows = [{ attribute", "shows = [{ atribute", "unknown_key"),
        ('fact = "family.ties"', 'fact = "family.tie"', "fact_not_declared"),
        ('kind = "items"', 'kind = "text"', "question_incomplete"),
    ],
)
def test_a_list_to_choose_from_says_what_it_is_and_what_it_shows(old, new, code):
    files = changed(BIRTH, "form.toml", 'options = ["ar", "en", "both"]\ndefault = "ar"\n', ITEMS)
    for language in ("ar", "en"):
        files[f"texts/{language}.toml"] += '\n[field.relatives]\nlabel = "أقارب"\n'
    (field,) = [field for field in load_source(Source(files)).form.fields if field.id == "relatives"]
    assert (field.items.id, field.items.shows[0].format) == ("national_id", "name")
    assert old in files["form.toml"]
    assert code in {fault.code for fault in faults_of({**files, "form.toml": files["form.toml"].replace(old, new)})}


NEWBORN = settings.SERVICES_DIR / "interior" / "birth_certificate_new"
SPEAKS = '{ from = "to_confirm", verb = "confirm", to = "to_pay", by = "party" },'


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("process.toml", SPEAKS, "", "party_half_asked"),
        ("process.toml", ', by = "party", needs_reason = true }', ', by = "party" }', "decline_without_reason"),
        ("process.toml", 'verb = "confirm", to = "to_pay", by = "party"', 'verb = "confirm", to = "to_pay", by = "citizen"', "wrong_actor"),
        ("form.toml", 'kind = "party"', 'kind = "choice"', "nobody_to_ask"),
        ("form.toml", 'ties = ["spouse"]', 'ties = ["self"]', "question_incomplete"),
        ("form.toml", '"first_name_latin", "father"', '"first_name_greek", "father"', "unknown_question"),
        ("form.toml", '"notification.mother_id", ', '"notification.aunt_id", ', "fact_not_declared"),
        ("form.toml", 'letters = "latin"', 'letters = "greek"', "unknown_word"),
        ("exchange.toml", 'born_on = "notification.born_on"', 'born_on = "registration.birth_date"', "tells_what_comes_back"),
        ("exchange.toml", 'name = "registration"', 'name = "notification"', "write_twice"),
        ("exchange.toml", '  "mother_name_latin",\n]\n\n[write', '  "mother_name_latin",\n  "shoe_size",\n]\n\n[write', "return_not_needed"),
        ("exchange.toml", 'refusals = ["already_registered", ', 'refusals = ["born_on_a_friday", ', "text_missing"),
        ("process.toml", 'verb = "record_refused", to = "in_review"', 'verb = "record_refused", to = "ready"', "refusal_unseen"),
        ("process.toml", '{ from = "to_record", verb = "record_refused", to = "in_review", by = "system" },', "", "record_one_way"),
        ("texts/ar.toml", 'ask = "', 'asks = "', "text_missing"),
    ],
)  # fmt: skip
def test_who_is_asked_and_what_is_told_is_proved(file, old, new, code):
    assert code in {fault.code for fault in faults_of(changed(NEWBORN, file, old, new))}


INSURANCE = settings.SERVICES_DIR / "health" / "insurance_renewal"
EACH = 'each = { dependants = "national_id", admitted = "national_id" }'


@pytest.mark.parametrize(
    ("each", "code"),
    [
        ("", "tells_whole_records"),
        ('each = { dependants = "national_id" }', "tells_whole_records"),
        (EACH.replace(" }", ', months = "national_id" }'), "each_of_nothing"),
    ],
)
def test_people_are_told_by_one_column_and_never_whole(each, code):
    assert code in {fault.code for fault in faults_of(changed(INSURANCE, "exchange.toml", EACH, each))}


def test_a_write_without_a_step_and_a_step_without_a_write_are_told():
    files = read_folder(NEWBORN)
    untold = (
        files["process.toml"].replace('verb = "record",', 'verb = "close",').replace('"record_refused"', '"expire"')
    )
    assert "write_without_step" in {fault.code for fault in faults_of({**files, "process.toml": untold})}
    nothing = files["exchange.toml"][: files["exchange.toml"].index("[[write]]")]
    assert "nothing_to_record" in {fault.code for fault in faults_of({**files, "exchange.toml": nothing})}


def test_a_fee_line_waits_for_its_condition():
    files = changed(BIRTH, "fees.toml", 'code = "stamp"', 'code = "stamp"\nwhen = "of_age"')
    files["fees.toml"] += '\n[conditions]\nof_age = { fact = "age_of(subject.birth_date)", at_least = 18 }\n'
    service = load_source(Source(files))
    for born, minor in (("2008-04-01", 1500), ("2008-04-02", 1000), (None, 1000)):
        facts = {"answers": {"copies": 1}, "subject": {"birth_date": born}}
        assert fee(service, facts, on=date(2026, 4, 1)).total.amount_minor == minor


KINDS = """options = ["ar", "en", "both"]
default = "ar"

[[page.field]]
id = "relatives"
kind = "people"
fact = "family.ties"
ties = ["child", "parent"]
people = { list = "family.ties", included = "alive", barred = "own", added_reasons = ["born"], dropped_reasons = ["works"] }

[[page.field]]
id = "helps"
kind = "multi"
options = ["ramp", "sign"]
when = { field = "relatives", at_least = 2 }

[[page.field]]
id = "home"
kind = "place"
when = { field = "helps", one_of = ["ramp"] }

[[page.field]]
id = "schools"
kind = "group"
maximum = 5

[[page.field.field]]
id = "title"
kind = "text"

[[page.field.field]]
id = "paid"
kind = "money"
"""
KIND_TEXTS = """
[field.relatives]
label = "x"
barred = "x"
added_reason.born = "x"
dropped_reason.works = "x"

[field.helps]
label = "x"
option.ramp = "x"
option.sign = "x"

[field.home]
label = "x"

[field.schools]
label = "x"
field.title.label = "x"
field.paid.label = "x"
"""


def files_with_kinds():
    files = changed(BIRTH, "form.toml", 'options = ["ar", "en", "both"]\ndefault = "ar"\n', KINDS)
    for language in ("ar", "en"):
        files[f"texts/{language}.toml"] += KIND_TEXTS
    return files


def test_people_groups_and_places_are_declared():
    form = load_source(Source(files_with_kinds())).form
    assert form.find_field("relatives").answer_names == (
        "relatives", "relatives_added", "relatives_dropped", "relatives_unlisted",
    )  # fmt: skip
    assert [inner.kind for inner in form.find_field("schools").group] == ["text", "money"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('ties = ["child", "parent"]', 'ties = ["self"]', "question_incomplete"),
        ('list = "family.ties", ', "", "question_incomplete"),
        ('list = "family.ties"', 'list = "cover.dependants"', "fact_not_declared"),
        ('added_reasons = ["born"]', 'added_reasons = ["came"]', "text_missing"),
        ('id = "helps"', 'id = "relatives_added"', "field_twice"),
        ("at_least = 2 }", 'at_least = 2, is = "x" }', "unclear_condition"),
        ('one_of = ["ramp"]', 'one_of = ["lift"]', "never_asked"),
        ('field = "helps", one_of = ["ramp"]', 'field = "language", at_least = 2', "never_asked"),
        ("maximum = 5\n\n[[page.field.field]]", "maximum = 99\n\n[[page.field.field]]", "question_incomplete"),
        ('kind = "money"', 'kind = "office"', "question_incomplete"),
        ('id = "paid"', 'id = "title"', "question_incomplete"),
        ('options = ["ramp", "sign"]', 'options = ["ramp"]', "question_incomplete"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_fault(old, new, code):
    files = files_with_kinds()
    assert old in files["form.toml"]
    assert code in {fault.code for fault in faults_of({**files, "form.toml": files["form.toml"].replace(old, new, 1)})}


def test_a_near_miss_is_told():
    hint = faults_of(changed(BIRTH, "service.toml", "keywords = ", "keyword = "))[0].hint
    assert "did you mean `keywords`" in hint


def test_all_faults_are_told_at_once():
    files = changed(BIRTH, "process.toml", 'verb = "download"', 'verb = "fetch"')
    files["form.toml"] = files["form.toml"].replace('options = ["ar", "en", "both"]', 'options = ["ar"]')
    files["fees.toml"] = files["fees.toml"].replace('times = "copies"', 'times = "whom"')
    assert {"unknown_verb", "question_incomplete", "times_not_a_count"} <= {fault.code for fault in faults_of(files)}


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("import os\n", "rules_see_too_much"),
        ("from django.db import connection\n", "rules_see_too_much"),
        ("import typing\n\nfound = typing.sys.modules['os']\n", "rules_see_too_much"),
        ("from dataclasses import sys\n", "rules_see_too_much"),
        ("from . import loader\n", "rules_see_too_much"),
        ("found = __builtins__['eval']('1+1')\n", "rules_not_pure"),
        ("def document_data(facts):\n    return {'x': open('/etc/passwd').read()}\n", "rules_not_pure"),
        ("def document_data(facts):\n    return ().__class__.__bases__\n", "rules_not_pure"),
        ("from datetime import date\n\ndef document_data(facts):\n    return {'on': date.today()}\n", "rules_not_pure"),
        ("def f(:\n", "not_python"),
        ("x = 1\n" * 200, "rules_too_long"),
    ],
)
def test_rules_that_see_more_than_values_are_refused(rules, code):
    assert code in {fault.code for fault in faults_of({**read_folder(BIRTH), "rules.py": rules})}


def test_rules_may_derive_what_cannot_be_declared():
    files = read_folder(LICENCE)
    files["rules.py"] = "from hukumati.domain.catalogue.sdk import fact_at\n\nUSES = ('licence.points',)\n"
    assert load_source(Source(files)).rules.fact_at({"a": {"b": 1}}, "a.b") == 1


def test_a_file_that_is_none_of_a_service_is_told():
    assert "unknown_file" in {fault.code for fault in faults_of({**read_folder(BIRTH), "form.yaml": ""})}


def test_a_folder_without_words_is_refused():
    files = {name: text for name, text in read_folder(LICENCE).items() if not name.startswith("texts/")}
    assert "file_missing" in {fault.code for fault in faults_of(files)}


def test_lines_follow_tables_arrays_and_entries():
    text = "a = 1\n\n[b]\nc.d = 2\n\n[[e]]\nf = 3\n\n[[e.g]]\nh = 4\n\n[[e]]\nf = 5\n\n[[e.g]]\nh = 6\n\n[i]\nj = [\n  { k = 1 },\n  # between\n  { k = 2 },\n]\n"
    lines = Lines(text)
    wanted = {
        ("a",): 1,
        ("b", "c", "d"): 4,
        ("e", 0, "f"): 7,
        ("e", 1, "f"): 13,
        ("e", 1, "g", 0, "h"): 16,
        ("i", "j", 1): 22,
        ("nothing",): 1,
    }
    assert {path: lines.of(path) for path in wanted} == wanted


def test_a_fee_may_be_kept_where_the_table_says_so():
    files = changed(
        BIRTH, "process.toml", "needs_reason = true, refunds = true", "needs_reason = true, keeps_fee = true"
    )
    assert load_source(Source(files)).id == "interior.birth_certificate_copy"


class TestFiles:
    PHOTO = (
        '[[page]]\nid = "whom"\n',
        '[[page]]\nid = "picture"\n[[page.field]]\nid = "photo"\nkind = "photo"\n{limits}\n[[page]]\nid = "whom"\n',
    )
    GOOD = 'limits = { types = ["jpeg"], width_min = 300, height_min = 400, proportion_min = 60, proportion_max = 90 }'

    def faults(self, limits, service=None):
        old, new = self.PHOTO
        files = changed(BIRTH, "form.toml", old, new.format(limits=limits))
        for file in ("texts/ar.toml", "texts/en.toml"):
            files[file] += '\n[page.picture]\ntitle = "الصورة Photo"\n[field.photo]\nlabel = "الصورة Photo"\n'
        if service:
            files["service.toml"] = files["service.toml"].replace("[document]\n", f"[document]\n{service}\n", 1)
        try:
            load_source(Source(files))
        except ServiceFaultsError as error:
            return [fault.code for fault in error.faults]
        return []

    @pytest.mark.parametrize(
        ("limits", "codes"),
        [
            (GOOD, []),
            ("", ["question_incomplete"]),
            ('limits = { types = ["jpeg"] }', ["question_incomplete"]),
            (GOOD.replace('"jpeg"', '"pdf"'), ["question_incomplete"]),
            (GOOD.replace('"jpeg"', '"svg"'), ["unknown_word"]),
            (GOOD.replace("types", "bytes_max = 9_000_000, types"), ["wrong_value"]),
            (GOOD.replace("types", "pixels_max = 900_000_000, types"), ["wrong_value"]),
        ],
    )
    def test_a_photo_says_what_it_is_judged_by(self, limits, codes):
        assert set(codes) <= set(self.faults(limits))
        assert bool(codes) is bool(self.faults(limits))

    def test_a_document_shows_photos_that_are_asked_for(self):
        assert self.faults(self.GOOD, 'images = { photo = "answers.photo" }') == []
        for path in ("answers.language", "record.sex", "answers.nothing"):
            assert "image_not_asked" in self.faults(self.GOOD, f'images = {{ photo = "{path}" }}')


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("service.toml", '"counter"]', '"counter", "post_office"]'),
        ("form.toml", 'office_kinds = ["counter"]', 'office_kinds = ["post"]'),
        (
            "form.toml",
            'office_kinds = ["counter"]\nwhen = { field = "pick_up", is = "counter" }',
            'office_kinds = ["counter"]',
        ),
    ],
)
def test_each_way_to_collect_asks_for_an_office_of_its_kind(file, old, new):
    assert "no_office_asked" in {fault.code for fault in faults_of(changed(BIRTH, file, old, new))}


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("numbers = [1, 2, 5]", None),
        ("numbers = [1]", "question_incomplete"),
        ("numbers = [1, 2]\nmaximum = 5", "question_incomplete"),
        ("maximum = 5", "question_incomplete"),
    ],
)
def test_an_integer_is_of_a_range_or_of_its_numbers(new, code):
    files = changed(BIRTH, "form.toml", "minimum = 1\nmaximum = 5", new)
    for file in ("texts/ar.toml", "texts/en.toml"):
        files[file] += '\n[field.copies.option]\n1 = "نسخة One"\n2 = "نسختان Two"\n5 = "خمس Five"\n'
    if code:
        assert code in {fault.code for fault in faults_of(files)}
    else:
        copies = load_source(Source(files)).form.find_field("copies")
        assert ([option.value for option in copies.options], copies.minimum, copies.maximum) == (["1", "2", "5"], 1, 5)


@pytest.mark.parametrize(
    ("new", "sound"),
    [
        ('refunds = true, keeps_lines = ["stamp"]', True),
        ('refunds = true, keeps_lines = ["stmap"]', False),
        ('keeps_fee = true, keeps_lines = ["stamp"]', False),
    ],
)
def test_a_step_keeps_lines_of_the_tariff_out_of_what_goes_back(new, sound):
    files = changed(BIRTH, "process.toml", "needs_reason = true, refunds = true", f"needs_reason = true, {new}")
    if sound:
        [step] = [step for step in load_source(Source(files)).process.steps if step.keeps_lines]
        assert step.keeps_lines == ("stamp",)
    else:
        assert "unknown_line" in {fault.code for fault in faults_of(files)}


def test_that_a_register_knows_nothing_may_be_an_answer():
    files = changed(BIRTH, "process.toml", 'fact = "record.complete", is = false', 'fact = "record.found", is = false')
    assert "fact_not_declared" in {fault.code for fault in faults_of(files)}
    files["exchange.toml"] = files["exchange.toml"].replace(
        'service = "birth-records"', 'service = "birth-records"\nmay_be_absent = true'
    )
    assert "fact_not_declared" not in {fault.code for fault in faults_of(files)}


TOGETHER = """
import sys, threading, pathlib
from hukumati.domain.catalogue.folder.loader import load_source
from hukumati.domain.catalogue.folder.source import Source, read_folder
sys.setswitchinterval(1e-6)
files, start = read_folder(pathlib.Path(sys.argv[1])), threading.Barrier(8)
def load():
    start.wait()
    load_source(Source(files))
threads = [threading.Thread(target=load) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_the_first_folders_of_a_process_may_be_read_by_many_threads_at_once():
    """A process of its own: what would crash ends it."""
    environment = {**os.environ, "PYTHONPATH": "src"}
    done = subprocess.run([sys.executable, "-c", TOGETHER, str(BIRTH)], env=environment, check=False)
    assert done.returncode == 0
