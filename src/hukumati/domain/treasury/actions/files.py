"""Taking a bank's file: whole, once, and into the ledger at the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payouts import api as payouts
from hukumati.domain.treasury import postings, rules, statements
from hukumati.domain.treasury.accounts import account_by_iban, currencies, list_terms
from hukumati.domain.treasury.actions.differences import open_fresh
from hukumati.domain.treasury.facts import BankFileRefused, DifferenceKind, FileKind, Finding, MatchKind, TreasurerOnly
from hukumati.domain.treasury.models import BankEntry, BankFile, BankStatement
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import ActorKind
from hukumati.kernel.money import Money
from hukumati.kernel.reference import new_reference

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from datetime import datetime

    from hukumati.domain.treasury.facts import BankAccount, Entry, FileFacts, Statement
    from hukumati.kernel.actor import Actor

TREASURER: Final = "treasurer"
NAME_LENGTH_MAX: Final = 120
FUTURE_MAX: Final = timedelta(days=5)
"""Banks date an entry ahead over a week-end; not further."""


def require_treasurer(by: Actor) -> None:
    """A treasurer, or the system by itself. Refuses with TreasurerOnly."""
    if by.kind != ActorKind.SYSTEM and TREASURER not in by.roles:
        raise TreasurerOnly


def take_file(body: bytes, *, name: str, by: Actor, at: datetime) -> FileFacts:
    """Take a bank's file: each new entry stands in the ledger when this returns. The same file again is found, and changes nothing.

    Refuses with TreasurerOnly, and with BankFileRefused what cannot be believed: nothing of it is kept but the refusal's audit line.
    """
    require_treasurer(by)
    try:
        return _take(body, statements.read_file(body, accounts=currencies()), name=name, by=by, at=at)
    except BankFileRefused as refusal:
        told = {
            "why": refusal.why,
            "where": refusal.where,
            "digest": sha256(body).hexdigest(),
            "name": name[:NAME_LENGTH_MAX],
        }
        with transaction.atomic():
            audit.write("treasury.bank_file_refused", about="treasury", by=by, at=at, **told)
        raise


@transaction.atomic
def _take(body: bytes, read: Sequence[Statement], *, name: str, by: Actor, at: datetime) -> FileFacts:
    with connection.cursor() as cursor:  # of two files at once, both could find an entry new
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('treasury.files'))")
    digest = sha256(body).hexdigest()
    known = BankFile.objects.filter(digest=digest).first()
    if known is not None:
        return known.facts(seen_before=True)
    fresh = [(statement, _new_entries(statement, at=at)) for statement in read]
    file = BankFile.objects.create(
        reference=new_reference("BF", year=at.year),
        name=name[:NAME_LENGTH_MAX],
        kind=read[0].kind,
        digest=digest,
        body=body,
        received_by=by.label,
        received_at=at,
        entries_count=sum(len(statement.entries) for statement in read),
        new_entries_count=sum(len(entries) for _statement, entries in fresh),
    )
    for statement, entries in fresh:
        account = account_by_iban(statement.iban)
        _take_statement(file, account, statement, at=at)
        if statement.kind == FileKind.NOTICE:
            _require_from_the_bank(statement, entries, by=by)
        _take_entries(file, account, entries, by=by, at=at)
    counted = {"digest": digest, "entries": file.entries_count, "new": file.new_entries_count}
    audit.write("treasury.bank_file_taken", about=file.reference, by=by, at=at, **counted)
    return file.facts()


def _new_entries(statement: Statement, *, at: datetime) -> list[Entry]:
    """Those that no file has told before. An entry that is told again with another amount is another story: refused."""
    account = account_by_iban(statement.iban).id
    told = {entry.reference: entry for entry in statement.entries}
    known = dict(
        BankEntry.objects.filter(account=account, reference__in=list(told)).values_list("reference", "amount_minor")
    )
    for reference, amount in known.items():
        if told[reference].amount_minor != amount:
            raise BankFileRefused(why="entry_changed", where=statement.statement_id, found=reference)
    for entry in told.values():
        if entry.booked_on > (at + FUTURE_MAX).date():
            raise BankFileRefused(why="booked_in_the_future", where=statement.statement_id, found=entry.reference)
    return [entry for reference, entry in told.items() if reference not in known]


def _take_statement(file: BankFile, account: BankAccount, statement: Statement, *, at: datetime) -> None:
    if statement.kind != FileKind.STATEMENT:
        return
    figures = {
        "currency": statement.currency,
        "opening_minor": statement.opening_minor,
        "closing_minor": statement.closing_minor,
        "opened_on": statement.opened_on,
        "closed_on": statement.closed_on,
    }
    row, made = BankStatement.objects.get_or_create(
        account=account.id, number=statement.statement_id, defaults={"file": file, **figures}
    )
    if not made:
        if {name: getattr(row, name) for name in figures} != figures:
            raise BankFileRefused(why="statement_changed", where=statement.statement_id)
        return
    earlier = BankStatement.objects.filter(account=account.id, closed_on__lte=row.closed_on).exclude(pk=row.pk)
    if not earlier.exists():
        _bring_in(account, row, at=at)


def _bring_in(account: BankAccount, row: BankStatement, *, at: datetime) -> None:
    """The earliest statement says what the account held before the books began; an earlier one that comes later corrects it."""
    before = -ledger.balance(postings.brought_in_account(account.id), account.currency).amount_minor
    if opening := row.opening_minor - before:
        lines = postings.moved(
            Money(opening, account.currency),
            into=postings.bank_account(account.id),
            out_of=postings.brought_in_account(account.id),
            case=row.number,
            statement=row.number,
        )
        ledger.post(f"{account.id}:{row.number}", lines, kind="bank_brought_in", at=at)


def _require_from_the_bank(statement: Statement, entries: Sequence[Entry], *, by: Actor) -> None:
    """A notice has no balance that would betray a forgery: one that somebody carries here neither pays a payout nor brings one back."""
    named = [entry for entry in entries if rules.named_by(entry)[0] == MatchKind.PAYOUT]
    if named and by.kind != ActorKind.SYSTEM:
        raise BankFileRefused(why="payout_in_a_notice", where=statement.statement_id, found=named[0].end_to_end)


def _take_entries(file: BankFile, account: BankAccount, entries: Sequence[Entry], *, by: Actor, at: datetime) -> None:
    named = [rules.named_by(entry)[1] for entry in entries]
    drawers = {drawer.reference for drawer in payments.list_closed_drawers(named)}
    asked = payments.list_transfers_asked([code for code in named if code]) if account.takes_transfers else {}
    expected = _Expected(drawers, asked, payouts.list_lines_booked(named, account=account.id))
    rows = [_row(file, account, entry, expected=expected) for entry in entries]
    BankEntry.objects.bulk_create(rows, batch_size=2_000)
    for row in rows:
        lines = postings.moved(
            Money(row.amount_minor, row.currency),
            into=postings.bank_account(account.id),
            out_of=_lies_in(row),
            case=row.matched_with or row.reference,
            statement=file.reference,
        )
        ledger.post(f"{account.id}:{row.reference}", lines, kind="bank_entry", at=at)
        if row.match_kind == MatchKind.TRANSFER:
            named_entry, into = f"{account.id}:{row.reference}", postings.transfers_account(account.id)
            payments.take_transfer(row.matched_with, entry=named_entry, into=into, by=by, at=at)
        if row.match_kind == MatchKind.PAYOUT:
            moved = Money(row.amount_minor, row.currency)
            payouts.note_booked(row.matched_with, entry=row.reference, amount=moved, on=row.booked_on, at=at)
    open_fresh((_unknown(row) for row in rows if row.match_kind == MatchKind.SUSPENSE), at=at)


@dataclass(frozen=True)
class _Expected:
    """What entries may be about: drawers that were closed, transfers that were asked for, lines that were ordered."""

    drawers: Container[str]
    transfers: Mapping[str, Money]
    payouts: dict[str, Money]


def _row(file: BankFile, account: BankAccount, entry: Entry, *, expected: _Expected) -> BankEntry:
    """Text alone moves no money: the provider must be one that pays in here, the drawer one of ours, a fee's transfer of exactly the fee, a payout of exactly what was ordered."""
    kind, matched_with = rules.named_by(entry)
    if kind == MatchKind.SETTLEMENT and not _comes_from(matched_with.partition(":")[0], account, entry):
        kind, matched_with = MatchKind.SUSPENSE, ""
    if kind == MatchKind.TRANSFER and expected.transfers.get(matched_with) != Money(
        entry.amount_minor, account.currency
    ):
        kind, matched_with = MatchKind.SUSPENSE, ""
    if kind == MatchKind.DEPOSIT and (matched_with not in expected.drawers or entry.amount_minor < 0):
        kind, matched_with = MatchKind.SUSPENSE, ""
    if kind == MatchKind.PAYOUT and expected.payouts.pop(matched_with, None) != Money(
        entry.amount_minor, account.currency
    ):
        kind, matched_with = MatchKind.SUSPENSE, ""
    return BankEntry(
        file=file,
        account=account.id,
        reference=entry.reference,
        amount_minor=entry.amount_minor,
        currency=account.currency,
        booked_on=entry.booked_on,
        value_on=entry.value_on,
        remittance=entry.remittance,
        end_to_end=entry.end_to_end,
        counterparty=entry.counterparty,
        counterparty_iban=entry.counterparty_iban,
        match_kind=kind,
        matched_with=matched_with,
    )


def _comes_from(provider: str, account: BankAccount, entry: Entry) -> bool:
    """Whether the provider pays into this account, and this from where it pays."""
    terms = next((one for one in list_terms() if one.provider == provider), None)
    if terms is None or provider not in account.collects:
        return False
    return not terms.pays_from or entry.counterparty_iban in terms.pays_from


def _lies_in(row: BankEntry) -> str:
    match row.match_kind:
        case MatchKind.SETTLEMENT:
            return postings.provider_account(row.matched_with.partition(":")[0])
        case MatchKind.DEPOSIT:
            return postings.drawer_account(row.matched_with)
        case MatchKind.TRANSFER:
            return postings.transfers_account(row.account)
        case MatchKind.PAYOUT:
            return payouts.transit_account(row.account)
    return postings.SUSPENSE


def _unknown(row: BankEntry) -> Finding:
    return Finding(
        DifferenceKind.UNKNOWN_ENTRY,
        f"{row.account}:{row.reference}",
        row.account,
        row.currency,
        0,
        row.amount_minor,
        {
            "entry": row.reference,
            "booked_on": row.booked_on.isoformat(),
            "remittance": row.remittance,
            "from": row.counterparty,
        },
    )
