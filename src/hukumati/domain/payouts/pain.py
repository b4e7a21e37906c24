"""Orders to a bank as pain.001.001.09, checked against its schema; and the bank's word on them, pain.002.

Source: ISO 20022 message definitions pain.001.001.09 and pain.002.001.03 to .12.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from lxml import etree

from hukumati.domain.payouts.facts import StatusMalformed
from hukumati.kernel.money import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from xml.etree.ElementTree import Element

    from hukumati.kernel.money import Money

ORDER: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
STATUS: Final = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(0[3-9]|1[0-2])\}Document")
STATUS_BYTES_MAX: Final = 8_000_000
NAME_LENGTH_MAX: Final = 70
ACCEPTED: Final = frozenset({"ACCP", "ACSP", "ACSC", "ACTC", "ACWC", "ACCC"})
REFUSED: Final = "RJCT"
UNWRITTEN: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")


@dataclass(frozen=True, slots=True)
class Transfer:
    """One line of an order."""

    reference: str
    name: str
    iban: str
    amount: Money
    remittance: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a bank says of an order: as a whole, and of lines by their references. Each is a code of its status and a reason."""

    message_id: str
    whole: tuple[str, str]
    lines: dict[str, tuple[str, str]]


def write_order(
    message_id: str, transfers: Sequence[Transfer], *, payer: str, iban: str, on: date, at: datetime
) -> bytes:
    """The order as the bank gets it. Raises ValueError when the schema does not hold, which would be our fault."""
    root = etree.Element(f"{{{ORDER}}}Document", nsmap={None: ORDER})
    message = _under(root, "CstmrCdtTrfInitn")
    total = f"{sum(one.amount.amount_minor for one in transfers)}"
    digits = MINOR_DIGITS[transfers[0].amount.currency]
    control = f"{total.rjust(digits + 1, '0')[:-digits]}.{total.rjust(digits + 1, '0')[-digits:]}"
    head = _under(message, "GrpHdr")
    _told(
        head, MsgId=message_id, CreDtTm=at.isoformat(timespec="seconds"), NbOfTxs=str(len(transfers)), CtrlSum=control
    )
    _told(_under(head, "InitgPty"), Nm=plain(payer))
    batch = _under(message, "PmtInf")
    _told(batch, PmtInfId=message_id, PmtMtd="TRF", BtchBookg="false", NbOfTxs=str(len(transfers)), CtrlSum=control)
    _told(_under(batch, "ReqdExctnDt"), Dt=on.isoformat())
    _told(_under(batch, "Dbtr"), Nm=plain(payer))
    _told(_under(batch, "DbtrAcct", "Id"), IBAN=iban)
    _told(_under(batch, "DbtrAgt", "FinInstnId", "Othr"), Id="NOTPROVIDED")
    for one in transfers:
        _transfer(batch, one)
    if not schema().validate(root):
        raise ValueError(f"the order breaks its schema: {schema().error_log}")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _transfer(batch: etree._Element, one: Transfer) -> None:
    line = _under(batch, "CdtTrfTxInf")
    _told(_under(line, "PmtId"), InstrId=one.reference, EndToEndId=one.reference)
    amount = _under(line, "Amt", "InstdAmt")
    amount.set("Ccy", one.amount.currency)
    amount.text = f"{one.amount}".replace(",", "")
    _told(_under(line, "Cdtr"), Nm=plain(one.name))
    _told(_under(line, "CdtrAcct", "Id"), IBAN=one.iban)
    _told(_under(line, "RmtInf"), Ustrd=plain(one.remittance))


def plain(text: str) -> str:
    """What banks carry unchanged: basic Latin letters, digits and a few signs."""
    return " ".join(UNWRITTEN.sub(" ", text).split())[:NAME_LENGTH_MAX] or "-"


def _under(parent: etree._Element, *names: str) -> etree._Element:
    for name in names:
        parent = etree.SubElement(parent, f"{{{ORDER}}}{name}")
    return parent


def _told(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        etree.SubElement(parent, f"{{{ORDER}}}{name}").text = text


@cache
def schema() -> etree.XMLSchema:
    """The published schema, which lies beside this module."""
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("schemas") / "pain.001.001.09.xsd"))


def read_status(body: bytes) -> Word:
    """A bank's status report. Refuses with StatusMalformed."""
    if len(body) > STATUS_BYTES_MAX:
        raise StatusMalformed(why="too_large")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as fault:
        raise StatusMalformed(why="declares_entities") from fault
    except (ParseError, ValueError, LookupError) as fault:
        raise StatusMalformed(why="not_xml") from fault
    if not STATUS.fullmatch(root.tag):
        raise StatusMalformed(why="not_a_status")
    report = next((one for one in root if _name(one) == "CstmrPmtStsRpt"), root)
    group = _find(report, "OrgnlGrpInfAndSts")
    message_id = _text(group, "OrgnlMsgId") if group is not None else ""
    if group is None or not message_id:
        raise StatusMalformed(why="about_nothing")
    lines = {
        reference: (_text(one, "TxSts"), _reason(one))
        for batch in _all(report, "OrgnlPmtInfAndSts")
        for one in _all(batch, "TxInfAndSts")
        if (reference := _text(one, "OrgnlEndToEndId"))
    }
    return Word(message_id, (_text(group, "GrpSts"), _reason(group)), lines)


def is_status(body: bytes) -> bool:
    """Whether a file of the bank's is a status report at all; what it says is read by read_status."""
    return b"pain.002.001." in body[:2_000]


def _reason(one: Element) -> str:
    told = _find(one, "StsRsnInf")
    reason = _find(told, "Rsn") if told is not None else None
    code = (_text(reason, "Cd") or _text(reason, "Prtry")) if reason is not None else ""
    more = _text(told, "AddtlInf") if told is not None else ""
    return " ".join(part for part in (code, more) if part)[:200]


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: Element, name: str) -> list[Element]:
    return [one for one in element if _name(one) == name]


def _find(element: Element, name: str) -> Element | None:
    return next(iter(_all(element, name)), None)


def _text(element: Element, name: str) -> str:
    found = _find(element, name)
    return (found.text or "").strip()[:200] if found is not None else ""
