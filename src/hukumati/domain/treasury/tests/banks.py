"""Bank files as a bank would write them, for tests."""

from __future__ import annotations

from decimal import Decimal
from xml.sax.saxutils import escape

IBAN = "PS92PALS000000000400123456702"
ACQUIRER = "PS40PALS000000000400123456700"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{}.001.{}">'


def entry(
    reference,
    amount,
    *,
    remittance="",
    party="Somebody",
    booked="2026-11-24",
    status="BOOK",
    currency="ILS",
    end_to_end="",
    source="",
):
    """One entry as text, with its signed amount: `-4.00` went out."""
    value = Decimal(amount)
    side = "Cdtr" if value < 0 else "Dbtr"
    account = f"<{side}Acct><Id><IBAN>{source}</IBAN></Id></{side}Acct>" if source else ""
    details = (
        f"<Refs><EndToEndId>{end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"<RltdPties><{side}><Nm>{escape(party)}</Nm></{side}>{account}</RltdPties><RmtInf><Ustrd>{escape(remittance)}</Ustrd></RmtInf>"
    )
    return (
        value,
        (
            f'<Ntry><Amt Ccy="{currency}">{abs(value)}</Amt><CdtDbtInd>{"DBIT" if value < 0 else "CRDT"}</CdtDbtInd><Sts>%s</Sts>'
            f"<BookgDt><Dt>{booked}</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls><TxDtls>{details}</TxDtls></NtryDtls></Ntry>"
        ),
        status,
    )


def _entries(entries, version):
    return "".join(text % (f"<Cd>{status}</Cd>" if version == "08" else status) for _value, text, status in entries)


def _account(iban, currency):
    return f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"


def _balance(code, value, day, currency):
    side = "DBIT" if value < 0 else "CRDT"
    return f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{abs(value)}</Amt><CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'


def statement(*entries, opening="0.00", iban=IBAN, number="ST-1", day="2026-11-24", version="08", currency="ILS"):
    """A camt.053 with one statement."""
    first = Decimal(opening)
    last = first + sum(value for value, _text, _status in entries)
    gross = sum(abs(value) for value, _text, _status in entries)
    body = (
        f"<BkToCstmrStmt><GrpHdr><MsgId>M-{number}</MsgId></GrpHdr><Stmt><Id>{number}</Id>{_account(iban, currency)}"
        f"{_balance('OPBD', first, day, currency)}{_balance('CLBD', last, day, currency)}"
        f"<TxsSummry><TtlNtries><NbOfNtries>{len(entries)}</NbOfNtries><Sum>{gross}</Sum></TtlNtries></TxsSummry>"
        f"{_entries(entries, version)}</Stmt></BkToCstmrStmt></Document>"
    )
    return (HEAD.format("053", version) + body).encode()


def notice(*entries, iban=IBAN, number="NT-1", version="08", currency="ILS"):
    """A camt.054 with one notification."""
    body = (
        f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M-{number}</MsgId></GrpHdr><Ntfctn><Id>{number}</Id>{_account(iban, currency)}"
        f"{_entries(entries, version)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )
    return (HEAD.format("054", version) + body).encode()
