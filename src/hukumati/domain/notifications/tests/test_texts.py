"""Every text stands in both languages, names the same facts, and fits a phone."""

import pytest

from hukumati.domain.notifications import rules
from hukumati.domain.notifications.texts import texts
from hukumati.kernel.reference import new_reference

CODES = sorted(texts("ar"))


def test_both_languages_have_the_same_keys():
    assert set(texts("ar")) == set(texts("en"))


@pytest.mark.parametrize("code", CODES)
def test_both_languages_name_the_same_facts(code):
    arabic, english = texts("ar")[code], texts("en")[code]
    named = [frozenset().union(*map(rules.placeholders, text.body)) for text in (arabic, english)]
    assert named[0] == named[1]
    assert rules.placeholders(arabic.sms) == rules.placeholders(english.sms)
    assert bool(arabic.sms) == bool(english.sms)
    assert arabic.email == english.email


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("code", CODES)
def test_sms_say_nothing_personal_and_fit_two_parts(code, language):
    text = texts(language)[code]
    assert rules.placeholders(text.sms) <= rules.SMS_FACTS
    sms = text.sms.format(reference=new_reference("A", year=2026), code="123456", address="hukumati.example.ps")
    assert rules.sms_parts(sms) <= rules.SMS_PARTS_MAX, len(sms)


@pytest.mark.parametrize("code", CODES)
def test_titles_name_no_fact_that_might_be_missing(code):
    assert not rules.placeholders(texts("ar")[code].title)
    assert not rules.placeholders(texts("en")[code].title)


def test_a_sentence_without_its_fact_is_left_out():
    text = texts("en")["application.in_review"]
    _, body, _ = rules.written(text, {"service": "Copy", "reference": "A-1"}, language="en")
    assert body == "An officer is reviewing your application for “Copy”. Application A-1."


@pytest.mark.parametrize(
    ("value", "arabic", "english"),
    [
        ({"ar": "شهادة", "en": "certificate"}, "شهادة", "certificate"),
        ({"amount_minor": 6000, "currency": "ILS"}, "60.00 شيكل", "60.00 shekels"),
        ({"date": "2026-11-02"}, "2 تشرين الثاني 2026", "2 November 2026"),
        ("A-2026-7K3QX9AB", "A-2026-7K3QX9AB", "A-2026-7K3QX9AB"),
    ],
)
def test_facts_are_said_in_the_readers_language(value, arabic, english):
    assert rules.said(value, language="ar") == arabic
    assert rules.said(value, language="en") == english


def test_arabic_is_counted_in_parts_of_67():
    assert [rules.sms_parts("م" * length) for length in (70, 71, 134, 135)] == [1, 2, 2, 3]
