"""Payments, refunds and notices, in one file that outlives a restart."""

import json
import sqlite3
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.sqlite_file import open_file, transaction

REFUND_AFTER = timedelta(seconds=1)
LISTED_MAX = 100
OPEN_STATES = ("created", "pending")
_SCHEMA = """
create table if not exists payments (
    payment_id text primary key, idempotency_key text not null unique, digest text not null,
    merchant text not null, reference text not null, amount_minor integer not null check (amount_minor > 0),
    currency text not null, description text not null, locale text not null, return_url text not null,
    notice_url text not null, state text not null, created_at text not null, expires_at text not null,
    paid_at text, card_number text, card_last4 text, auth_code text, reason text,
    challenge_code text, challenge_sent_at text, challenge_tries integer not null default 0,
    challenge_sends integer not null default 0, sequence integer not null default 0
);
create index if not exists payments_by_reference on payments (reference);
create index if not exists payments_by_paid_at on payments (paid_at) where paid_at is not null;
create table if not exists refunds (
    refund_id text primary key, payment_id text not null references payments, refund_reference text not null,
    amount_minor integer not null check (amount_minor > 0), state text not null, created_at text not null,
    due_at text not null, settled_at text, unique (payment_id, refund_reference)
);
create table if not exists pushes (
    payment_id text primary key references payments, mobile text not null, pin_tries integer not null default 0
);
create index if not exists pushes_by_mobile on pushes (mobile);
create table if not exists notices (
    notice_id text primary key, payment_id text not null references payments, type text not null,
    sequence integer not null, body text not null, state text not null, tries integer not null default 0,
    due_at real not null, copies integer not null default 1, forged integer not null default 0,
    held integer not null default 0, last_status integer
);
create table if not exists transfers (
    number integer primary key, text text not null, amount_minor integer not null check (amount_minor > 0), at text not null
);
create index if not exists transfers_by_time on transfers (at);
create table if not exists slips (
    terminal text not null, number text not null, authorisation text not null, card_last4 text not null,
    amount_minor integer not null check (amount_minor <> 0), at text not null, primary key (terminal, number)
);
create index if not exists slips_by_time on slips (at);
create table if not exists orders (message_id text primary key, digest text not null, at text not null);
create table if not exists moves (
    number integer primary key, message_id text not null references orders, reference text not null, name text not null,
    iban text not null, amount_minor integer not null, text text not null, at text not null
);
create index if not exists moves_by_time on moves (at);
create table if not exists mail (place integer primary key, about text not null unique, name text not null, body blob not null);
create index if not exists notices_waiting on notices (due_at) where state = 'waiting';
"""


class GatewayStore:
    """Rows in, rows out; flow is elsewhere."""

    def __init__(self, path: Path) -> None:
        self.file = open_file(path, _SCHEMA)

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""
        return transaction(self.file)

    def create_payment(
        self, asked: dict[str, Any], *, key: str, digest: str, at: datetime, life: timedelta, mobile: str = ""
    ) -> tuple[sqlite3.Row, bool]:
        """A new payment, or the one this key made before; and whether it is new. With `mobile`, it waits in that telephone's wallet."""
        known = self.file.execute("select * from payments where idempotency_key = ?", (key,)).fetchone()
        if known is not None:
            if known["digest"] != digest:
                raise Refusal(409, "idempotency_key_used", "This key was used with another body.")
            return self.get_payment(known["payment_id"]), False
        row = asked | {
            "payment_id": f"pay_{uuid4().hex}",
            "idempotency_key": key,
            "digest": digest,
            "state": "created",
            "created_at": moments.iso(at),
            "expires_at": moments.iso(at + life),
        }
        _insert(self.file, "payments", row)
        if mobile:
            _insert(self.file, "pushes", {"payment_id": row["payment_id"], "mobile": mobile})
        return self.get_payment(row["payment_id"]), True

    def find_payment(self, payment_id: str) -> sqlite3.Row | None:
        """One payment, expired if its time has passed."""
        self.file.execute(
            "update payments set state = 'expired' where payment_id = ? and state in ('created', 'pending')"
            " and expires_at < ?",
            (payment_id, moments.iso(moments.now())),
        )
        found: sqlite3.Row | None = self.file.execute(
            "select * from payments where payment_id = ?", (payment_id,)
        ).fetchone()
        return found

    def get_payment(self, payment_id: str) -> sqlite3.Row:
        """One payment, or a refusal."""
        row = self.find_payment(payment_id)
        if row is None:
            raise Refusal(404, "payment_not_found", "No such payment.")
        return row

    def list_payments(self, reference: str) -> list[sqlite3.Row]:
        """Payments of a merchant's reference, oldest first."""
        ids = self.file.execute(
            "select payment_id from payments where reference = ? order by created_at, rowid limit ?",
            (reference, LISTED_MAX),
        ).fetchall()
        return [self.get_payment(row["payment_id"]) for row in ids]

    def find_push(self, payment_id: str) -> sqlite3.Row | None:
        """The wallet in which a payment waits; None for one by card."""
        found: sqlite3.Row | None = self.file.execute(
            "select * from pushes where payment_id = ?", (payment_id,)
        ).fetchone()
        return found

    def list_pushes(self, mobile: str) -> list[sqlite3.Row]:
        """What was asked of a telephone's wallet, latest first."""
        ids = self.file.execute(
            "select payment_id from pushes where mobile = ? order by rowid desc limit ?", (mobile, LISTED_MAX)
        ).fetchall()
        return [self.get_payment(row["payment_id"]) for row in ids]

    def count_wrong_pin(self, payment_id: str) -> int:
        """How many wrong ones were typed for this payment, with this one."""
        row = self.file.execute(
            "update pushes set pin_tries = pin_tries + 1 where payment_id = ? returning pin_tries", (payment_id,)
        ).fetchone()
        return int(row["pin_tries"])

    def change_payment(self, payment_id: str, **values: Any) -> None:
        """Write some columns of a payment."""
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        self.file.execute(
            f"update payments set {assignments} where payment_id = :payment_id",
            values | {"payment_id": payment_id},
        )

    def create_refund(self, payment_id: str, reference: str, amount_minor: int, *, at: datetime) -> sqlite3.Row:
        """A promise to give back; the same reference with the same amount is the same refund."""
        known = self.file.execute(
            "select * from refunds where payment_id = ? and refund_reference = ?", (payment_id, reference)
        ).fetchone()
        if known is not None and known["amount_minor"] != amount_minor:
            raise Refusal(409, "refund_reference_used", "This reference belongs to a refund of another amount.")
        if known is not None:
            return self.get_refund(known["refund_id"])
        payment = self.get_payment(payment_id)
        if payment["state"] != "paid":
            raise Refusal(409, "payment_not_paid", "Only a paid payment can be refunded.")
        left = payment["amount_minor"] - self.refunded_minor(payment_id)
        if amount_minor > left:
            raise Refusal(422, "refund_too_large", "More than what is left of the payment.", left_minor=left)
        refund_id = f"ref_{uuid4().hex}"
        _insert(
            self.file,
            "refunds",
            {
                "refund_id": refund_id,
                "payment_id": payment_id,
                "refund_reference": reference,
                "amount_minor": amount_minor,
                "state": "pending",
                "created_at": moments.iso(at),
                "due_at": moments.iso(at + REFUND_AFTER),
            },
        )
        return self.get_refund(refund_id)

    def refunded_minor(self, payment_id: str) -> int:
        """What went back or is promised."""
        row = self.file.execute(
            "select coalesce(sum(amount_minor), 0) from refunds where payment_id = ? and state <> 'failed'",
            (payment_id,),
        ).fetchone()
        return int(row[0])

    def get_refund(self, refund_id: str) -> sqlite3.Row:
        """One refund, or a refusal."""
        row = self.file.execute("select * from refunds where refund_id = ?", (refund_id,)).fetchone()
        if row is None:
            raise Refusal(404, "refund_not_found", "No such refund.")
        found: sqlite3.Row = row
        return found

    def pending_refunds(self) -> list[sqlite3.Row]:
        """Oldest first."""
        return self.file.execute("select * from refunds where state = 'pending' order by due_at limit 100").fetchall()

    def settle_refund(self, refund_id: str, state: str, *, at: datetime) -> None:
        """The bank gave back, or failed to."""
        settled_at = moments.iso(at) if state == "paid" else None
        self.file.execute(
            "update refunds set state = ?, settled_at = ? where refund_id = ?", (state, settled_at, refund_id)
        )

    def next_sequence(self, payment_id: str) -> int:
        """Numbers the notices of one payment from 1."""
        row = self.file.execute(
            "update payments set sequence = sequence + 1 where payment_id = ? returning sequence", (payment_id,)
        ).fetchone()
        return int(row["sequence"])

    def add_notice(self, row: dict[str, Any]) -> None:
        """A notice to be sent."""
        _insert(self.file, "notices", row)

    def waiting_notices(self) -> list[sqlite3.Row]:
        """By time, then the later number first, as held notices want it."""
        return self.file.execute(
            "select notices.*, payments.notice_url from notices join payments using (payment_id)"
            " where notices.state = 'waiting' order by due_at, sequence desc limit 200"
        ).fetchall()

    def change_notice(self, notice_id: str, **values: Any) -> None:
        """Write some columns of a notice."""
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        self.file.execute(
            f"update notices set {assignments} where notice_id = :notice_id",
            values | {"notice_id": notice_id},
        )

    def list_notices(self, payment_id: str) -> list[dict[str, Any]]:
        """What was or will be sent about a payment."""
        rows = self.file.execute(
            "select * from notices where payment_id = ? order by sequence", (payment_id,)
        ).fetchall()
        return [dict(row) | {"body": json.loads(row["body"])} for row in rows]

    def add_transfer(self, text: str, amount_minor: int, *, at: datetime) -> int:
        """Somebody's order to another bank: it arrives at once, and has this number here."""
        row = {"text": text, "amount_minor": amount_minor, "at": moments.iso(at)}
        _insert(self.file, "transfers", row)
        return int(self.file.execute("select last_insert_rowid()").fetchone()[0])

    def find_transfer(self, number: int) -> sqlite3.Row | None:
        """One transfer that came in."""
        found: sqlite3.Row | None = self.file.execute("select * from transfers where number = ?", (number,)).fetchone()
        return found

    def transfers_between(self, first: datetime, last: datetime) -> list[sqlite3.Row]:
        """What came in by transfer in a span of time."""
        span = (moments.iso(first), moments.iso(last))
        return self.file.execute("select * from transfers where at >= ? and at < ? order by number", span).fetchall()

    def add_slip(self, row: dict[str, Any]) -> None:
        """What a terminal took, or gave back (negative)."""
        _insert(self.file, "slips", row)

    def slips_between(self, first: datetime, last: datetime) -> list[sqlite3.Row]:
        """Slips of a span of time, in order."""
        span = (moments.iso(first), moments.iso(last))
        return self.file.execute("select * from slips where at >= ? and at < ? order by at, number", span).fetchall()

    def list_slips(self, terminal: str) -> list[sqlite3.Row]:
        """The last slips of a terminal, newest first."""
        asked = "select * from slips where terminal = ? order by at desc limit 20"
        return self.file.execute(asked, (terminal,)).fetchall()

    def find_order(self, message_id: str) -> sqlite3.Row | None:
        """An order that was taken."""
        found: sqlite3.Row | None = self.file.execute(
            "select * from orders where message_id = ?", (message_id,)
        ).fetchone()
        return found

    def add_order(self, message_id: str, digest: str, *, at: datetime) -> None:
        """An order, as it was taken."""
        _insert(self.file, "orders", {"message_id": message_id, "digest": digest, "at": moments.iso(at)})

    def add_move(self, row: dict[str, Any]) -> int:
        """Money that went out by an order, or came back; its number at this bank."""
        _insert(self.file, "moves", row)
        return int(self.file.execute("select last_insert_rowid()").fetchone()[0])

    def moves_between(self, first: datetime, last: datetime) -> list[sqlite3.Row]:
        """What orders moved in a span of time."""
        span = (moments.iso(first), moments.iso(last))
        return self.file.execute("select * from moves where at >= ? and at < ? order by number", span).fetchall()

    def add_mail(self, about: str, name: str, body: bytes) -> None:
        """A file for the State, once for what it is about."""
        self.file.execute("insert or ignore into mail (about, name, body) values (?, ?, ?)", (about, name, body))

    def has_mail(self, about: str) -> bool:
        """Whether a file about this is in the mailbox."""
        return self.file.execute("select 1 from mail where about = ?", (about,)).fetchone() is not None

    def list_mail(self, after: int, limit: int) -> list[sqlite3.Row]:
        """Files after a place, without their bytes."""
        asked = "select place, name from mail where place > ? order by place limit ?"
        return self.file.execute(asked, (after, limit)).fetchall()

    def find_mail(self, place: int) -> bytes | None:
        """The bytes of a file."""
        row = self.file.execute("select body from mail where place = ?", (place,)).fetchone()
        return bytes(row["body"]) if row is not None else None

    def transfers_without_mail(self) -> list[sqlite3.Row]:
        """Transfers that came in and were not told yet."""
        asked = "select * from transfers where not exists (select 1 from mail where about = 'transfer-' || number)"
        return self.file.execute(f"{asked} order by number limit 100").fetchall()

    def moved_between(
        self, first: datetime, last: datetime, *, method: str
    ) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
        """Payments charged and refunds given back in a span of time, by card or by wallet."""
        span = (moments.iso(first), moments.iso(last), method)
        payments = self.file.execute(
            "select payments.* from payments left join pushes using (payment_id)"
            " where paid_at >= ? and paid_at < ? and iif(mobile is null, 'card', 'wallet') = ?"
            " order by paid_at, payment_id",
            span,
        ).fetchall()
        refunds = self.file.execute(
            "select refunds.*, payments.reference, payments.currency"
            " from refunds join payments using (payment_id) left join pushes using (payment_id)"
            " where settled_at >= ? and settled_at < ? and iif(mobile is null, 'card', 'wallet') = ?"
            " order by settled_at, refund_id",
            span,
        ).fetchall()
        return payments, refunds


def _insert(file: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    file.execute(f"insert into {table} ({names}) values ({marks})", row)
