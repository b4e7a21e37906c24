"""Emptying the bank's mailbox: statements and notices into the books, status reports to the orders they are about, and what cannot be believed apart."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hukumati.domain.payouts import api as payouts
from hukumati.domain.treasury.actions.files import take_file
from hukumati.domain.treasury.facts import BankFileRefused
from hukumati.domain.treasury.models import MailPlace, RefusedFile
from hukumati.infra.audit import api as audit
from hukumati.infra.ports import adapter
from hukumati.kernel.actor import system

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.payouts.ports import Bank

BANK: Final = "bank"
FETCHER: Final = system("treasury.fetching")
FILES_AT_ONCE: Final = 50


def fetch_mail(*, at: datetime) -> int:
    """Take what the bank has for us since the last time; how many files. Raises payouts.BankUnreachableError, with what came before it taken.

    A file is taken whole before its place is noted: after a crash it comes again, and the same file again changes nothing.
    """
    bank: Bank = adapter("payouts.bank")
    taken = 0
    while mail := bank.fetch(after=_place(), limit=FILES_AT_ONCE):
        for one in mail:
            _take(one, at=at)
            _note(one.place, at=at)
            taken += 1
    _note(_place(), at=at)
    return taken


def _take(mail: payouts.BankMail, *, at: datetime) -> None:
    try:
        if payouts.is_status(mail.body):
            payouts.take_status(mail.body, at=at)
        else:
            take_file(mail.body, name=mail.name, by=FETCHER, at=at)
    except BankFileRefused as refusal:
        _set_apart(mail, refusal.why, refusal.where, refusal.found, at=at)
    except payouts.StatusMalformed as refusal:
        _set_apart(mail, refusal.why, "", "", at=at)


@transaction.atomic
def _set_apart(mail: payouts.BankMail, why: str, where: str, found: str, *, at: datetime) -> None:
    digest = sha256(mail.body).hexdigest()
    _row, made = RefusedFile.objects.get_or_create(
        digest=digest,
        defaults={
            "name": mail.name,
            "body": mail.body,
            "why": why,
            "where": where,
            "found": found,
            "received_at": at,
        },
    )
    if made:
        audit.write("treasury.file_set_apart", about="treasury", by=FETCHER, at=at, why=why, digest=digest)


def _place() -> int:
    row = MailPlace.objects.filter(bank=BANK).first()
    return row.place if row else 0


@transaction.atomic
def _note(place: int, *, at: datetime) -> None:
    row, made = MailPlace.objects.select_for_update().get_or_create(bank=BANK, defaults={"place": place, "read_at": at})
    if not made:
        row.place, row.read_at = max(row.place, place), at
        row.save(update_fields=["place", "read_at"])
