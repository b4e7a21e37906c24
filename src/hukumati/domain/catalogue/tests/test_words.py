"""How words are compared, as tables."""

from __future__ import annotations

import pytest

from hukumati.domain.catalogue import spelling, words
from hukumati.domain.catalogue.listings.ranking import AS_TYPED, Asked, Candidate, score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الشهادة", "شهاده"),
        ("شهادات", "شهادة"),
        ("رخصتي", "رخصة"),
        ("والمخالفات", "مخالفة"),
        ("للتأمين", "تامين"),
        ("معاقين", "معاق"),
        ("certificates", "certificate"),
        ("driver's", "driver"),
    ],
)
def test_forms_of_a_word_are_one_word(one, other):
    assert words.stems(one)[0] == words.stems(other)[0]


@pytest.mark.parametrize(("one", "other"), [("تامين", "تامر"), ("بيت", "بيوت"), ("طب", "طباعة")])
def test_other_words_stay_other_words(one, other):
    assert words.stems(one) != words.stems(other)


def test_a_broken_plural_means_its_singular_and_what_means_the_same():
    lexicon = words.lexicon([["وثيقه", "certificate"]], [["وثيقة", "وثائق"]])
    assert set(lexicon.meanings("وثايق")) == {"وثايق", "وثيق", "certificate"}


def test_a_meaning_of_two_words_matches_nothing_and_breaks_nothing():
    assert words.lexicon([["زواج", "عقد قران", "a | b"]], []).meanings("زواج") == ("زواج",)


@pytest.mark.parametrize(
    ("typed", "arabic"),
    [
        ("shahadet", "شهادة"),
        ("milad", "ميلاد"),
        ("rukhsa", "رخصة"),
        ("ro5sa", "رخصة"),
        ("siyaqa", "سياقة"),
        ("swa2a", "سواقة"),
        ("jawaz", "جواز"),
        ("ta2meen", "تأمين"),
        ("tajdeed", "تجديد"),
        ("hawiyya", "هوية"),
        ("mukhalafat", "مخالفات"),
        ("al-daribeh", "ضريبة"),
        ("zimma", "ذمة"),
        ("wafah", "وفاة"),
        ("7aq", "حق"),
    ],
)
def test_arabic_in_latin_letters_has_the_consonants_of_the_word(typed, arabic):
    assert spelling.skeleton(words.stems(arabic)[0]) in spelling.skeletons_typed(typed)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("abc", "ab", 1),
        ("abc", "xabc", 1),
        ("abcd", "badc", 2),
        ("", "abc", 3),
    ],
)
def test_slips_are_counted(one, other, slips):
    assert spelling.distance(one, other) == spelling.distance(other, one) == slips


def test_a_short_word_forgives_no_slip():
    assert spelling.nearest("دخل", ["دحل", "دخل"]) == ["دخل"]
    assert spelling.nearest("ميلاذ", ["ميلاد", "ملاعب"]) == ["ميلاد"]


def asked(*typed):
    return [Asked(word, {word: AS_TYPED}) for word in typed]


def test_the_exact_name_stands_before_everything_and_what_can_be_done_now_before_its_equal():
    exact = Candidate(["نسخ شهاد ميلاد", ""], can_start=False, text_rank=0.1)
    longer = Candidate(["نسخ شهاد ميلاد جديد", ""], can_start=True, text_rank=0.1)
    query = asked("نسخ", "شهاد", "ميلاد")
    assert score(query, exact) > score(query, longer)
    online = Candidate(exact.called, can_start=True, text_rank=0.1)
    assert score(query, online) > score(query, exact)


def test_a_service_that_says_nothing_more_fits_better():
    short, long = Candidate(["جواز سفر"], False, 0.1), Candidate(["بدل فاقد جواز سفر"], False, 0.1)
    assert score(asked("جواز", "سفر"), short) > score(asked("جواز", "سفر"), long)
