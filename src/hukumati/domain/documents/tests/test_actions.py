import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils.timezone import now

from hukumati.domain.documents import api as documents
from hukumati.domain.documents.models import Document, DocumentNumber
from hukumati.domain.documents.tests.builders import NOON, TITLE, issue
from hukumati.domain.documents.verification import is_stored_intact
from hukumati.domain.identity.tests.builders import a_citizen, a_staff, actor_of
from hukumati.infra.audit import api as audit
from hukumati.infra.outbox.models import Event
from hukumati.kernel.actor import system


def audited(about):
    return [entry.code for entry in audit.list_entries(about)]


def test_issue_makes_a_document_that_verifies(holder):
    document = issue(holder=holder)
    assert document.title == TITLE
    assert document.institution.en == "Ministry of Interior"
    assert document.state == documents.DocumentState.VALID
    assert is_stored_intact(Document.objects.get())
    assert audited(document.reference) == ["documents.issued"]
    event = Event.objects.get(name="documents.issued")
    assert (event.about, event.facts) == ("A-2026-AAAA2222", {"document": document.reference})


def test_issue_again_returns_what_was_issued(holder):
    first = issue(holder=holder)
    again = issue(holder=holder, data={"name": "اسم آخر"})
    assert again.reference == first.reference
    assert again.sha256 == first.sha256
    assert Event.objects.filter(name="documents.issued").count() == 1


def test_without_a_sealed_record_no_document_is_issued(holder):
    """What cannot be proved is not issued; what was issued is still given."""
    first = issue(holder=holder)
    audit.write("tests.waiting", about="T-1", by=system("tests"), at=NOON)
    two_hours_later = now() + timedelta(hours=2)
    with pytest.raises(documents.SealerBehindError):
        issue("A-2026-BBBB3333", holder=holder, at=two_hours_later)
    assert issue(holder=holder, at=two_hours_later).reference == first.reference
    assert DocumentNumber.objects.count() == 1


def test_a_failed_attempt_leaves_its_number_to_the_next(holder):
    with pytest.raises(documents.TemplateFaultError):
        issue(holder=holder, template="#nothing")
    number = DocumentNumber.objects.get()
    assert Document.objects.count() == 0
    assert issue(holder=holder).reference == number.reference


@pytest.mark.django_db(transaction=True)
def test_two_at_once_issue_one_document(places):
    holder = a_citizen()
    issued, start = [], threading.Barrier(2)

    def work():
        try:
            start.wait()
            issued.append(issue(holder=holder))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(issued) == 2
    assert issued[0].sha256 == issued[1].sha256
    assert Document.objects.count() == DocumentNumber.objects.count() == 1
    assert Event.objects.filter(name="documents.issued").count() == 1
    assert documents.get_pdf(issued[0].reference, holder=holder.account_id)


@pytest.mark.django_db(transaction=True)
def test_issue_refuses_to_do_slow_work_in_a_transaction(places):
    holder = a_citizen()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        issue(holder=holder)


def test_rendered_again_it_is_what_was_signed(holder):
    document = issue(holder=holder)
    signed = documents.get_pdf(document.reference, holder=holder.account_id)
    rendered = documents.render_again(document.reference)
    assert signed.startswith(rendered)
    assert documents.render_again(document.reference) == rendered


def test_rendering_again_tells_when_the_inputs_were_touched(holder):
    document = issue(holder=holder)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE documents_document SET inputs = replace(inputs, 'سلمى', 'ليلى')")
        cursor.execute("SET session_replication_role = DEFAULT")
    with pytest.raises(documents.RenderDiffersError):
        documents.render_again(document.reference)


@pytest.mark.parametrize(
    "statement", ["UPDATE documents_document SET title_ar = 'x'", "DELETE FROM documents_document"]
)
def test_an_issued_document_is_never_changed(holder, statement):
    issue(holder=holder)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_only_the_holder_downloads(holder):
    document = issue(holder=holder)
    stranger = a_citizen()
    file = documents.download(document.reference, holder=holder.account_id, by=actor_of(holder), at=NOON)
    assert file.name == f"شهادة-تجريبية-{document.reference}.pdf"
    assert file.content.startswith(b"%PDF")
    assert audited(document.reference) == ["documents.issued", "documents.downloaded"]
    with pytest.raises(documents.DocumentNotFound):
        documents.download(document.reference, holder=stranger.account_id, by=actor_of(stranger), at=NOON)
    with pytest.raises(documents.DocumentNotFound):
        documents.get_own(document.reference, holder=stranger.account_id)
    with pytest.raises(documents.DocumentNotFound):
        documents.get_pdf(document.reference, holder=stranger.account_id)
    assert documents.list_own(stranger.account_id) == []


def test_a_damaged_file_is_not_handed_out(holder, places):
    document = issue(holder=holder)
    path = places / "blobs" / Document.objects.get().storage_key
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"/Seal", b"/Sell", 1) if b"/Seal" in path.read_bytes() else b"x")
    with pytest.raises(Exception, match="documents/2026") as damaged:
        documents.get_pdf(document.reference, holder=holder.account_id)
    assert type(damaged.value).__name__ == "StorageDamagedError"


def test_revoke_ends_a_document_once(holder):
    clerk = actor_of(a_staff(role="supervisor"))
    document = issue(holder=holder)
    revoked = documents.revoke(document.reference, reason="خطأ في تاريخ الميلاد", by=clerk, at=NOON)
    assert (revoked.state, revoked.revoked_at) == (documents.DocumentState.REVOKED, NOON)
    with pytest.raises(documents.AlreadyRevoked):
        documents.revoke(document.reference, reason="again", by=clerk, at=NOON + timedelta(days=1))
    assert audited(document.reference) == ["documents.issued", "documents.revoked"]


def test_a_revoked_document_is_not_printed_any_more(holder):
    document = issue(holder=holder)
    clerk = actor_of(a_staff())
    assert documents.print_copy(document.reference, by=clerk, at=NOON).content.startswith(b"%PDF")
    documents.revoke(document.reference, reason="خطأ في تاريخ الميلاد", by=clerk, at=NOON)
    with pytest.raises(documents.AlreadyRevoked):
        documents.print_copy(document.reference, by=clerk, at=NOON)
    assert audited(document.reference) == ["documents.issued", "documents.printed", "documents.revoked"]


def test_revoke_asks_for_a_reason_and_a_document(holder):
    clerk = actor_of(a_staff(role="supervisor"))
    document = issue(holder=holder)
    with pytest.raises(documents.RevocationReasonMissing):
        documents.revoke(document.reference, reason="  ", by=clerk, at=NOON)
    with pytest.raises(documents.DocumentNotFound):
        documents.revoke("D-2026-ZZZZ9999", reason="x", by=clerk, at=NOON)
    assert documents.get_own(document.reference, holder=holder.account_id).state == documents.DocumentState.VALID


def test_validity_ends_on_its_day(holder):
    document = issue(holder=holder, valid_until=date(2026, 5, 1))
    assert not document.is_over(on=date(2026, 4, 30))
    assert document.is_over(on=date(2026, 5, 1))
