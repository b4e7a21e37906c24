from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.documents import rules
from hukumati.domain.documents.facts import DocumentState

REVOKED_AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_codes_are_long_enough_that_guessing_is_hopeless():
    code = rules.new_verification_code()
    letters = code.replace("-", "")
    assert len(letters) == 20
    assert len(rules.ALPHABET) ** len(letters) > 2**80
    assert code.count("-") == 4


@given(st.integers(0, 10_000))
def test_a_code_is_understood_however_it_is_typed(seed):
    code = rules.grouped("".join(rules.ALPHABET[(seed * 7 + step * step) % len(rules.ALPHABET)] for step in range(20)))
    for typed in (
        code,
        code.lower(),
        code.replace("-", " "),
        code.replace("-", ""),
        f" \u200f{code}\u200e ",
        code.replace("-", "–"),
    ):
        assert rules.parse_code(typed) == code
    assert rules.parse_code(code.translate(str.maketrans("23456789", "٢٣٤٥٦٧٨٩"))) == code


@pytest.mark.parametrize("typed", ["", "AAAA", "0" * 20, "A" * 21, "D-2026-AAAA2222", "'; DROP TABLE", "ا" * 20])
def test_what_cannot_be_a_code_is_none(typed):
    assert rules.parse_code(typed) is None


@pytest.mark.parametrize(
    ("day", "valid_until", "revoked_at", "state"),
    [
        (date(2026, 4, 1), None, None, DocumentState.VALID),
        (date(2026, 4, 1), date(2026, 4, 2), None, DocumentState.VALID),
        (date(2026, 4, 2), date(2026, 4, 2), None, DocumentState.EXPIRED),
        (date(2026, 4, 1), None, REVOKED_AT, DocumentState.REVOKED),
        (date(2026, 4, 2), date(2026, 4, 2), REVOKED_AT, DocumentState.REVOKED),
    ],
)
def test_state_on_a_day(day, valid_until, revoked_at, state):
    assert rules.state_on(day, valid_until=valid_until, revoked_at=revoked_at) == state


def test_a_masked_name_shows_first_letters_only():
    assert rules.masked_name("سلمى محمود  العطار") == "س*** م*** ا***"
    assert rules.masked_name("") == ""


def test_file_names_are_safe_everywhere():
    assert rules.file_name("شهادة ميلاد / نسخة", "D-2026-AAAA2222") == "شهادة-ميلاد-نسخة-D-2026-AAAA2222.pdf"
    assert '"' not in rules.file_name('a"b\r\nc', "D-1")
