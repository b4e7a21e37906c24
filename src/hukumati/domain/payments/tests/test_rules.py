"""Decisions about money, as tables and as properties."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.payments import postings, rules
from hukumati.domain.payments.facts import AttemptState
from hukumati.domain.payments.ports import NoticeWord, Outcome, Told
from hukumati.domain.payments.refusals import CashCodeMalformed, NothingToPay
from hukumati.domain.payments.tests.builders import NOON, a_line
from hukumati.kernel.money import Money

Verdict = rules.Verdict


def asked(state=AttemptState.OPEN, *, suspended=False):
    return rules.Asked("T-1", Money(2500), state, suspended=suspended)


def said(told, *, reference="T-1", amount_minor=2500, currency="ILS"):
    return Outcome(told, reference, "pay_1", amount_minor, currency)


@pytest.mark.parametrize(
    ("state", "told", "verdict"),
    [
        ("open", "waiting", Verdict.KEEP_WAITING),
        ("open", "unheard_of", Verdict.KEEP_WAITING),
        ("open", "paid", Verdict.NOTE_PAID),
        ("open", "declined", Verdict.NOTE_ENDED),
        ("open", "cancelled", Verdict.NOTE_ENDED),
        ("open", "expired", Verdict.NOTE_ENDED),
        ("paid", "declined", Verdict.NOTHING_NEW),
        ("paid", "waiting", Verdict.NOTHING_NEW),
        ("paid", "paid", Verdict.NOTHING_NEW),
        ("declined", "paid", Verdict.NOTE_PAID),
        ("cancelled", "paid", Verdict.NOTE_PAID),
        ("expired", "paid", Verdict.NOTE_PAID),
        ("declined", "cancelled", Verdict.NOTHING_NEW),
        ("declined", "waiting", Verdict.NOTHING_NEW),
        ("unknown", "paid", Verdict.NOTE_PAID),
        ("unknown", "declined", Verdict.NOTE_ENDED),
    ],
)
def test_facts_decide_and_paid_is_final(state, told, verdict):
    assert rules.judge(asked(AttemptState(state)), said(Told(told))) == verdict


@pytest.mark.parametrize(
    "difference", [{"amount_minor": 2499}, {"amount_minor": 2501}, {"currency": "USD"}, {"reference": "T-2"}]
)
def test_money_that_does_not_fit_is_suspended(difference):
    assert rules.judge(asked(), said(Told.PAID, **difference)) == Verdict.SUSPEND


@pytest.mark.parametrize("told", list(Told))
def test_a_suspended_attempt_waits_for_a_person_whatever_is_said(told):
    assert rules.judge(asked(AttemptState.UNKNOWN, suspended=True), said(told)) == Verdict.NOTHING_NEW


@given(words=st.lists(st.sampled_from([t for t in Told if t != Told.UNHEARD_OF]), min_size=1, max_size=8))
def test_in_any_order_an_attempt_is_paid_exactly_if_payment_was_ever_said(words):
    state = AttemptState.OPEN
    for told in words:
        verdict = rules.judge(asked(state), said(told))
        if verdict == Verdict.NOTE_PAID:
            state = AttemptState.PAID
        elif verdict == Verdict.NOTE_ENDED:
            state = rules.ENDED[told]
    assert (state == AttemptState.PAID) == (Told.PAID in words)


@pytest.mark.parametrize(
    ("changes", "agrees"), [({}, True), ({"amount_minor": 1}, False), ({"currency": "XTS"}, False)]
)
def test_a_notice_is_compared_with_the_truth(changes, agrees):
    facts = {
        "notice_id": "n",
        "kind": "payment.paid",
        "reference": "T-1",
        "payment_id": "p",
        "amount_minor": 2500,
        "currency": "ILS",
    }
    assert rules.notice_agrees(NoticeWord(**(facts | changes)), said(Told.PAID)) == agrees


def test_looking_grows_rarer_up_to_an_hour():
    pauses = [rules.next_look_at(looks, at=NOON) - NOON for looks in range(20)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


@pytest.mark.parametrize(
    ("told", "after", "state"),
    [
        ("waiting", timedelta(hours=1), "open"),
        ("waiting", timedelta(days=3, seconds=1), "unknown"),
        ("unheard_of", timedelta(minutes=29), "open"),
        ("unheard_of", timedelta(minutes=31), "expired"),
    ],
)
def test_waiting_ends(told, after, state):
    assert rules.state_after_waiting(Told(told), started_at=NOON, at=NOON + after) == state


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (a_line(unit=0),),
        (a_line(unit=-5),),
        (a_line(), a_line(currency="JOD")),
        tuple(a_line() for _ in range(51)),
    ],
)
def test_what_is_no_charge_is_refused(lines):
    with pytest.raises(NothingToPay):
        rules.total_due(lines)


def test_the_total_is_the_sum_of_the_lines():
    assert rules.total_due((a_line(), a_line("stamp", 500, 1))) == Money(2500)


amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any)


@given(left=amounts, data=st.data())
def test_a_split_refund_adds_up_and_takes_no_line_below_zero(left, data):
    amount = data.draw(st.integers(1, sum(left)))
    shares = rules.split_refund(left, amount)
    assert sum(shares) == amount
    assert all(0 <= share <= line for share, line in zip(shares, left, strict=True))


@given(left=amounts, data=st.data())
def test_refunds_in_any_pieces_end_at_exactly_the_whole(left, data):
    rest = list(left)
    while sum(rest):
        amount = data.draw(st.integers((sum(rest) + 3) // 4, sum(rest)))
        rest = [line - share for line, share in zip(rest, rules.split_refund(rest, amount), strict=True)]
    assert rest == [0] * len(left)


@pytest.mark.parametrize("amount", [0, -1, 2501])
def test_a_split_of_nothing_or_too_much_is_a_fault(amount):
    with pytest.raises(ValueError, match="cannot go back"):
        rules.split_refund([2000, 500], amount)


@given(seven=st.from_regex(r"[0-9]{7}", fullmatch=True), place=st.integers(0, 7), shift=st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(seven, place, shift):
    code = rules.cash_code(seven)
    assert rules.parse_cash_code(rules.grouped(code)) == code
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(CashCodeMalformed):
        rules.parse_cash_code(wrong)


@given(seven=st.from_regex(r"[0-9]{7}", fullmatch=True), place=st.integers(0, 6))
def test_two_swapped_digits_are_noticed_but_for_0_and_9(seven, place):
    code = rules.cash_code(seven)
    pair = {code[place], code[place + 1]}
    if len(pair) == 2 and pair != {"0", "9"}:
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        with pytest.raises(CashCodeMalformed):
            rules.parse_cash_code(swapped)


@pytest.mark.parametrize(
    "typed", ["", "1234", "abcdefgh", "123456789", "1234567x", "12345678\u0000", "²²²²²²²²", "-1234567"]
)
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(CashCodeMalformed):
        rules.parse_cash_code(typed)


def test_a_code_may_be_typed_in_arabic_digits_with_spaces():
    code = rules.cash_code("1234567")
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert rules.parse_cash_code(f" {arabic[:4]} - {arabic[4:]} ") == code


lines = st.lists(st.builds(a_line, unit=st.integers(1, 10**6), quantity=st.integers(1, 99)), min_size=1, max_size=9)


@given(lines=lines, data=st.data())
def test_every_posting_of_payments_sums_to_zero_and_cites_its_article(lines, data):
    parts = [(line, data.draw(st.integers(0, line.amount.amount_minor))) for line in lines]
    made = [
        postings.paid_lines(lines, into="provider:card", case="A-1"),
        postings.owed_back_lines(parts, case="A-1"),
        postings.gone_back_lines(parts, case="A-1", out_of="provider:card"),
        postings.suspense_lines(lines[0].amount, into="provider:card", case="A-1"),
    ]
    for posting in made:
        assert sum(line.amount.amount_minor for line in posting) == 0
        assert all(line.instrument and line.article and line.case for line in posting)


@given(lines=lines)
def test_paying_and_giving_back_the_whole_leaves_every_account_at_zero(lines):
    parts = [(line, line.amount.amount_minor) for line in lines]
    balances: dict[str, int] = {}
    for line in (
        postings.paid_lines(lines, into="provider:card", case="A-1")
        + postings.owed_back_lines(parts, case="A-1")
        + postings.gone_back_lines(parts, case="A-1", out_of="provider:card")
    ):
        balances[line.account] = balances.get(line.account, 0) + line.amount.amount_minor
    assert set(balances.values()) == {0}
