from datetime import date, timedelta

import pytest

from hukumati.domain.documents import api as documents
from hukumati.domain.documents.models import Check
from hukumati.domain.documents.tests.builders import NOON, issue
from hukumati.domain.documents.verification import CHECKS_OF_AN_ADDRESS
from hukumati.domain.identity.tests.builders import a_staff, actor_of
from hukumati.infra.audit import api as audit

HERE = "192.0.2.7"


def verify(code, *, at=NOON, address=HERE):
    return documents.verify(code, address=address, at=at)


def test_the_code_proves_the_document_and_tells_no_more(holder):
    document = issue(holder=holder, subject_name="سلمى محمود العطار")
    verified = verify(document.verification_code.lower().replace("-", " "))
    assert (verified.state, verified.title, verified.reference) == ("valid", document.title, document.reference)
    assert verified.masked_name == "س*** م*** ا***"
    assert verified.sha256 == document.sha256
    told = repr(verified)
    assert "سلمى" not in told
    assert holder.national_id.digits not in told


def test_each_check_is_recorded_and_told_to_the_holder(holder):
    document = issue(holder=holder)
    verify(document.verification_code)
    verify(document.verification_code, at=NOON + timedelta(hours=2))
    told = documents.get_own(document.reference, holder=holder.account_id)
    assert (told.times_checked, told.last_checked_at) == (2, NOON + timedelta(hours=2))
    assert [entry.code for entry in audit.list_entries(document.reference)].count("documents.checked") == 2


@pytest.mark.parametrize("code", ["", "x", "AAAA-BBBB-CCCC-DDDD-EEEE", "D-2026-AAAA2222"])
def test_unknown_mistyped_and_never_issued_are_one_answer(holder, code):
    issue(holder=holder)
    assert verify(code) is None
    assert Check.objects.count() == 0


def test_the_document_number_alone_proves_nothing(holder):
    assert verify(issue(holder=holder).reference) is None


def test_a_revoked_document_says_so(holder):
    document = issue(holder=holder)
    documents.revoke(document.reference, reason="سبب خاص", by=actor_of(a_staff(role="supervisor")), at=NOON)
    verified = verify(document.verification_code)
    assert (verified.state, verified.revoked_at) == ("revoked", NOON)
    assert "سبب خاص" not in repr(verified)


def test_a_document_whose_days_are_over_says_so(holder):
    document = issue(holder=holder, valid_until=date(2026, 5, 1))
    assert verify(document.verification_code).state == "valid"
    assert verify(document.verification_code, at=NOON + timedelta(days=40)).state == "expired"


def test_guessing_is_stopped_for_an_address_and_for_no_other(holder):
    document = issue(holder=holder)
    for _ in range(CHECKS_OF_AN_ADDRESS.amount_max):
        verify("AAAA-BBBB-CCCC-DDDD-EEEE")
    with pytest.raises(documents.TooManyChecks):
        verify(document.verification_code)
    assert verify(document.verification_code, address="192.0.2.8").state == "valid"
    assert verify(document.verification_code, at=NOON + timedelta(minutes=11)).state == "valid"


def file_of(document, holder):
    return documents.get_pdf(document.reference, holder=holder.account_id)


def verify_file(content, *, at=NOON):
    return documents.verify_file(content, address=HERE, at=at)


def test_the_file_itself_proves_the_document(holder):
    document = issue(holder=holder)
    assert verify_file(file_of(document, holder)).reference == document.reference
    assert Check.objects.get().way == "file"


def test_any_changed_byte_is_not_authentic(holder):
    content = file_of(issue(holder=holder), holder)
    for place in range(0, len(content), len(content) // 25):
        changed = bytearray(content)
        changed[place] ^= 0x01
        assert verify_file(bytes(changed)) is None
    assert verify_file(content + b"\n") is None
    assert verify_file(content[:-1]) is None


def test_the_unsigned_document_is_not_authentic(holder):
    document = issue(holder=holder)
    assert verify_file(documents.render_again(document.reference)) is None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x89PNG", b"%PDF-1.7\n" + b"[" * 100_000])
def test_a_strangers_file_is_not_authentic(db, content):
    assert verify_file(content) is None


def test_a_huge_file_is_refused_unread(db):
    with pytest.raises(documents.FileTooLarge):
        verify_file(b"x" * 5_000_001)


def test_a_revoked_file_says_so(holder):
    document = issue(holder=holder)
    documents.revoke(document.reference, reason="x", by=actor_of(a_staff(role="supervisor")), at=NOON)
    assert verify_file(file_of(document, holder)).state == "revoked"
