"""Reading what banks send: camt.053 statements and camt.054 notices of ISO 20022, versions 02 to 08, entry by entry in bounded memory.

Nothing is guessed. A file of another kind, of an account that is not ours, with figures that do not add up or with one entry twice is refused whole,
naming the statement and entry. XML that declares entities or a document type is refused before it is read.
Source: ISO 20022 message definitions camt.053.001 and camt.054.001.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hukumati.domain.treasury.facts import BankFileRefused, Entry, FileKind, Statement
from hukumati.kernel.money import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from xml.etree.ElementTree import Element

FILE_BYTES_MAX: Final = 64_000_000
ENTRIES_MAX: Final = 200_000
STATEMENTS_MAX: Final = 500
TEXT_LENGTH_MAX: Final = 500
NAMESPACE: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.(053|054)\.001\.0([2-8])\}Document")
KINDS: Final = {"053": FileKind.STATEMENT, "054": FileKind.NOTICE}
CONTAINERS: Final = {"Stmt", "Ntfctn"}
OPENING: Final = ("OPBD", "PRCD")
CLOSING: Final = "CLBD"
BOOKED: Final = "BOOK"


@dataclass(slots=True)
class _Reading:
    """Where the reader stands, so that a refusal can say where."""

    accounts: Mapping[str, str]
    kind: FileKind | None = None
    statements: list[Statement] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    read: int = 0
    not_booked: int = 0
    statement: Element | None = None

    def refuse(self, why: str, found: str = "") -> BankFileRefused:
        where = f"statement {len(self.statements) + 1}" + (f", entry {self.read}" if self.read else "")
        return BankFileRefused(why=why, where=where, found=found[:80])


def read_file(body: bytes, *, accounts: Mapping[str, str]) -> list[Statement]:
    """Every statement of a bank file. `accounts` are ours: IBAN and currency. Refuses with BankFileRefused."""
    if len(body) > FILE_BYTES_MAX:
        raise BankFileRefused(why="too_large")
    reading = _Reading(accounts)
    try:
        for event, element in iterparse(BytesIO(body), events=("start", "end"), forbid_dtd=True):
            _take(reading, event, element)
    except DefusedXmlException as fault:
        raise BankFileRefused(why="declares_entities") from fault
    except (ParseError, ValueError, LookupError) as fault:
        raise BankFileRefused(why="not_xml", found=str(fault)[:80]) from fault
    if not reading.statements:
        raise BankFileRefused(why="nothing_in_it")
    return reading.statements


def _take(reading: _Reading, event: str, element: Element) -> None:
    """Account and balances stand before the entries in every version; each entry is read when it ends, and let go."""
    name = _name(element)
    if reading.kind is None:
        reading.kind = _kind(element)
    if event == "start":
        if name in CONTAINERS:
            reading.statement, reading.entries, reading.read, reading.not_booked = element, [], 0, 0
    elif name == "Ntry" and reading.statement is not None:
        _read_entry(reading, reading.statement, element)
        element.clear()
        if len(reading.statement) and reading.statement[-1] is element:
            del reading.statement[-1]
    elif name in CONTAINERS:
        _end_statement(reading, element)
        element.clear()


def _kind(root: Element) -> FileKind:
    found = NAMESPACE.fullmatch(root.tag)
    if found is None:
        raise BankFileRefused(why="not_camt", found=root.tag.rpartition("}")[0].removeprefix("{"))
    return KINDS[found[1]]


def _account(reading: _Reading, statement: Element) -> tuple[str, str]:
    """IBAN and currency of a statement, if it is ours."""
    iban = _text(statement, "Acct/Id/IBAN").replace(" ", "").upper()
    if iban not in reading.accounts:
        raise reading.refuse("not_our_account", iban)
    return iban, reading.accounts[iban]


def _end_statement(reading: _Reading, statement: Element) -> None:
    told, reading.read = reading.read, 0
    if reading.kind is None or len(reading.statements) >= STATEMENTS_MAX:
        raise reading.refuse("too_many_statements")
    iban, currency = _account(reading, statement)
    opening, closing = _balances(reading, statement, currency)
    read = Statement(
        kind=reading.kind,
        statement_id=_short(_text(statement, "Id")),
        iban=iban,
        currency=currency,
        opening_minor=opening[0] if opening else None,
        closing_minor=closing[0] if closing else None,
        opened_on=opening[1] if opening else None,
        closed_on=closing[1] if closing else None,
        entries=tuple(reading.entries),
        not_booked=reading.not_booked,
    )
    _judge_sums(reading, statement, read, told=told)
    reading.statements.append(read)
    reading.statement, reading.entries, reading.not_booked = None, [], 0


def _judge_sums(reading: _Reading, statement: Element, read: Statement, *, told: int) -> None:
    """What the file says of itself must be so."""
    if not read.statement_id:
        raise reading.refuse("without_id")
    summed = sum(entry.amount_minor for entry in read.entries)
    if read.kind == FileKind.STATEMENT:
        if read.opening_minor is None or read.closing_minor is None:
            raise reading.refuse("without_balances")
        if read.opening_minor + summed != read.closing_minor:
            raise reading.refuse(
                "does_not_add_up", f"{read.opening_minor} + {summed} != {read.closing_minor} {read.currency}"
            )
    number = _text(statement, "TxsSummry/TtlNtries/NbOfNtries")
    if number and number != str(told):
        raise reading.refuse("number_of_entries", f"{number} != {told}")
    whole = _text(statement, "TxsSummry/TtlNtries/Sum")
    gross = sum(abs(entry.amount_minor) for entry in read.entries)
    if whole and not read.not_booked and _minor(reading, whole, read.currency) != gross:
        raise reading.refuse("sum_of_entries", whole)


def _balances(
    reading: _Reading, statement: Element, currency: str
) -> tuple[tuple[int, date] | None, tuple[int, date] | None]:
    found: dict[str, tuple[int, date]] = {}
    for balance in _children(statement, "Bal"):
        code = _text(balance, "Tp/CdOrPrtry/Cd")
        if code in (*OPENING, CLOSING):
            day = _date(reading, balance, "Dt")
            found[code] = (_signed(reading, balance, currency), day)
    opening = next((found[code] for code in OPENING if code in found), None)
    return opening, found.get(CLOSING)


def _read_entry(reading: _Reading, statement: Element, element: Element) -> None:
    reading.read += 1
    if reading.read > ENTRIES_MAX:
        raise reading.refuse("too_many_entries")
    iban, currency = _account(reading, statement)
    if (_text(element, "Sts/Cd") or _text(element, "Sts")) != BOOKED:
        reading.not_booked += 1
        return
    amount = _signed(reading, element, currency)
    if not amount:
        raise reading.refuse("amount_of_nothing")
    booked_on = _date(reading, element, "BookgDt")
    details = [one for block in _children(element, "NtryDtls") for one in _children(block, "TxDtls")]
    remittance = " ".join(filter(None, map(_remittance, details))) or _text(element, "AddtlNtryInf")
    first = details[0] if details else element
    side = "Dbtr" if amount > 0 else "Cdtr"
    entry = Entry(
        reference=_reference(element, details, amount, booked_on, remittance),
        amount_minor=amount,
        booked_on=booked_on,
        value_on=_date(reading, element, "ValDt") if _find(element, "ValDt") is not None else None,
        remittance=_short(remittance),
        end_to_end=_short(_text(first, "Refs/EndToEndId")),
        counterparty=_short(_text(first, f"RltdPties/{side}/Nm") or _text(first, f"RltdPties/{side}/Pty/Nm")),
        counterparty_iban=_short(_text(first, f"RltdPties/{side}Acct/Id/IBAN")),
    )
    if (iban, entry.reference) in reading.seen:
        raise reading.refuse("entry_twice", entry.reference)
    reading.seen.add((iban, entry.reference))
    reading.entries.append(entry)


def _reference(entry: Element, details: list[Element], amount: int, booked_on: date, remittance: str) -> str:
    """The bank's own number for the entry. A bank that gives none is identified by what the entry says."""
    own = _text(entry, "AcctSvcrRef") or next((ref for one in details if (ref := _text(one, "Refs/AcctSvcrRef"))), "")
    if own:
        return _short(own)
    said = f"{booked_on}|{amount}|{_text(entry, 'NtryRef')}|{remittance}|{[_text(one, 'Refs/EndToEndId') for one in details]}"
    return f"said-{sha256(said.encode()).hexdigest()[:32]}"


def _remittance(details: Element) -> str:
    """Free text and structured creditor references, as one text."""
    block = _find(details, "RmtInf")
    if block is None:
        return ""
    free = [_said(one) for one in _children(block, "Ustrd")]
    structured = [_text(one, "CdtrRefInf/Ref") for one in _children(block, "Strd")]
    return " ".join(filter(None, [*structured, *free]))


def _signed(reading: _Reading, element: Element, currency: str) -> int:
    """An amount in minor units; what went out is negative."""
    amount = _find(element, "Amt")
    if amount is None:
        raise reading.refuse("without_amount")
    if amount.get("Ccy") != currency:
        raise reading.refuse("wrong_currency", f"{amount.get('Ccy')} != {currency}")
    minor = _minor(reading, _said(amount), currency)
    match _text(element, "CdtDbtInd"):
        case "CRDT":
            return minor
        case "DBIT":
            return -minor
    raise reading.refuse("neither_in_nor_out")


def _minor(reading: _Reading, said: str, currency: str) -> int:
    try:
        minor = Decimal(said).scaleb(MINOR_DIGITS[currency])
        if not minor.is_finite() or minor != minor.to_integral_value() or not 0 <= minor < 10**15:
            raise reading.refuse("amount_invalid", said)
    except InvalidOperation as fault:
        raise reading.refuse("amount_invalid", said) from fault
    return int(minor)


def _date(reading: _Reading, element: Element, name: str) -> date:
    said = _text(element, f"{name}/Dt") or _text(element, f"{name}/DtTm")[:10]
    try:
        return date.fromisoformat(said[:10])
    except ValueError as fault:
        raise reading.refuse("date_invalid", f"{name} {said}") from fault


# Names are compared without their namespace: the versions differ in it and in nothing that is read here.
def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element if _name(child) == name)


def _find(element: Element, path: str) -> Element | None:
    found: Element | None = element
    for name in path.split("/"):
        found = next(_children(found, name), None) if found is not None else None
    return found


def _text(element: Element, path: str) -> str:
    found = _find(element, path)
    return _said(found) if found is not None else ""


def _said(element: Element) -> str:
    return (element.text or "").replace("\x00", "").strip()


def _short(text: str) -> str:
    return " ".join(text.split())[:TEXT_LENGTH_MAX]
