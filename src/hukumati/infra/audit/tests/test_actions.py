from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from hukumati.infra.audit import api as audit
from hukumati.infra.audit.models import Entry
from hukumati.kernel.actor import Actor, ActorKind, system

NOON = datetime(2026, 4, 1, 9, 0, 0, 123456, tzinfo=UTC)
CLERK = Actor(
    ActorKind.STAFF, "S-2026-AAAA2222", roles=frozenset({"clerk", "cashier"}), institution="interior", office="ramallah"
)


@pytest.mark.django_db
def test_write_stores_the_line_and_its_leaf():
    audit.write(
        "documents.revoked",
        about="D-2026-AAAA2222",
        by=CLERK,
        at=NOON,
        reason="خطأ في الاسم",
        on=date(2026, 4, 1),
        copies=2,
    )
    entry = Entry.objects.get(about="D-2026-AAAA2222")
    assert (entry.code, entry.actor, entry.roles) == ("documents.revoked", "staff:S-2026-AAAA2222", "cashier,clerk")
    assert entry.facts == '{"copies":2,"on":"2026-04-01","reason":"خطأ في الاسم"}'
    assert len(entry.leaf) == 32


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"rate": 0.1}, {"who": object()}])
def test_write_refuses_what_cannot_be_repeated_exactly(facts):
    with pytest.raises(TypeError):
        audit.write("documents.issued", about="D-1", by=system("t"), at=NOON, **facts)


@pytest.mark.django_db(transaction=True)
def test_write_refuses_to_stand_apart_from_its_change():
    with pytest.raises(RuntimeError, match="outside a transaction"):
        audit.write("documents.issued", about="D-1", by=system("t"), at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET about = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "TRUNCATE audit_entry CASCADE",
    ],
)
def test_the_table_refuses(statement):
    audit.write("documents.issued", about="D-1", by=system("t"), at=NOON)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_table_refuses_a_field_that_could_blur_two_entries():
    with pytest.raises(DatabaseError, match="about_is_plain"), transaction.atomic():
        audit.write("documents.issued", about="D-1\x1fD-2", by=system("t"), at=NOON)
