"""Writing to the record. One line in the transaction of the change it tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import connection

from hukumati.infra.audit.facts import EntryFacts, canonical_json

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.kernel.actor import Actor

INSERT = """
INSERT INTO audit_entry (key, at, code, about, actor, roles, institution, office, authenticated_by, facts, leaf)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def write(code: str, *, about: str, by: Actor, at: datetime, **facts: Any) -> None:
    """Record that `by` did `code` to `about`. Facts: references, states, amounts, dates; never what a person said.

    The key is random: nobody who is shown a neighbour's hash in a proof can guess what it says.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{code} was audited outside a transaction, apart from its change")
    entry = EntryFacts(
        key=str(uuid4()),
        at=at,
        code=code,
        about=about,
        actor=by.label,
        roles=",".join(sorted(by.roles)),
        institution=by.institution,
        office=by.office,
        authenticated_by=",".join(by.authenticated_by),
        facts=canonical_json(facts),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                entry.key, entry.at, entry.code, entry.about, entry.actor, entry.roles, entry.institution, entry.office,
                entry.authenticated_by, entry.facts, entry.leaf(),
            ],
        )  # fmt: skip
