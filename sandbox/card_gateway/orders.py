"""What the State's bank does by machine: takes orders (pain.001), answers with pain.002, books them, and keeps a mailbox of its files.

An account whose IBAN ends with 99 is closed: the line is refused. One that ends with 98 sends the money back.
"""

import hashlib
import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import Refusal, read_raw, require_bearer
from sandbox.card_gateway.statements import FIRST_DAYS, IBAN, Booked, Statements, notice_of, told
from sandbox.card_gateway.store import GatewayStore

PAIN_001 = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
PAIN_002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CLOSED_ENDS_WITH, RETURNS_ENDS_WITH = "99", "98"
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{1,35}")
LISTED_MAX = 100


class Orders:
    """Routes under /v1/bank."""

    def __init__(self, store: GatewayStore, statements: Statements, *, api_key: str) -> None:
        self.store, self.statements, self.api_key = store, statements, api_key

    def routes(self) -> list[Route]:
        """The bank's addresses for machines."""
        return [
            Route("/v1/bank/orders/{message_id}", self.order, methods=["PUT"]),
            Route("/v1/bank/files", self.files),
            Route("/v1/bank/files/{place}", self.file),
        ]

    async def order(self, request: Request) -> Response:
        """Take an order, once: the same again is known, another under its id is refused."""
        require_bearer(request, self.api_key)
        message_id = request.path_params["message_id"]
        body = await read_raw(request)
        digest = hashlib.sha256(body).hexdigest()
        known = self.store.find_order(message_id)
        if known is not None:
            if known["digest"] != digest:
                raise Refusal(409, "order_known", "This id was used for another order.")
            return JSONResponse({"state": "known"})
        lines = _read(message_id, body)
        now = moments.now()
        with self.store.transaction():
            self.store.add_order(message_id, digest, at=now)
            for line in lines:
                self._book(message_id, line, at=now)
            self.store.add_mail(f"status-{message_id}", f"status-{message_id}.xml", _status(message_id, lines, at=now))
        return JSONResponse({"state": "taken"}, status_code=201)

    def _book(self, message_id: str, line: dict[str, Any], *, at: datetime) -> None:
        if line["iban"].endswith(CLOSED_ENDS_WITH):
            return
        moves = [-line["amount_minor"]]
        if line["iban"].endswith(RETURNS_ENDS_WITH):
            moves.append(line["amount_minor"])
        for minor in moves:
            number = self.store.add_move(
                {**line, "message_id": message_id, "amount_minor": minor, "at": moments.iso(at)}
            )
            move = Booked(f"PO{number:08}", minor, line["text"], line["reference"], line["name"], line["iban"])
            self.store.add_mail(f"move-{number}", f"notice-po-{number}.xml", notice_of(move, f"P{number:08}", at=at))

    async def files(self, request: Request) -> Response:
        """What is in the mailbox after a place."""
        require_bearer(request, self.api_key)
        self._write_statements()
        after, limit = (_number(request.query_params.get(name, "")) for name in ("after", "limit"))
        rows = self.store.list_mail(after, min(limit or LISTED_MAX, LISTED_MAX))
        return JSONResponse({"files": [{"place": row["place"], "name": row["name"]} for row in rows]})

    async def file(self, request: Request) -> Response:
        """One file."""
        require_bearer(request, self.api_key)
        body = self.store.find_mail(_number(request.path_params["place"]))
        if body is None:
            raise Refusal(404, "file_unknown", "No such file.")
        return Response(body, media_type="application/xml")

    def _write_statements(self) -> None:
        """Statements of the days that ended since the last one, and notices of transfers that came in."""
        today = moments.today()
        for day in (today - timedelta(days=days) for days in range(FIRST_DAYS, 0, -1)):
            if not self.store.has_mail(f"statement-{day}") and self.statements.has_moved(day):
                body = self.statements.statement_of(day)
                self.store.add_mail(f"statement-{day}", f"statement-{day}.xml", body)
        for row in self.store.transfers_without_mail():
            self.store.add_mail(
                f"transfer-{row['number']}", f"notice-{row['number']}.xml", self.statements.notice_of_transfer(row)
            )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _read(message_id: str, body: bytes) -> list[dict[str, Any]]:
    """The lines of an order; refused when it is none, is not ours, or does not add up."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Refusal(422, "order_unreadable", "The order is no XML.") from None
    if root.tag != f"{PAIN_001}Document" or not MESSAGE_ID.fullmatch(message_id):
        raise Refusal(422, "order_unreadable", "The order is no pain.001.001.09.")
    said = {
        "id": _text(root, "CstmrCdtTrfInitn/GrpHdr/MsgId"),
        "from": _text(root, "CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/IBAN"),
    }
    if said != {"id": message_id, "from": IBAN}:
        raise Refusal(422, "order_not_yours", "Message id or account differ.")
    lines = [_line(one) for one in root.findall(_path("CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"))]
    count = _text(root, "CstmrCdtTrfInitn/GrpHdr/NbOfTxs")
    total = _minor(_text(root, "CstmrCdtTrfInitn/GrpHdr/CtrlSum"))
    if not lines or count != str(len(lines)) or total != sum(line["amount_minor"] for line in lines):
        raise Refusal(422, "order_does_not_add_up", "Number or sum of the lines differ.")
    return lines


def _line(one: Element) -> dict[str, Any]:
    amount = one.find(_path("Amt/InstdAmt"))
    if amount is None or amount.get("Ccy") != "ILS":
        raise Refusal(422, "order_currency", "Only ILS is paid out of this account.")
    return {
        "reference": _text(one, "PmtId/EndToEndId"),
        "name": _text(one, "Cdtr/Nm"),
        "iban": _text(one, "CdtrAcct/Id/IBAN"),
        "amount_minor": _minor(amount.text or ""),
        "text": _text(one, "RmtInf/Ustrd"),
    }


def _path(path: str) -> str:
    return "/".join(f"{PAIN_001}{part}" for part in path.split("/"))


def _text(element: Element, path: str) -> str:
    return (element.findtext(_path(path)) or "").strip()


def _minor(text: str) -> int:
    try:
        amount = Decimal(text).scaleb(2)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or amount != amount.to_integral_value() or amount <= 0:
        raise Refusal(422, "amount_invalid", "An amount is no sum in shekels.")
    return int(amount)


def _status(message_id: str, lines: list[dict[str, Any]], *, at: datetime) -> bytes:
    """The bank's word on an order: accepted, but for lines to closed accounts."""
    closed = [line for line in lines if line["iban"].endswith(CLOSED_ENDS_WITH)]
    root = Element("Document", xmlns=PAIN_002)
    report = SubElement(root, "CstmrPmtStsRpt")
    told(SubElement(report, "GrpHdr"), MsgId=f"STS-{message_id}", CreDtTm=moments.iso(at))
    whole = "RJCT" if len(closed) == len(lines) else "PART" if closed else "ACSC"
    group = SubElement(report, "OrgnlGrpInfAndSts")
    told(group, OrgnlMsgId=message_id, OrgnlMsgNmId="pain.001.001.09", GrpSts=whole)
    batch = SubElement(report, "OrgnlPmtInfAndSts")
    told(batch, OrgnlPmtInfId=message_id)
    for line in lines:
        word = SubElement(batch, "TxInfAndSts")
        told(word, OrgnlEndToEndId=line["reference"], TxSts="RJCT" if line in closed else "ACSC")
        if line in closed:
            reason = SubElement(word, "StsRsnInf")
            told(SubElement(reason, "Rsn"), Cd="AC04")
            told(reason, AddtlInf="Closed account")
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
