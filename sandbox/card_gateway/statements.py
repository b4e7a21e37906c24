"""The bank of the State: what the acquirer pays into the collection account, as camt.053 statements of a day. It pays a day's net on the next day."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.card_gateway.merchants import settled_between, totals
from sandbox.card_gateway.store import GatewayStore
from sandbox.faults import Fault, Faults
from sandbox.pages import environment, page

IBAN = "PS92PALS000000000400123456702"
ACQUIRER_IBAN = "PS40PALS000000000400123456700"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
DAYS_SHOWN = 10
FIRST_DAYS = 60
BANK_FAULT = Fault(
    "bank",
    "choice",
    "What the bank books is short by 1.00, missing, doubled, or beside it stands a stranger's 31.00.",
    choices=("short", "missing", "doubled", "stranger"),
)
TEMPLATES = environment(Path(__file__).parent / "templates")


class Statements:
    """Statements made from the gateway's own books whenever somebody asks."""

    def __init__(self, store: GatewayStore, faults: Faults) -> None:
        self.store = store
        self.faults = faults

    def routes(self) -> list[Route]:
        return [Route("/bank/", self.days), Route("/bank/statements/{day}.xml", self.statement)]

    async def days(self, _request: Request) -> Response:
        """The last days, each with its statement."""
        today = moments.today()
        shown = [today - timedelta(days=days) for days in range(DAYS_SHOWN)]
        rows = [(day, sum(amount for _reference, amount, _text in self._booked(day))) for day in shown]
        return page(
            TEMPLATES, "bank.html", iban=IBAN, rows=[(day.isoformat(), f"{_shekels(sum_)}") for day, sum_ in rows]
        )

    async def statement(self, request: Request) -> Response:
        """A day's statement, camt.053.001.08."""
        try:
            day = date.fromisoformat(request.path_params["day"])
        except ValueError:
            raise Refusal(404, "day_unknown", "The day must be YYYY-MM-DD.") from None
        if day > moments.today():
            raise Refusal(404, "day_unknown", "This day has not come yet.")
        before = [day - timedelta(days=days) for days in range(1, FIRST_DAYS)]
        opening = sum(amount for one in before for _reference, amount, _text in self._booked(one, faulty=False))
        named = {"Content-Disposition": f'attachment; filename="statement-{day}.xml"'}
        body = _document(day, opening, self._booked(day))
        return Response(body, media_type="application/xml", headers=named)

    def _booked(self, day: date, *, faulty: bool = True) -> list[tuple[str, int, str]]:
        """Reference, amount and text of what was booked on a day: the net of the day before."""
        settled = day - timedelta(days=1)
        first = datetime.combine(settled, time(), moments.LOCAL_ZONE)
        net = totals(settled_between(self.store, first, first + timedelta(days=1))).get("ILS", {}).get("net_minor", 0)
        entries = [(f"BK{settled:%Y%m%d}01", net, f"SETTLEMENT card {settled}")] if net else []
        return self._bent(day, entries) if faulty else entries

    def _bent(self, day: date, entries: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
        match self.faults["bank"]:
            case "short":
                return [(reference, amount - 100, text) for reference, amount, text in entries]
            case "missing":
                return []
            case "doubled":
                return [*entries, *((f"{reference[:-2]}02", amount, text) for reference, amount, text in entries)]
            case "stranger":
                return [*entries, (f"BK{day:%Y%m%d}77", 3100, "Transfer without a reference")]
        return entries


def _document(day: date, opening: int, entries: list[tuple[str, int, str]]) -> bytes:
    root = Element("Document", xmlns=NAMESPACE)
    message = SubElement(root, "BkToCstmrStmt")
    header = SubElement(message, "GrpHdr")
    _told(header, MsgId=f"STMT-{day:%Y%m%d}", CreDtTm=f"{day}T23:59:00+02:00")
    statement = SubElement(message, "Stmt")
    _told(statement, Id=f"{day:%Y%m%d}", CreDtTm=f"{day}T23:59:00+02:00")
    account = SubElement(statement, "Acct")
    SubElement(SubElement(account, "Id"), "IBAN").text = IBAN
    _told(account, Ccy="ILS")
    for code, minor in (("OPBD", opening), ("CLBD", opening + sum(amount for _reference, amount, _text in entries))):
        balance = SubElement(statement, "Bal")
        SubElement(SubElement(SubElement(balance, "Tp"), "CdOrPrtry"), "Cd").text = code
        _amount(balance, minor)
        _told(SubElement(balance, "Dt"), Dt=day.isoformat())
    for reference, minor, text in entries:
        _entry(statement, day, reference, minor, text)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _entry(statement: Element, day: date, reference: str, minor: int, text: str) -> None:
    entry = SubElement(statement, "Ntry")
    _amount(entry, minor)
    SubElement(SubElement(entry, "Sts"), "Cd").text = "BOOK"
    _told(SubElement(entry, "BookgDt"), Dt=day.isoformat())
    _told(SubElement(entry, "ValDt"), Dt=day.isoformat())
    _told(entry, AcctSvcrRef=reference)
    SubElement(SubElement(SubElement(entry, "BkTxCd"), "Prtry"), "Cd").text = "CREDIT"
    details = SubElement(SubElement(entry, "NtryDtls"), "TxDtls")
    if text.startswith("SETTLEMENT"):
        parties = SubElement(details, "RltdPties")
        side = "Cdtr" if minor < 0 else "Dbtr"
        SubElement(SubElement(SubElement(parties, side), "Pty"), "Nm").text = "Card acquirer"
        SubElement(SubElement(SubElement(parties, f"{side}Acct"), "Id"), "IBAN").text = ACQUIRER_IBAN
    SubElement(SubElement(details, "RmtInf"), "Ustrd").text = text


def _amount(parent: Element, minor: int) -> None:
    SubElement(parent, "Amt", Ccy="ILS").text = _shekels(abs(minor))
    _told(parent, CdtDbtInd="DBIT" if minor < 0 else "CRDT")


def _told(parent: Element, **texts: Any) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = str(text)


def _shekels(minor: int) -> str:
    return str(Decimal(minor).scaleb(-2))
