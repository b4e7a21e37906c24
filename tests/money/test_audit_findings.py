"""What auditors found on national platforms, each as a test by its name: here it cannot happen, or it is found the same day.

The findings are those published on eCitizen of Kenya (Auditor-General, 2024-25): sums that vary between bank, portal and ledger; receipts of no invoice;
money idle in collection accounts; money moved to private accounts; a flat fee instead of the gazetted one; days until the agency has its money; a vendor
who administers it all.
"""

from __future__ import annotations

from datetime import date

import pytest
from cryptography import x509
from django.db import DatabaseError, IntegrityError, connection, transaction

from hukumati.domain.identity.facts import Role
from hukumati.domain.ledger import api as ledger
from hukumati.domain.ledger import certificates, verification
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt, ChargeLine, Notice, Receipt, Refund
from hukumati.domain.payments.ports import SettledLine, Told
from hukumati.domain.payments.tests.builders import (
    NOON,
    TREASURER,
    a_cash_code,
    a_cashier,
    a_charge,
    a_drawer,
    a_line,
    later,
    pay_cash,
    start,
)
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.tests.banks import ACQUIRER, entry, statement
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
MONDAY, THE_SAME_DAY, WHEN_AGREED_DAYS_ARE_OVER = date(2026, 11, 23), later(hours=10), later(days=7)
VENDOR = Actor(ActorKind.STAFF, "W-2026-VENDOR22", roles=frozenset({Role.OPERATOR.value}))


def paid_by_card(provider, **changes):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID, **changes)
    payments.take_notice("card", **provider.notice(reference), at=NOON)
    return charge, reference


def settled(provider, reference, minor=2500):
    provider.settled[MONDAY] = [SettledLine(f"pay-{reference}", reference, "payment", minor, 25, "ILS", NOON)]
    treasury.take_lists(at=later(days=1))


def banked(*entries, at=None):
    treasury.take_file(statement(*entries), name="statement.xml", by=TREASURER, at=at or later(days=1))


def found(at):
    treasury.match(at=at)
    return {one.kind: one for one in treasury.list_differences()}


def test_finding_1_bank_statement_portal_and_ledger_vary(provider):
    _, reference = paid_by_card(provider)
    settled(provider, reference)
    banked(entry("E-1", "20.00", remittance="SETTLEMENT card 2026-11-23", source=ACQUIRER))
    difference = found(later(days=1))["banked_amount"]
    assert (difference.expected, difference.found) == (Money(2475), Money(2000))
    assert ledger.balance("provider:card") == Money(475)  # what is missing still lies with the provider


def test_finding_1_provider_and_portal_vary(provider):
    _, reference = paid_by_card(provider)
    settled(provider, reference, minor=2400)
    difference = found(later(days=1))["settled_amount"]
    assert (difference.expected, difference.found) == (Money(2500), Money(2400))


def test_finding_2_money_that_matches_no_invoice_has_an_owner_and_a_day(provider):
    banked(entry("E-1", "31.00", remittance="for my licence"))
    difference = found(later(days=1))["unknown_entry"]
    assert treasury.suspense() == Money(3100)
    assert difference.due_on > MONDAY
    assert ledger.list_balances("revenue:") == {}  # it is nobody's revenue until a person says whose
    with pytest.raises(treasury.ReasonMissing):
        treasury.resolve(difference.reference, reason="", by=TREASURER, at=later(days=2))


def test_finding_2_a_receipt_of_no_invoice_cannot_be_written():
    a_cash_code(a_charge())
    facts = {"year": 2026, "number": 1, "posting_reference": "L", "paid_at": NOON, "issued_at": NOON}
    with pytest.raises(IntegrityError, match="charge_id"), transaction.atomic():
        Receipt.objects.create(reference="R-2026-NQFEE222", charge_id=None, attempt=Attempt.objects.get(), **facts)


def test_finding_3_what_is_paid_twice_goes_back_by_itself(provider):
    charge, cashier = a_charge(), a_cashier()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    code = a_cash_code(charge)
    payments.take_cash(code, drawer=a_drawer(cashier), by=cashier, at=NOON)
    payments.take_notice("card", **provider.notice(reference), at=THE_SAME_DAY)
    refund = Refund.objects.get()
    assert (refund.cause, refund.amount_minor, refund.promised_at) == ("paid_twice", 2500, THE_SAME_DAY)
    assert -ledger.balance("refunds_payable") == Money(2500)
    assert payments.check() == []


@pytest.mark.parametrize("change", [{"amount_minor": 2400}, {"currency": "USD"}])
def test_finding_4_a_partial_or_erroneous_payment_buys_nothing_and_stands_in_suspense(provider, change):
    charge, _ = paid_by_card(provider, **change)
    assert payments.get_charge(charge.reference).state == payments.ChargeState.OPEN
    assert not Receipt.objects.exists()
    currency = change.get("currency", "ILS")
    held = ledger.balance("suspense", currency)
    assert held == Money(-change.get("amount_minor", 2500), currency)


def test_finding_5_money_idle_in_a_collection_account_or_with_a_provider_is_found_when_the_agreed_days_are_over(
    provider,
):
    _, reference = paid_by_card(provider)
    settled(provider, reference)
    assert found(later(days=1)) == {}
    difference = found(WHEN_AGREED_DAYS_ARE_OVER)["missing_in_bank"]
    assert (difference.expected, difference.found) == (Money(2475), Money(0))


def test_finding_5_cash_idle_in_a_drawer_is_found(provider):
    cashier = a_cashier()
    drawer = a_drawer(cashier)
    pay_cash(a_charge(), cashier=cashier, drawer=drawer)
    payments.close_drawer(drawer, counted=Money(2500), by=cashier, at=THE_SAME_DAY)
    assert found(WHEN_AGREED_DAYS_ARE_OVER)["missing_in_bank"].about.startswith(drawer)


def test_finding_6_money_moved_out_of_a_collection_account_that_nobody_ordered_is_found_the_same_day(provider):
    banked(entry("E-1", "-12785.00", remittance="private transfer", party="Somebody"), at=later(days=1))
    difference = found(later(days=1))["unknown_entry"]
    assert abs(difference.found.amount_minor) == 1_278_500
    assert treasury.suspense() == Money(-1_278_500)  # it stands open in the books, not beside them


def test_finding_7_a_fee_is_what_its_article_says_line_by_line():
    charge = a_charge(lines=(a_line("copy", 1000, 2), a_line("stamp", 500, 1)))
    pay_cash(charge)
    cited = {(line.account, line.instrument, line.article, line.amount.amount_minor) for line in lines_of(charge)}
    assert ("revenue:interior:copy", "demo-tariff", "art-copy", -2000) in cited
    assert ("revenue:interior:stamp", "demo-tariff", "art-stamp", -500) in cited


@pytest.mark.parametrize("change", [{"instrument": ""}, {"article": ""}, {"amount_minor": 5000}])
def test_finding_7_a_flat_amount_or_a_fee_without_a_law_cannot_be_charged(change):
    charge = a_charge()
    line = ChargeLine.objects.filter(charge__reference=charge.reference).values().first()
    fresh = {**line, "id": None, "position": 9, **change}
    with pytest.raises(IntegrityError), transaction.atomic():
        ChargeLine.objects.create(**fresh)


def lines_of(charge):
    return ledger.list_lines(charge.reference)


def test_finding_8_the_agency_has_its_fee_in_the_moment_of_the_receipt(provider):
    charge, _ = paid_by_card(provider)
    receipt = payments.get_receipt(payments.get_charge(charge.reference).receipt_reference)
    posting = ledger.find_posting(charge.reference, kind="charge_confirmed")
    assert posting.posted_at == receipt.issued_at == NOON
    earned = ledger.list_balances("revenue:interior:")
    assert sum(-one.amount_minor for one in earned.values()) == 2500


def test_finding_9_who_runs_the_machines_may_touch_no_money(provider):
    charge, _ = paid_by_card(provider)
    cashier = a_cashier()
    code, drawer = a_cash_code(a_charge()), a_drawer(cashier)
    for verb in (
        lambda: payments.open_drawer(office="ramallah-post", float_minor=0, by=VENDOR, at=NOON),
        lambda: payments.take_cash(code, drawer=drawer, by=VENDOR, at=NOON),
        lambda: payments.close_drawer(drawer, counted=Money(0), by=VENDOR, at=NOON),
    ):
        with pytest.raises(payments.CashierOnly):
            verb()
    with pytest.raises(treasury.TreasurerOnly):
        treasury.take_file(statement(entry("E-1", "1.00")), name="s.xml", by=VENDOR, at=later(days=1))
    assert payments.list_refunds(charge.reference) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_postingline SET amount_minor = amount_minor * 2",
        "UPDATE ledger_postingline SET account = 'revenue:vendor:fee' WHERE account LIKE 'revenue:%'",
        "DELETE FROM ledger_posting",
        "UPDATE payments_charge SET total_minor = 1",
        "DELETE FROM payments_notice",
    ],
)
def test_finding_9_the_owner_of_the_tables_cannot_rewrite_what_was_paid(provider, change):
    paid_by_card(provider)
    assert Notice.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert ledger.balance("provider:card") == Money(2500)


def test_finding_10_who_switches_the_guards_off_is_found_by_an_auditor_without_our_database(provider, tmp_path):
    paid_by_card(provider)
    (day, *_) = ledger.close_days(by=system("test.close_days"), at=later(days=2))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        # Balanced, so that the books still add up: only what was certified tells.
        cursor.execute("UPDATE ledger_postingline SET account = 'revenue:vendor:fee' WHERE account LIKE 'revenue:%'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    signed = ledger.find_certificate(day)
    (tmp_path / f"certificate-{day}.json").write_bytes(signed.file())
    (tmp_path / f"postings-{day}.jsonl").write_bytes(b"".join(ledger.export_postings(day)))
    judged = verification.judge_folder(tmp_path, trusted=x509.load_der_x509_certificate(signed.chain[-1]))
    assert any("what a fee received" in fault for fault in judged.faults)
    assert certificates.body_of(signed)["day"] == MONDAY.isoformat()
