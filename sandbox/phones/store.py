"""Messages and mails, bounded to the latest."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.sqlite_file import open_file

MESSAGES_MAX = 5_000
MAILS_MAX = 1_000
_SCHEMA = """
create table if not exists messages (
    position integer primary key, message_id text not null unique, reference text not null unique,
    digest text not null, "to" text not null, text text not null, state text not null, at text not null
);
create index if not exists messages_by_number on messages ("to", position);
create table if not exists mails (
    position integer primary key, mail_id text not null unique, sender text not null, "to" text not null,
    subject text not null, text text not null, html text not null, at text not null
);
"""


class PhoneStore:
    """The file behind the phones and mailboxes."""

    def __init__(self, path: Path) -> None:
        self.file = open_file(path, _SCHEMA)

    def accept_message(self, *, to: str, text: str, reference: str, state: str) -> dict[str, Any]:
        """Take a message once; the same reference with the same content is the same message."""
        digest = hashlib.sha256(f"{to}\n{text}".encode()).hexdigest()
        known = self.file.execute("select * from messages where reference = ?", (reference,)).fetchone()
        if known is not None:
            if known["digest"] != digest:
                raise Refusal(409, "reference_used", "This reference belongs to another message.")
            return _message(known)
        self.file.execute(
            'insert into messages (message_id, reference, digest, "to", text, state, at) values (?, ?, ?, ?, ?, ?, ?)',
            (f"sms_{uuid4().hex}", reference, digest, to, text, state, moments.iso(moments.now())),
        )
        self._trim("messages", MESSAGES_MAX)
        return _message(self.file.execute("select * from messages where reference = ?", (reference,)).fetchone())

    def set_state(self, message_id: str, state: str) -> None:
        """How far the message came: accepted, delivered, lost."""
        self.file.execute("update messages set state = ? where message_id = ?", (state, message_id))

    def get_message(self, message_id: str) -> dict[str, Any]:
        """One message."""
        row = self.file.execute("select * from messages where message_id = ?", (message_id,)).fetchone()
        if row is None:
            raise Refusal(404, "message_not_found", "No such message.")
        return _message(row)

    def list_messages(self, *, to: str, limit: int) -> list[dict[str, Any]]:
        """Newest first; an empty `to` means all phones."""
        rows = self.file.execute(
            """select * from messages where ?1 = '' or "to" = ?1 order by position desc limit ?2""", (to, limit)
        )
        return [_message(row) for row in rows]

    def accept_mail(self, *, sender: str, to: str, subject: str, text: str, html: str) -> None:
        """Take one mail for one recipient."""
        self.file.execute(
            'insert into mails (mail_id, sender, "to", subject, text, html, at) values (?, ?, ?, ?, ?, ?, ?)',
            (f"mail_{uuid4().hex}", sender, to, subject, text, html, moments.iso(moments.now())),
        )
        self._trim("mails", MAILS_MAX)

    def list_mails(self, *, to: str, limit: int) -> list[dict[str, Any]]:
        """Newest first; an empty `to` means all mailboxes."""
        rows = self.file.execute(
            """select mail_id, sender, "to", subject, text, html, at from mails
            where ?1 = '' or "to" = ?1 collate nocase order by position desc limit ?2""",
            (to, limit),
        )
        return [dict(row) for row in rows]

    def _trim(self, table: str, rows_max: int) -> None:
        self.file.execute(
            f"delete from {table} where position <= (select max(position) from {table}) - ?",
            (rows_max,),
        )


def _message(row: sqlite3.Row) -> dict[str, Any]:
    return {name: row[name] for name in ("message_id", "reference", "to", "text", "state", "at")}
