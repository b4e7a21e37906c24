"""Bank files are read whole or refused, by the statement and entry where they cannot be believed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hukumati.domain.treasury import statements
from hukumati.domain.treasury.facts import BankFileRefused, FileKind
from hukumati.domain.treasury.tests.banks import IBAN, entry, notice, statement

OURS = {IBAN: "ILS"}


def refusal(body, accounts=OURS):
    with pytest.raises(BankFileRefused) as refused:
        statements.read_file(body if isinstance(body, bytes) else body.encode(), accounts=accounts)
    return refused.value.why, refused.value.where


@pytest.mark.parametrize("version", ["02", "03", "04", "06", "08"])
def test_a_statement_of_every_version_is_read(version):
    body = statement(
        entry("E-1", "1250.50", remittance="SETTLEMENT card 2026-11-23"),
        entry("E-2", "-40.00", party="A Bank", booked="2026-11-24"),
        opening="100.00",
        version=version,
    )
    (read,) = statements.read_file(body, accounts=OURS)
    assert (read.kind, read.iban, read.currency) == (FileKind.STATEMENT, IBAN, "ILS")
    assert (read.opening_minor, read.closing_minor) == (10_000, 131_050)
    first, second = read.entries
    assert (first.reference, first.amount_minor, first.booked_on) == ("E-1", 125_050, date(2026, 11, 24))
    assert first.remittance == "SETTLEMENT card 2026-11-23"
    assert (second.amount_minor, second.counterparty) == (-4_000, "A Bank")


def test_a_notice_tells_entries_without_balances():
    (read,) = statements.read_file(notice(entry("E-1", "10.00")), accounts=OURS)
    assert read.kind == FileKind.NOTICE
    assert read.opening_minor is None
    assert [one.amount_minor for one in read.entries] == [1_000]


def test_what_is_only_pending_is_left_out_and_counted():
    (read,) = statements.read_file(notice(entry("E-1", "10.00"), entry("E-2", "5.00", status="PDNG")), accounts=OURS)
    assert [one.reference for one in read.entries] == ["E-1"]
    assert read.not_booked == 1


def test_a_bank_that_numbers_nothing_is_identified_by_what_it_says():
    one = statements.read_file(notice(entry("", "10.00", remittance="a")), accounts=OURS)[0].entries[0]
    same = statements.read_file(notice(entry("", "10.00", remittance="a")), accounts=OURS)[0].entries[0]
    other = statements.read_file(notice(entry("", "10.00", remittance="b")), accounts=OURS)[0].entries[0]
    assert one.reference == same.reference != other.reference


GOOD = statement(entry("E-1", "10.00"), entry("E-2", "5.00")).decode()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('<Amt Ccy="ILS">5.00', '<Amt Ccy="ILS">6.00', ("does_not_add_up", "statement 1")),
        ('<Amt Ccy="ILS">5.00', '<Amt Ccy="USD">5.00', ("wrong_currency", "statement 1, entry 2")),
        ('<Amt Ccy="ILS">5.00', '<Amt Ccy="ILS">5.001', ("amount_invalid", "statement 1, entry 2")),
        ('<Amt Ccy="ILS">5.00', '<Amt Ccy="ILS">1E400', ("amount_invalid", "statement 1, entry 2")),
        ('<Amt Ccy="ILS">5.00', '<Amt Ccy="ILS">NaN', ("amount_invalid", "statement 1, entry 2")),
        ('<Amt Ccy="ILS">5.00', '<Amt Ccy="ILS">-5.00', ("amount_invalid", "statement 1, entry 2")),
        ('<Amt Ccy="ILS">5.00', '<Amt Ccy="ILS">0', ("amount_of_nothing", "statement 1, entry 2")),
        ("<AcctSvcrRef>E-2", "<AcctSvcrRef>E-1", ("entry_twice", "statement 1, entry 2")),
        ("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>BOTH</CdtDbtInd><Sts>", ("neither_in_nor_out", "statement 1, entry 1")),
        ("<BookgDt><Dt>2026-11-24", "<BookgDt><Dt>2026-13-44", ("date_invalid", "statement 1, entry 1")),
        (IBAN, "PS40PALS000000000400123456700", ("not_our_account", "statement 1, entry 1")),
        ("<Id>ST-1</Id>", "", ("without_id", "statement 1")),
        ("CLBD", "CLAV", ("without_balances", "statement 1")),
        ("<NbOfNtries>2", "<NbOfNtries>3", ("number_of_entries", "statement 1")),
        ("<Sum>15.00", "<Sum>16.00", ("sum_of_entries", "statement 1")),
        ("camt.053.001.08", "camt.053.001.01", ("not_camt", "")),
        ("camt.053.001.08", "pain.001.001.09", ("not_camt", "")),
        ("</Document>", "", ("not_xml", "")),
        ('encoding="UTF-8"', 'encoding="UTF-16"', ("not_xml", "")),
        ('encoding="UTF-8"', 'encoding="x-none"', ("not_xml", "")),
        ("<Document", '<!DOCTYPE a [<!ENTITY b "c">]><Document', ("declares_entities", "")),
    ],
)  # fmt: skip
def test_what_cannot_be_believed_is_refused_where_it_stands(old, new, why):
    assert old in GOOD
    assert refusal(GOOD.replace(old, new, 1)) == why


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"{}", b"<a/>", b"<" * 10_000, "رصيد".encode("cp1256")])
def test_what_is_no_bank_file_is_refused(body):
    assert refusal(body)[0] in {"not_xml", "not_camt"}


def test_a_billion_laughs_are_refused_before_they_are_read():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    assert (
        refusal(f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]><l>&l11;</l>')[0] == "declares_entities"
    )


def test_a_million_entries_are_refused_at_the_limit(monkeypatch):
    monkeypatch.setattr(statements, "ENTRIES_MAX", 3)
    assert refusal(notice(*[entry(f"E-{n}", "1.00") for n in range(4)])) == ("too_many_entries", "statement 1, entry 4")
    monkeypatch.setattr(statements, "FILE_BYTES_MAX", 10)
    assert refusal(GOOD)[0] == "too_large"


SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.xml"))


@pytest.mark.parametrize("path", SAMPLES, ids=[path.name for path in SAMPLES])
def test_published_samples_are_read_or_refused_for_a_reason(path):
    why, where = refusal(path.read_bytes(), accounts={})
    assert (why, where) in {
        ("not_our_account", "statement 1, entry 1"),
        ("not_our_account", "statement 1"),
        ("not_camt", ""),
    }


@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_no_spoiled_file_ends_in_a_fault(noise, place):
    raw = GOOD.encode()
    try:
        read = statements.read_file(raw[:place] + noise + raw[place:], accounts=OURS)
    except BankFileRefused:
        return
    assert read[0].opening_minor + sum(one.amount_minor for one in read[0].entries) == read[0].closing_minor
