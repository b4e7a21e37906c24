"""Paying by card, with every misfortune on the way. The ledger and the checkers must agree at the end of each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hukumati.domain.ledger import api as ledger
from hukumati.domain.payments import api as payments
from hukumati.domain.payments.models import Attempt, Charge, ChargeLine, Notice, Receipt, Refund
from hukumati.domain.payments.ports import Told
from hukumati.domain.payments.tests.builders import CITIZEN, NOON, TREASURER, a_charge, a_line, a_payer, later, start
from hukumati.infra.audit.models import Entry
from hukumati.infra.outbox.models import Event
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
CLOCK = system("tests")


@pytest.fixture(autouse=True)
def _the_books_agree():
    """Whatever a test did, nothing may be left unexplained."""
    yield
    assert ledger.check() == []
    assert payments.check() == []


def events(name):
    return list(Event.objects.filter(name=name).values_list("about", flat=True))


def audited(code):
    return Entry.objects.filter(code=code).count()


def state(charge):
    return payments.get_charge(charge.reference).state


def test_a_charge_keeps_its_lines_as_they_were_raised():
    charge = a_charge(about="A-1")
    assert charge.total == Money(2500)
    assert payments.find_open_charge("A-1") == charge == payments.get_charge(charge.reference)
    assert audited("payments.charge_raised") == 1


def test_the_same_charge_again_is_the_same_charge():
    payer = a_payer()
    assert a_charge(about="A-1", payer=payer) == a_charge(about="A-1", payer=payer)


def test_another_charge_for_the_same_case_is_refused_while_one_is_open():
    payer = a_payer()
    a_charge(about="A-1", payer=payer)
    with pytest.raises(payments.ChargeAlreadyOpen):
        a_charge(about="A-1", payer=payer, lines=(a_line("other"),))
    assert len(payments.list_charges("A-1")) == 1


def test_another_persons_charge_is_not_found():
    charge = a_charge()
    with pytest.raises(payments.ChargeNotFound):
        payments.get_own_charge(charge.reference, payer=a_payer())
    assert payments.get_own_charge(charge.reference, payer=charge.payer_account_id) == charge


def test_paying_by_card_makes_a_receipt_a_posting_and_an_event(provider):
    charge = a_charge(about="A-1")
    handoff = start(charge)
    assert handoff.redirect_url.startswith("http://bank/")
    provider.says(handoff.attempt_reference, Told.PAID)

    payments.take_notice("card", **provider.notice(handoff.attempt_reference), at=later(minutes=1))

    paid = payments.get_charge(charge.reference)
    receipt = payments.get_receipt(paid.receipt_reference)
    assert (paid.state, paid.paid_at) == ("paid", NOON)
    assert (receipt.number, receipt.total, receipt.way, receipt.card_last_four) == (
        "2026-000001",
        Money(2500),
        "card",
        "0015",
    )
    assert ledger.balance("provider:card") == Money(2500)
    assert ledger.balance("revenue:interior:copy") == Money(-2000)
    assert ledger.balance("revenue:interior:stamp") == Money(-500)
    event = Event.objects.get(name="payments.charge_confirmed")
    assert (event.about, event.facts) == ("A-1", {"charge": charge.reference, "receipt": receipt.reference})
    assert audited("payments.charge_confirmed") == 1


def test_every_ledger_line_of_a_payment_cites_case_instrument_and_article(provider):
    charge = a_charge(about="A-1")
    pay(provider, charge)
    cited = {(line.case, line.instrument, line.article) for line in ledger.list_lines(charge.reference)}
    assert cited == {("A-1", "demo-tariff", "art-copy"), ("A-1", "demo-tariff", "art-stamp")}


def pay(provider, charge, *, at=NOON):
    reference = start(charge, at=at).attempt_reference
    provider.says(reference, Told.PAID)
    payments.take_notice("card", **provider.notice(reference), at=at)
    return reference


def test_a_start_asked_again_wants_the_page_closed_at_the_same_moment(provider, monkeypatch):
    wanted, start_there = [], provider.start
    monkeypatch.setattr(provider, "start", lambda request: wanted.append(request.pay_until) or start_there(request))
    charge = a_charge()
    provider.lose_answers = True
    with pytest.raises(payments.ProviderUnavailable):
        start(charge)
    provider.lose_answers = False
    start(charge, at=later(minutes=5))
    assert wanted == [later(minutes=50)] * 2


def test_receipt_numbers_follow_each_other_in_the_year_of_hebron(provider):
    new_year = NOON.replace(year=2026, month=12, day=31, hour=22, minute=30)  # 00:30 on 1 January in Hebron
    numbers = []
    for at in (NOON, NOON, new_year):
        charge = a_charge(at=at)
        pay(provider, charge, at=at)
        numbers.append(payments.get_receipt(payments.get_charge(charge.reference).receipt_reference).number)
    assert numbers == ["2026-000001", "2026-000002", "2027-000001"]


def test_pressing_pay_twice_goes_on_with_the_same_payment(provider):
    charge = a_charge()
    assert start(charge) == start(charge)
    assert Attempt.objects.count() == 1


def test_a_provider_that_is_down_loses_nothing(provider):
    charge = a_charge()
    provider.down = True
    with pytest.raises(payments.ProviderUnavailable):
        start(charge)
    provider.down = False
    handoff = start(charge)
    assert handoff.redirect_url
    assert [attempt.reference for attempt in payments.list_attempts(charge.reference)] == [handoff.attempt_reference]


def test_a_lost_answer_to_the_start_does_not_make_a_second_payment(provider):
    charge = a_charge()
    provider.lose_answers = True
    with pytest.raises(payments.ProviderUnavailable):
        start(charge)
    provider.lose_answers = False
    start(charge)
    assert len(provider.payments) == 1


def test_a_paid_charge_cannot_be_paid_again_and_says_which_receipt(provider):
    charge = a_charge()
    pay(provider, charge)
    with pytest.raises(payments.FeeAlreadyPaid) as refusal:
        start(charge)
    assert refusal.value.receipt == payments.get_charge(charge.reference).receipt_reference


def test_coming_back_after_a_lost_notice_finds_the_payment(provider):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    with pytest.raises(payments.FeeAlreadyPaid):
        start(charge, at=later(minutes=1))
    assert state(charge) == "paid"


@pytest.mark.parametrize("told", ["declined", "cancelled", "expired"])
def test_after_an_attempt_that_ended_a_new_one_can_be_made(provider, told):
    charge = a_charge()
    first = start(charge).attempt_reference
    provider.says(first, Told(told))
    payments.take_notice("card", **provider.notice(first, kind=f"payment.{told}"), at=NOON)
    assert payments.find_last_attempt(charge.reference).state == told
    assert state(charge) == "open"
    assert start(charge).attempt_reference != first


def test_the_same_notice_again_is_no_news(provider):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    notice = provider.notice(reference, notice_id="n1")
    for _ in range(3):
        payments.take_notice("card", **notice, at=NOON)
    assert Notice.objects.count() == Receipt.objects.count() == 1
    assert len(events("payments.charge_confirmed")) == 1
    assert provider.asked.count("look_up") == 1


def test_a_late_declined_after_paid_is_kept_and_ignored(provider):
    charge = a_charge()
    reference = pay(provider, charge)
    payments.take_notice("card", **provider.notice(reference, kind="payment.declined"), at=later(hours=1))
    assert state(charge) == "paid"
    assert payments.find_last_attempt(charge.reference).state == "paid"
    assert Notice.objects.count() == 2


def test_a_declined_attempt_that_turns_out_paid_was_paid(provider):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.DECLINED)
    payments.take_notice("card", **provider.notice(reference), at=NOON)
    provider.says(reference, Told.PAID)
    payments.take_notice("card", **provider.notice(reference), at=later(minutes=1))
    assert state(charge) == "paid"


def test_a_forged_notice_is_kept_and_changes_nothing(provider):
    charge = a_charge()
    reference = start(charge).attempt_reference
    with pytest.raises(payments.NoticeForged):
        payments.take_notice("card", **provider.notice(reference, signature="bad"), at=NOON)
    assert state(charge) == "open"
    kept = Notice.objects.get()
    assert (kept.verified, kept.outcome, kept.notice_id) == (False, "forged", "")
    assert "cookie" not in kept.headers
    assert audited("payments.notice_forged") == 1
    assert "look_up" not in provider.asked


def test_a_flood_of_forged_notices_does_not_fill_the_disk(provider, monkeypatch):
    monkeypatch.setattr("hukumati.domain.payments.actions.notices.FORGED_KEPT_MAX", 3)
    for _ in range(10):
        with pytest.raises(payments.NoticeForged):
            payments.take_notice("card", body=b"x", headers={}, at=NOON)
    assert Notice.objects.count() == 3
    with pytest.raises(payments.NoticeForged):
        payments.take_notice("card", body=b"x", headers={}, at=later(hours=2))
    assert Notice.objects.count() == 4


def test_a_genuine_signature_cannot_make_a_payment_that_the_provider_denies(provider):
    """Even with our key stolen: the provider is asked before anything is believed."""
    charge = a_charge()
    reference = start(charge).attempt_reference
    payments.take_notice("card", **provider.notice(reference, kind="payment.paid"), at=NOON)
    assert state(charge) == "open"


def test_a_signed_notice_that_is_none_is_kept_and_refused(provider):
    with pytest.raises(payments.NoticeMalformed):
        payments.take_notice("card", body=b"{", headers={"X-Signature": "good"}, at=NOON)
    assert Notice.objects.get().outcome == "malformed"


def test_a_notice_about_nothing_we_know_is_kept_and_audited(provider):
    body = provider.notice("T-2026-NOTHING2", payment_id="p", amount_minor=1, currency="ILS")
    payments.take_notice("card", **body, at=NOON)
    assert Notice.objects.get().outcome == "unknown_reference"
    assert audited("payments.notice_unknown_reference") == 1


def test_an_oversized_notice_is_refused_unread(provider):
    with pytest.raises(payments.NoticeTooLarge):
        payments.take_notice("card", body=b" " * 64_001, headers={"X-Signature": "good"}, at=NOON)
    assert not Notice.objects.exists()


def test_a_notice_with_a_wrong_amount_is_healed_by_asking_and_recorded(provider):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    payments.take_notice("card", **provider.notice(reference, amount_minor=1), at=NOON)
    assert state(charge) == "paid"
    assert Notice.objects.get().outcome == "mismatched"
    assert audited("payments.notice_mismatched") == 1


@pytest.mark.parametrize(
    ("wrong", "account_currency"),
    [({"amount_minor": 2400}, "ILS"), ({"amount_minor": 9900}, "ILS"), ({"currency": "USD"}, "USD")],
)
def test_money_that_does_not_fit_stands_in_suspense_and_buys_no_receipt(provider, wrong, account_currency):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID, **wrong)
    for _ in range(2):
        payments.take_notice("card", **provider.notice(reference), at=NOON)
        payments.look_up(reference, at=later(hours=1))
    assert (state(charge), payments.find_last_attempt(charge.reference).state) == ("open", "unknown")
    held = wrong.get("amount_minor", 2500)
    assert ledger.balance("suspense", account_currency) == Money(-held, account_currency)
    assert ledger.balance("provider:card", account_currency) == Money(held, account_currency)
    assert not Receipt.objects.exists()
    assert audited("payments.attempt_suspended") == 1


def test_money_in_a_currency_we_do_not_keep_is_suspended_without_a_posting(provider):
    reference = start(a_charge()).attempt_reference
    provider.says(reference, Told.PAID, currency="XTS")
    payments.take_notice("card", **provider.notice(reference), at=NOON)
    assert Attempt.objects.get().state == "unknown"
    assert ledger.list_balances() == {}


def test_while_the_provider_does_not_answer_the_bell_stays_rung(provider):
    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.PAID)
    provider.down = True
    payments.take_notice("card", **provider.notice(reference), at=NOON)
    assert (state(charge), Notice.objects.get().outcome) == ("open", "waiting")
    provider.down = False
    payments.look_up(reference, at=later(minutes=1))
    assert (state(charge), Notice.objects.get().outcome) == ("paid", "applied")


def test_a_bell_that_rang_for_an_ended_attempt_is_answered_by_the_job(provider):
    from hukumati.domain.payments.actions.notices import answer_waiting

    charge = a_charge()
    reference = start(charge).attempt_reference
    provider.says(reference, Told.DECLINED)
    payments.take_notice("card", **provider.notice(reference), at=NOON)
    provider.says(reference, Told.PAID)
    provider.down = True
    payments.take_notice("card", **provider.notice(reference), at=NOON)
    provider.down = False
    answer_waiting(at=later(minutes=1))
    assert state(charge) == "paid"
    assert not Notice.objects.filter(outcome="waiting").exists()


def test_two_payments_of_one_charge_make_one_receipt_and_one_refund(provider):
    charge = a_charge(about="A-1")
    first = start(charge).attempt_reference
    provider.says(first, Told.CANCELLED)
    payments.take_notice("card", **provider.notice(first), at=NOON)
    second = pay(provider, charge)
    provider.says(first, Told.PAID)
    for _ in range(2):
        payments.take_notice("card", **provider.notice(first), at=later(minutes=2))

    assert Receipt.objects.get().attempt.reference == second
    (refund,) = payments.list_refunds(charge.reference)
    assert (refund.amount, refund.state, refund.cause) == (Money(2500), "promised", "paid_twice")
    assert ledger.balance("provider:card") == Money(5000)
    assert ledger.balance("refunds_payable") == Money(-2500)
    assert events("payments.refund_promised") == ["A-1"]


def test_a_refund_is_sent_and_confirmed_only_by_the_providers_word(provider):
    charge = a_charge()
    pay(provider, charge)
    refund = payments.refund(charge.reference, amount=Money(2500), reason="case_refused", by=TREASURER, at=NOON)
    assert payments.list_refunds(charge.reference)[0].state == "promised"
    assert events("payments.refund_sent") == []

    payments.send_refund(refund.reference, at=later(minutes=1))
    assert payments.list_refunds(charge.reference)[0].state == "sent"
    assert ledger.balance("refunds_payable") == Money(-2500)

    provider.refund_says(refund.reference, "confirmed")
    notice = provider.notice(Attempt.objects.get().reference, kind="refund.paid", refund_reference=refund.reference)
    payments.take_notice("card", **notice, at=later(minutes=2))
    assert payments.list_refunds(charge.reference)[0].state == "confirmed"
    assert set(ledger.list_balances().values()) == {Money(0)}
    assert len(events("payments.refund_sent")) == 1


def test_a_lost_answer_to_a_refund_is_found_and_not_doubled(provider):
    charge = a_charge()
    pay(provider, charge)
    refund = payments.refund(charge.reference, amount=Money(1000), reason="r", by=TREASURER, at=NOON)
    provider.lose_answers = True
    payments.send_refund(refund.reference, at=NOON)
    assert payments.list_refunds(charge.reference)[0].state == "promised"
    provider.lose_answers = False
    payments.send_refund(refund.reference, at=later(minutes=1))
    assert payments.list_refunds(charge.reference)[0].state == "sent"
    assert len(provider.refunds) == 1


def test_a_refund_that_failed_is_still_owed(provider):
    charge = a_charge()
    pay(provider, charge)
    refund = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    payments.send_refund(refund.reference, at=NOON)
    provider.refund_says(refund.reference, "failed")
    payments.send_refund(refund.reference, at=NOON)
    provider.refund_says(refund.reference, "confirmed")
    payments.send_refund(refund.reference, at=NOON)
    assert payments.list_refunds(charge.reference)[0].state == "failed"
    assert ledger.balance("refunds_payable") == Money(-2500)
    with pytest.raises(payments.RefundTooLarge):
        payments.refund(charge.reference, amount=Money(1), reason="r", by=TREASURER, at=NOON)


def test_a_refund_answer_of_another_amount_is_not_believed(provider):
    charge = a_charge()
    pay(provider, charge)
    refund = payments.refund(charge.reference, amount=Money(2500), reason="r", by=TREASURER, at=NOON)
    payments.send_refund(refund.reference, at=NOON)
    provider.refund_says(refund.reference, "confirmed", amount_minor=1)
    payments.send_refund(refund.reference, at=NOON)
    assert payments.list_refunds(charge.reference)[0].state == "sent"
    assert audited("payments.refund_word_differs") == 1


@pytest.mark.parametrize("amount", [Money(2501), Money(0), Money(-1), Money(100, "USD")])
def test_refund_refuses_more_than_was_paid_and_changes_nothing(provider, amount):
    charge = a_charge()
    pay(provider, charge)
    before = ledger.list_balances()
    with pytest.raises(payments.RefundTooLarge) as refusal:
        payments.refund(charge.reference, amount=amount, reason="r", by=TREASURER, at=NOON)
    assert refusal.value.left == Money(2500)
    assert ledger.list_balances() == before
    assert not Refund.objects.exists()


def test_partial_refunds_take_each_lines_share_and_end_at_the_whole(provider):
    charge = a_charge()
    pay(provider, charge)
    for amount in (1001, 999, 500):
        payments.refund(charge.reference, amount=Money(amount), reason="r", by=TREASURER, at=NOON)
    assert ledger.balance("revenue:interior:copy") == ledger.balance("revenue:interior:stamp") == Money(0)
    with pytest.raises(payments.RefundTooLarge):
        payments.refund(charge.reference, amount=Money(1), reason="r", by=TREASURER, at=NOON)


def test_an_unpaid_charge_owes_nothing_back():
    with pytest.raises(payments.NotPaid):
        payments.refund(a_charge().reference, amount=Money(1), reason="r", by=TREASURER, at=NOON)


@pytest.mark.parametrize("end", ["void", "expire"])
def test_money_for_a_charge_that_ended_goes_back_by_itself(provider, end):
    charge = a_charge(expires_at=later(hours=1))
    reference = start(charge).attempt_reference
    if end == "void":
        payments.void_charge(charge.reference, reason="withdrawn", by=CITIZEN, at=NOON)
    else:
        provider.says(reference, Told.CANCELLED)
        payments.look_up(reference, at=later(minutes=1))
        assert payments.expire_charges(by=CLOCK, at=later(hours=2)) == 1
    provider.says(reference, Told.PAID)
    payments.take_notice("card", **provider.notice(reference), at=later(hours=3))
    (refund,) = payments.list_refunds(charge.reference)
    assert refund.cause == {"void": "charge_void", "expire": "charge_expired"}[end]
    assert not Receipt.objects.exists()
    assert ledger.balance("refunds_payable") == Money(-2500)


def test_expiry_waits_while_a_payment_may_be_under_way(provider):
    charge = a_charge(expires_at=later(hours=1))
    reference = start(charge).attempt_reference
    assert payments.expire_charges(by=CLOCK, at=later(hours=2)) == 0
    provider.says(reference, Told.EXPIRED)
    payments.look_up(reference, at=later(hours=2))
    assert payments.expire_charges(by=CLOCK, at=later(hours=2)) == 1
    assert events("payments.charge_expired") == [charge.about]


def test_a_void_charge_cannot_be_paid_and_a_paid_one_not_voided(provider):
    charge = a_charge()
    payments.void_charge(charge.reference, reason="withdrawn", by=CITIZEN, at=NOON)
    payments.void_charge(charge.reference, reason="withdrawn", by=CITIZEN, at=NOON)
    assert audited("payments.charge_voided") == 1
    with pytest.raises(payments.ChargeVoid):
        start(charge)
    paid = a_charge()
    pay(provider, paid)
    with pytest.raises(payments.FeeAlreadyPaid):
        payments.void_charge(paid.reference, reason="withdrawn", by=CITIZEN, at=NOON)


def test_after_its_time_a_charge_cannot_be_started(provider):
    with pytest.raises(payments.ChargeExpired):
        start(a_charge(expires_at=later(hours=1)), at=later(hours=1))


def test_look_up_rests_between_two_questions(provider):
    reference = start(a_charge()).attempt_reference
    for seconds in (0, 1, 1.9, 2.1):
        payments.look_up(reference, at=NOON + timedelta(seconds=seconds))
    assert provider.asked.count("look_up") == 2


def test_look_up_never_raises_when_nobody_answers(provider):
    reference = start(a_charge()).attempt_reference
    provider.down = True
    assert payments.look_up(reference, at=NOON).state == "open"
    assert Attempt.objects.get().next_look_at > NOON


def test_an_attempt_the_provider_never_heard_of_ends(provider):
    charge = a_charge()
    provider.down = True
    with pytest.raises(payments.ProviderUnavailable):
        start(charge)
    provider.down = False
    reference = payments.find_last_attempt(charge.reference).reference
    assert payments.look_up(reference, at=later(minutes=1)).state == "open"
    assert payments.look_up(reference, at=later(minutes=40)).state == "expired"


def test_an_attempt_that_nobody_decides_goes_to_a_person(provider):
    reference = start(a_charge()).attempt_reference
    assert payments.look_up(reference, at=later(days=4)).state == "unknown"
    assert audited("payments.attempt_unknown") == 1
    provider.says(reference, Told.PAID)
    assert payments.look_up(reference, at=later(days=5)).state == "paid"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Charge.objects.update(total_minor=1),
        lambda: Charge.objects.update(state="open", paid_at=None, receipt_reference=""),
        lambda: ChargeLine.objects.update(amount_minor=1),
        lambda: Attempt.objects.update(state="declined"),
        lambda: Attempt.objects.update(amount_minor=1),
        lambda: Receipt.objects.update(number=9),
        lambda: Receipt.objects.all().delete(),
        lambda: Notice.objects.update(body=b""),
        lambda: Notice.objects.all().delete(),
    ],
)
def test_what_was_paid_cannot_be_rewritten_past_the_verbs(provider, change):
    pay(provider, a_charge())
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_a_charge_cannot_be_marked_paid_by_hand():
    a_charge()
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.update(state="paid")
    with pytest.raises(IntegrityError), transaction.atomic():
        Charge.objects.update(state="paid", paid_at=NOON)


def test_the_checker_finds_a_receipt_number_that_is_missing(provider):
    from django.db import connection

    for _ in range(2):
        pay(provider, a_charge())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM payments_receipt WHERE number = 1")
            cursor.execute("SET LOCAL session_replication_role = origin")
        found = {fault.code for fault in payments.check()}
        transaction.set_rollback(True)
    assert found == {
        "payments.paid_without_receipt",
        "payments.paid_for_nothing",
        "payments.receipt_numbers_have_gaps",
        "payments.postings_do_not_match",
    }
