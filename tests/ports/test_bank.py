"""The bank's port over HTTP: an order is taken once and answered, what it moved is told, and everything that comes back is what treasury takes."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from hukumati.adapters.bank_http import HttpBank
from hukumati.domain.payouts import pain
from hukumati.domain.payouts.ports import BankUnreachableError
from hukumati.domain.treasury.statements import read_file
from hukumati.kernel.money import Money
from tests.gateway import gateway, gateway_processes  # noqa: F401
from tests.outside import KEYS

IBAN = "PS92PALS000000000400123456702"
GOOD, CLOSED, RETURNS = (
    "PS54PALS000000000400900000101",
    "PS27PALS000000000400900000199",
    "PS54PALS000000000400900000198",
)
NOW = datetime.now(UTC)
pytestmark = pytest.mark.slow


@pytest.fixture
def bank(gateway):  # noqa: F811
    made = HttpBank(base_url=gateway.url, api_key=KEYS["SANDBOX_GATEWAY_API_KEY"])
    yield made
    made._client.close()


def order(message_id, *ibans, minor=12_345):
    transfers = [
        pain.Transfer(f"{message_id}-{number}", "Ministry of Interior", iban, Money(minor), "Fees")
        for number, iban in enumerate(ibans)
    ]
    return pain.write_order(message_id, transfers, payer="Treasury", iban=IBAN, on=NOW.date(), at=NOW)


def place(bank):
    """The end of the mailbox."""
    after = 0
    while mail := bank.fetch(after=after, limit=100):
        after = mail[-1].place
    return after


def entries(mail):
    return [
        entry
        for one in mail
        if not pain.is_status(one.body)
        for told in read_file(one.body, accounts={IBAN: "ILS"})
        for entry in told.entries
    ]


def test_an_order_is_taken_once_answered_and_told_entry_by_entry(bank):
    before, body = place(bank), order("BO-2026-AAAAAAAA", GOOD, CLOSED, RETURNS)
    bank.send_order("BO-2026-AAAAAAAA", body)
    bank.send_order("BO-2026-AAAAAAAA", body)
    mail = bank.fetch(after=before, limit=100)
    [word] = [pain.read_status(one.body) for one in mail if pain.is_status(one.body)]
    assert (word.message_id, word.whole[0]) == ("BO-2026-AAAAAAAA", "PART")
    assert {line: said[0] for line, said in word.lines.items()} == {
        "BO-2026-AAAAAAAA-0": "ACSC",
        "BO-2026-AAAAAAAA-1": "RJCT",
        "BO-2026-AAAAAAAA-2": "ACSC",
    }
    assert word.lines["BO-2026-AAAAAAAA-1"][1] == "AC04 Closed account"
    told = [(entry.end_to_end, entry.amount_minor, entry.counterparty_iban) for entry in entries(mail)]
    assert told == [
        ("BO-2026-AAAAAAAA-0", -12_345, GOOD),
        ("BO-2026-AAAAAAAA-2", -12_345, RETURNS),
        ("BO-2026-AAAAAAAA-2", 12_345, RETURNS),
    ]


def test_the_days_statement_has_the_same_entries(bank, gateway):  # noqa: F811
    bank.send_order("BO-2026-BBBBBBBB", order("BO-2026-BBBBBBBB", GOOD))
    today = httpx.get(f"{gateway.url}/bank/statements/{datetime.now(UTC).astimezone().date()}.xml")
    [read] = read_file(today.content, accounts={IBAN: "ILS"})
    assert [entry.amount_minor for entry in read.entries if entry.end_to_end == "BO-2026-BBBBBBBB-0"] == [-12_345]


def test_another_order_under_a_known_id_is_not_taken(bank):
    bank.send_order("BO-2026-CCCCCCCC", order("BO-2026-CCCCCCCC", GOOD))
    with pytest.raises(BankUnreachableError, match="409"):
        bank.send_order("BO-2026-CCCCCCCC", order("BO-2026-CCCCCCCC", GOOD, minor=1))


def test_the_mailbox_is_read_in_slices_and_in_order(bank):
    before = place(bank)
    bank.send_order("BO-2026-DDDDDDDD", order("BO-2026-DDDDDDDD", GOOD, GOOD, GOOD))
    first = bank.fetch(after=before, limit=2)
    rest = bank.fetch(after=first[-1].place, limit=100)
    places = [one.place for one in (*first, *rest)]
    assert (len(first), len(rest)) == (2, 2)
    assert places == sorted(places)


@pytest.mark.parametrize(
    "body", [b"", b"<a/>", b"not xml", order("BO-2026-EEEEEEEE", GOOD).replace(b"123.45", b"123.46", 1)]
)
def test_what_is_no_order_of_ours_is_not_taken(bank, body):
    with pytest.raises(BankUnreachableError, match="422"):
        bank.send_order("BO-2026-FFFFFFFF", body)


def test_a_wrong_key_opens_nothing(gateway):  # noqa: F811
    stranger = HttpBank(base_url=gateway.url, api_key="wrong")
    with pytest.raises(BankUnreachableError):
        stranger.fetch(after=0, limit=10)
    with pytest.raises(BankUnreachableError, match="401"):
        stranger.send_order("BO-2026-GGGGGGGG", order("BO-2026-GGGGGGGG", GOOD))
    stranger._client.close()


def test_a_bank_that_is_down_is_told_so(bank, gateway):  # noqa: F811
    gateway.control(down=True)
    with pytest.raises(BankUnreachableError):
        bank.fetch(after=0, limit=10)
