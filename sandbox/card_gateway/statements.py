"""The bank of the State: what the acquirer and citizens pay into the collection account, as camt.053 statements of a day and camt.054 notices.

The acquirer pays a day's net on the next day. A transfer arrives at once, and its notice can be fetched at once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import Refusal, latin_digits, read_form
from sandbox.card_gateway.merchants import METHODS, settled_between, totals
from sandbox.card_gateway.store import GatewayStore
from sandbox.faults import Fault, Faults
from sandbox.pages import environment, page

IBAN = "PS92PALS000000000400123456702"
ACQUIRER_IBAN = "PS40PALS000000000400123456700"
WALLET_IBAN = "PS65PALS000000000400123456703"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.{}.001.08"
TEXT_CHARACTERS_MAX = 140
TRANSFER_MINOR_MAX = 100_000_000
NUMBER_DIGITS_MAX = 9
DAYS_SHOWN = 10
FIRST_DAYS = 60
BANK_FAULT = Fault(
    "bank",
    "choice",
    "What the bank books is short by 1.00, missing, doubled, or beside it stands a stranger's 31.00.",
    choices=("short", "missing", "doubled", "stranger"),
)
TEMPLATES = environment(Path(__file__).parent / "templates")


@dataclass(frozen=True)
class Booked:
    """One entry on the account. Negative went out."""

    reference: str
    amount_minor: int
    text: str
    end_to_end: str = ""
    name: str = ""
    iban: str = ""


class Statements:
    """Statements made from the gateway's own books whenever somebody asks."""

    def __init__(self, store: GatewayStore, faults: Faults) -> None:
        self.store = store
        self.faults = faults

    def routes(self) -> list[Route]:
        return [
            Route("/bank/", self.days),
            Route("/bank/transfers", self.transfer, methods=["POST"]),
            Route("/bank/notices/{number}.xml", self.notice),
            Route("/bank/statements/{day}.xml", self.statement),
        ]

    async def days(self, _request: Request) -> Response:
        """The last days, each with its statement."""
        today = moments.today()
        shown = [today - timedelta(days=days) for days in range(DAYS_SHOWN)]
        rows = [(day, sum(one.amount_minor for one in self._booked(day))) for day in shown]
        return page(
            TEMPLATES,
            "bank.html",
            iban=IBAN,
            rows=[(day.isoformat(), f"{shekels(sum_)}") for day, sum_ in rows],
            transfers=[
                (row["number"], row["text"], shekels(row["amount_minor"]), moments.local(row["at"]))
                for row in reversed(self._transfers(today))
            ],
        )

    async def transfer(self, request: Request) -> Response:
        """An order that somebody gives at their own bank: a form with `amount` in shekels and `text`."""
        form = await read_form(request)
        plain = "".join(letter if letter.isprintable() else " " for letter in form.get("text", [""])[0])
        text = " ".join(plain.split())[:TEXT_CHARACTERS_MAX]
        number = self.store.add_transfer(text, minor_of(form.get("amount", [""])[0]), at=moments.now())
        return RedirectResponse(f"/bank/#transfer-{number}", status_code=303)

    async def notice(self, request: Request) -> Response:
        """A transfer as soon as it is there, camt.054.001.08; the day's statement tells it again under the same number."""
        asked = request.path_params["number"]
        plain = asked.isascii() and asked.isdigit() and len(asked) <= NUMBER_DIGITS_MAX
        row = self.store.find_transfer(int(asked)) if plain else None
        if row is None:
            raise Refusal(404, "transfer_unknown", "No such transfer.")
        named = {"Content-Disposition": f'attachment; filename="notice-{row["number"]}.xml"'}
        return Response(_notice(row), media_type="application/xml", headers=named)

    def _transfers(self, day: date) -> list[Any]:
        first = datetime.combine(day, time(), moments.LOCAL_ZONE)
        return self.store.transfers_between(first, first + timedelta(days=1))

    async def statement(self, request: Request) -> Response:
        """A day's statement, camt.053.001.08."""
        try:
            day = date.fromisoformat(request.path_params["day"])
        except ValueError:
            raise Refusal(404, "day_unknown", "The day must be YYYY-MM-DD.") from None
        if day > moments.today():
            raise Refusal(404, "day_unknown", "This day has not come yet.")
        named = {"Content-Disposition": f'attachment; filename="statement-{day}.xml"'}
        return Response(self.statement_of(day), media_type="application/xml", headers=named)

    def statement_of(self, day: date) -> bytes:
        """The statement of a day, which goes on from those before it."""
        before = [day - timedelta(days=days) for days in range(1, FIRST_DAYS)]
        opening = sum(entry.amount_minor for one in before for entry in self._booked(one, faulty=False))
        return _document(day, opening, self._booked(day))

    def has_moved(self, day: date) -> bool:
        """Whether anything was booked on a day."""
        return bool(self._booked(day))

    def notice_of_transfer(self, row: Any) -> bytes:
        """A transfer as a notice."""
        return _notice(row)

    def _booked(self, day: date, *, faulty: bool = True) -> list[Booked]:
        """What was booked on a day: the net of the day before, transfers that came in, orders that were carried out."""
        settled = day - timedelta(days=1)
        first = datetime.combine(settled, time(), moments.LOCAL_ZONE)
        last = first + timedelta(days=1)
        entries = []
        for number, method in enumerate(METHODS):
            moved = totals(settled_between(self.store, first, last, method=method))
            if net := moved.get("ILS", {}).get("net_minor", 0):
                entries.append(Booked(f"BK{settled:%Y%m%d}{number}1", net, f"SETTLEMENT {method} {settled}"))
        came = [Booked(_number(row), row["amount_minor"], row["text"]) for row in self._transfers(day)]
        first = datetime.combine(day, time(), moments.LOCAL_ZONE)
        went = [
            Booked(
                f"PO{row['number']:08}", row["amount_minor"], row["text"], row["reference"], row["name"], row["iban"]
            )
            for row in self.store.moves_between(first, first + timedelta(days=1))
        ]
        return [*(self._bent(day, entries) if faulty else entries), *came, *went]

    def _bent(self, day: date, entries: list[Booked]) -> list[Booked]:
        match self.faults["bank"]:
            case "short":
                return [replace(one, amount_minor=one.amount_minor - 100) for one in entries]
            case "missing":
                return []
            case "doubled":
                return [*entries, *(replace(one, reference=f"{one.reference[:-1]}2") for one in entries)]
            case "stranger":
                return [*entries, Booked(f"BK{day:%Y%m%d}77", 3100, "Transfer without a reference")]
        return entries


def _document(day: date, opening: int, entries: list[Booked]) -> bytes:
    root = Element("Document", xmlns=NAMESPACE.format("053"))
    message = SubElement(root, "BkToCstmrStmt")
    header = SubElement(message, "GrpHdr")
    told(header, MsgId=f"STMT-{day:%Y%m%d}", CreDtTm=f"{day}T23:59:00+02:00")
    statement = SubElement(message, "Stmt")
    told(statement, Id=f"{day:%Y%m%d}", CreDtTm=f"{day}T23:59:00+02:00")
    account = SubElement(statement, "Acct")
    SubElement(SubElement(account, "Id"), "IBAN").text = IBAN
    told(account, Ccy="ILS")
    for code, minor in (("OPBD", opening), ("CLBD", opening + sum(one.amount_minor for one in entries))):
        balance = SubElement(statement, "Bal")
        SubElement(SubElement(SubElement(balance, "Tp"), "CdOrPrtry"), "Cd").text = code
        _amount(balance, minor)
        told(SubElement(balance, "Dt"), Dt=day.isoformat())
    for one in entries:
        _entry(statement, day, one)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _notice(row: Any) -> bytes:
    came = Booked(_number(row), row["amount_minor"], row["text"])
    return notice_of(came, f"{row['number']:08}", at=moments.from_iso(row["at"]))


def notice_of(one: Booked, number: str, *, at: datetime) -> bytes:
    """One entry as soon as it is booked, camt.054.001.08."""
    day, said = at.astimezone(moments.LOCAL_ZONE).date(), moments.iso(at)
    root = Element("Document", xmlns=NAMESPACE.format("054"))
    message = SubElement(root, "BkToCstmrDbtCdtNtfctn")
    told(SubElement(message, "GrpHdr"), MsgId=f"NTFCTN-{number}", CreDtTm=said)
    notification = SubElement(message, "Ntfctn")
    told(notification, Id=f"N{number}", CreDtTm=said)
    account = SubElement(notification, "Acct")
    SubElement(SubElement(account, "Id"), "IBAN").text = IBAN
    told(account, Ccy="ILS")
    _entry(notification, day, one)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _number(row: Any) -> str:
    """The bank's own number of a transfer, in its notice and in the statement."""
    return f"TR{row['number']:08}"


def minor_of(typed: str) -> int:
    """Shekels as somebody typed them, in agorot; refused when they are no sum."""
    try:
        amount = Decimal(latin_digits(typed).strip()).scaleb(2)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 < amount <= TRANSFER_MINOR_MAX:
        raise Refusal(422, "amount_invalid", "The amount must be shekels with at most two decimals, like 20.00.")
    return int(amount)


def _payer(text: str) -> tuple[str, str]:
    return ("Wallet operator", WALLET_IBAN) if " wallet " in text else ("Card acquirer", ACQUIRER_IBAN)


def _entry(statement: Element, day: date, one: Booked) -> None:
    reference, minor, text = one.reference, one.amount_minor, one.text
    entry = SubElement(statement, "Ntry")
    _amount(entry, minor)
    SubElement(SubElement(entry, "Sts"), "Cd").text = "BOOK"
    told(SubElement(entry, "BookgDt"), Dt=day.isoformat())
    told(SubElement(entry, "ValDt"), Dt=day.isoformat())
    told(entry, AcctSvcrRef=reference)
    SubElement(SubElement(SubElement(entry, "BkTxCd"), "Prtry"), "Cd").text = "CREDIT"
    details = SubElement(SubElement(entry, "NtryDtls"), "TxDtls")
    if one.end_to_end:
        told(SubElement(details, "Refs"), EndToEndId=one.end_to_end)
    if reference.startswith("BK") and text.startswith("SETTLEMENT"):
        parties = SubElement(details, "RltdPties")
        _party(parties, minor, *_payer(text))
    elif one.iban:
        _party(SubElement(details, "RltdPties"), minor, one.name, one.iban)
    SubElement(SubElement(details, "RmtInf"), "Ustrd").text = text


def _party(parties: Element, minor: int, name: str, iban: str) -> None:
    side = "Cdtr" if minor < 0 else "Dbtr"
    SubElement(SubElement(SubElement(parties, side), "Pty"), "Nm").text = name
    SubElement(SubElement(SubElement(parties, f"{side}Acct"), "Id"), "IBAN").text = iban


def _amount(parent: Element, minor: int) -> None:
    SubElement(parent, "Amt", Ccy="ILS").text = shekels(abs(minor))
    told(parent, CdtDbtInd="DBIT" if minor < 0 else "CRDT")


def told(parent: Element, **texts: Any) -> None:
    """Elements with their texts, one after another."""
    for name, text in texts.items():
        SubElement(parent, name).text = str(text)


def shekels(minor: int) -> str:
    """As people write them."""
    return str(Decimal(minor).scaleb(-2))
