"""Whose account it is, who stands behind it, and that the database holds to it when the verbs are gone around."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hukumati.domain.payouts import api as payouts
from hukumati.domain.payouts.models import BeneficiaryAccount
from hukumati.kernel.actor import Actor, ActorKind

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = date(2026, 3, 1)
IBAN = "PS92 PALS 0000 0000 0400 1234 5670 2"
ONE = Actor(ActorKind.STAFF, "S-2026-AAAAAAAA", roles=frozenset({"treasurer"}))
OTHER = Actor(ActorKind.STAFF, "S-2026-BBBBBBBB", roles=frozenset({"treasurer"}))
CASHIER = Actor(ActorKind.STAFF, "S-2026-CCCCCCCC", roles=frozenset({"cashier"}))


def propose(**changed):
    said = {"iban": IBAN, "currency": "ILS", "instrument": "decree-12-2026", "article": "4", "valid_from": DAY}
    return payouts.propose_beneficiary("interior", **{**said, "by": ONE, "at": AT, **changed})


def approved(**changed):
    return payouts.approve_beneficiary(propose(**changed).reference, by=OTHER, at=AT)


def payee(on=DAY, currency="ILS"):
    found = payouts.find_beneficiary("interior", currency=currency, on=on)
    return found.reference if found else None


def test_money_has_nowhere_to_go_before_a_second_person_approved():
    account = propose()
    assert payee() is None
    assert [row.reference for row in payouts.list_waiting_beneficiaries()] == [account.reference]
    payouts.approve_beneficiary(account.reference, by=OTHER, at=AT)
    assert payee() == account.reference
    assert payouts.list_waiting_beneficiaries() == []
    assert (payee(on=DAY - timedelta(days=1)), payee(currency="JOD")) == (None, None)


def test_whoever_proposed_does_not_approve_and_the_database_says_so_too():
    account = propose()
    with pytest.raises(payouts.BeneficiaryTakesTwo):
        payouts.approve_beneficiary(account.reference, by=ONE, at=AT)
    with pytest.raises(IntegrityError, match="beneficiary_takes_two"), transaction.atomic():
        BeneficiaryAccount.objects.update(approved_by=ONE.label, approved_at=AT)


def test_it_is_approved_once():
    account = approved()
    with pytest.raises(payouts.BeneficiaryDecided):
        payouts.approve_beneficiary(account.reference, by=OTHER, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        {"iban": "PS92PALS000000000400123456703"},
        {"institution": "health"},
        {"article": "5"},
        {"valid_from": date(2020, 1, 1)},
        {"approved_by": "staff:somebody-else"},
        {"approved_by": "", "approved_at": None},
        {"approved_at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_approved_is_never_edited(change):
    approved()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        BeneficiaryAccount.objects.update(**change)


def test_it_is_ended_once_and_stays():
    account = approved()
    payouts.end_beneficiary(account.reference, ended_on=DAY + timedelta(days=9), by=ONE, at=AT)
    assert (payee(on=DAY + timedelta(days=8)), payee(on=DAY + timedelta(days=9))) == (account.reference, None)
    with pytest.raises(payouts.BeneficiaryDecided):
        payouts.end_beneficiary(account.reference, ended_on=DAY + timedelta(days=20), by=ONE, at=AT)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        BeneficiaryAccount.objects.update(ended_on=None, ended_by="")
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        BeneficiaryAccount.objects.all().delete()


def test_a_proposal_that_was_ended_is_turned_down():
    account = propose()
    payouts.end_beneficiary(account.reference, ended_on=DAY, by=ONE, at=AT)
    with pytest.raises(payouts.BeneficiaryDecided):
        payouts.approve_beneficiary(account.reference, by=OTHER, at=AT)


def test_an_institution_has_one_account_of_a_currency_on_a_day():
    first = approved()
    second = propose(valid_from=DAY + timedelta(days=30))
    with pytest.raises(payouts.BeneficiaryOverlaps):
        payouts.approve_beneficiary(second.reference, by=OTHER, at=AT)
    payouts.end_beneficiary(first.reference, ended_on=DAY + timedelta(days=30), by=ONE, at=AT)
    payouts.approve_beneficiary(second.reference, by=OTHER, at=AT)
    assert (payee(on=DAY + timedelta(days=29)), payee(on=DAY + timedelta(days=30))) == (
        first.reference,
        second.reference,
    )


def test_nothing_is_registered_in_one_stroke():
    row = {
        "institution": "interior",
        "iban": IBAN.replace(" ", ""),
        "currency": "ILS",
        "instrument": "x",
        "article": "1",
    }
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        BeneficiaryAccount.objects.create(
            reference="BA-2026-AAAAAAAA",
            valid_from=DAY,
            proposed_by="a",
            proposed_at=AT,
            approved_by="b",
            approved_at=AT,
            **row,
        )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("iban", "PS92PALS000000000400123456703"),
        ("iban", "GB82WEST12345698765432"),
        ("iban", "<script>"),
        ("currency", "EUR"),
        ("instrument", "  "),
        ("article", "4" * 201),
    ],
)
def test_what_names_no_account_is_refused(field, value):
    with pytest.raises(payouts.BeneficiaryIncomplete) as refused:
        propose(**{field: value})
    assert refused.value.field == field


def test_only_a_treasurer_has_a_say():
    account = propose()
    with pytest.raises(payouts.PayoutsTreasurerOnly):
        propose(by=CASHIER)
    with pytest.raises(payouts.PayoutsTreasurerOnly):
        payouts.approve_beneficiary(account.reference, by=CASHIER, at=AT)
    with pytest.raises(payouts.BeneficiaryNotFound):
        payouts.approve_beneficiary("' OR 1=1", by=OTHER, at=AT)
