"""What a merchant's program may ask: payments, refunds, settlement."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import Refusal, amount_field, choice_field, parse_object, read_raw, require_bearer, text_field
from sandbox.card_gateway.bank import Bank
from sandbox.card_gateway.store import OPEN_STATES, GatewayStore

CURRENCIES = ("ILS", "JOD", "USD")
METHODS = ("card", "wallet", "terminal")
NO_WALLET_ENDS_WITH = "00"
"""Of the sandbox's telephones those whose owner never opened a wallet."""
# What the acquirer keeps, in hundredths of a percent of a payment; refunds cost nothing.
FEE_BASIS_POINTS = 100
_KEY = re.compile(r"[\x21-\x7e]{1,100}")
_MOBILE = re.compile(r"\+97(0|2)5[69][0-9]{7}")
_TOLD = ("payment_id", "merchant", "reference", "state", "amount_minor", "currency", "created_at", "expires_at")


class MerchantInterface:
    """Routes under /v1."""

    def __init__(
        self,
        bank: Bank,
        *,
        api_key: str,
        notice_hosts: tuple[str, ...],
        tell_wallet: Callable[[str, sqlite3.Row, str], Awaitable[None]],
    ) -> None:
        self.bank, self.store, self.tell_wallet = bank, bank.store, tell_wallet
        self.api_key, self.notice_hosts = api_key, notice_hosts

    def routes(self) -> list[Route]:
        """The interface's addresses."""
        return [
            Route("/v1/payments", self.create, methods=["POST"]),
            Route("/v1/payments", self.list, methods=["GET"]),
            Route("/v1/payments/{payment_id}", self.look_up),
            Route("/v1/payments/{payment_id}/refunds", self.refund, methods=["POST"]),
            Route("/v1/refunds/{refund_id}", self.look_up_refund),
            Route("/v1/settlements/{day}", self.settlement),
        ]

    async def create(self, request: Request) -> Response:
        """A payment to be made on the hosted page."""
        require_bearer(request, self.api_key)
        key = request.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            raise Refusal(400, "idempotency_key_needed", "The header Idempotency-Key is needed.")
        body = parse_object(await read_raw(request))
        mobile = _wallet(body) if body.get("method", "card") == "wallet" else ""
        asked = self._asked(body, by_wallet=bool(mobile))
        digest = hashlib.sha256(json.dumps([asked, mobile], sort_keys=True).encode()).hexdigest()
        payment, new = self.bank.open_payment(asked, key=key, digest=digest, at=moments.now(), mobile=mobile)
        told = {"payment_id": payment["payment_id"], "state": "created", "expires_at": payment["expires_at"]}
        if not mobile:
            told["hosted_url"] = _hosted_url(payment, request)
        elif new:
            await self.tell_wallet(mobile, payment, f"{request.url.scheme}://{request.url.netloc}")
        return JSONResponse(told, status_code=201)

    async def list(self, request: Request) -> Response:
        """Payments of one reference."""
        require_bearer(request, self.api_key)
        reference = request.query_params.get("reference", "")
        if not reference:
            raise Refusal(400, "reference_needed", "Name the reference.")
        return JSONResponse({"payments": [_told(row, request) for row in self.store.list_payments(reference)]})

    async def look_up(self, request: Request) -> Response:
        """The truth about a payment."""
        require_bearer(request, self.api_key)
        payment = self.store.get_payment(request.path_params["payment_id"])
        return JSONResponse(
            _told(payment, request) | {"refunded_minor": self.store.refunded_minor(payment["payment_id"])}
        )

    async def refund(self, request: Request) -> Response:
        """Give back, in part or whole."""
        require_bearer(request, self.api_key)
        body = parse_object(await read_raw(request))
        refund = self.bank.refund(
            request.path_params["payment_id"],
            text_field(body, "refund_reference", length_max=64),
            amount_field(body, "amount_minor"),
            at=moments.now(),
        )
        return JSONResponse(_refund_told(refund), status_code=202)

    async def look_up_refund(self, request: Request) -> Response:
        """The truth about a refund."""
        require_bearer(request, self.api_key)
        return JSONResponse(_refund_told(self.store.get_refund(request.path_params["refund_id"])))

    async def settlement(self, request: Request) -> Response:
        """What moved on a day of Palestine, and what the acquirer keeps of it."""
        require_bearer(request, self.api_key)
        try:
            day = date.fromisoformat(request.path_params["day"])
        except ValueError:
            raise Refusal(422, "day_invalid", "The day must be YYYY-MM-DD.") from None
        first = datetime.combine(day, time(), moments.LOCAL_ZONE)
        last = datetime.combine(day + timedelta(days=1), time(), moments.LOCAL_ZONE)
        method = choice_field({"method": "card"} | dict(request.query_params), "method", METHODS)
        lines = settled_between(self.store, first, last, method=method)
        return JSONResponse({"date": day.isoformat(), "lines": lines, "totals": totals(lines)})

    def _asked(self, body: dict[str, Any], *, by_wallet: bool) -> dict[str, Any]:
        return {
            "merchant": text_field(body, "merchant", length_max=80),
            "reference": text_field(body, "reference", length_max=64),
            "amount_minor": amount_field(body, "amount_minor"),
            "currency": choice_field(body, "currency", CURRENCIES),
            "description": text_field(body, "description", length_max=200),
            "locale": choice_field(body, "locale", ("ar", "en")),
            "return_url": "" if by_wallet else self._address(body, "return_url"),
            "notice_url": self._address(body, "notice_url"),
        }

    def _address(self, body: dict[str, Any], name: str) -> str:
        url = text_field(body, name, length_max=1_000)
        try:
            parts = urlsplit(url)
            parts.port  # noqa: B018 raises when it is not a number
        except ValueError:
            raise Refusal(422, "field_invalid", f"{name} must be an address.", field=name) from None
        written = url.isascii() and url.isprintable() and not set(url) & set(" \"'<>\\;,")
        # Notices never leave this machine unless told to; nor may a test send a payer elsewhere.
        known = parts.scheme in {"http", "https"} and parts.hostname in self.notice_hosts and not parts.username
        if not (written and known):
            raise Refusal(422, "field_invalid", f"{name} must lead to {', '.join(self.notice_hosts)}.", field=name)
        return url


def _wallet(body: dict[str, Any]) -> str:
    mobile = text_field(body, "mobile", length_max=20)
    if not _MOBILE.fullmatch(mobile):
        raise Refusal(422, "field_invalid", "mobile must be a mobile number with its country code.", field="mobile")
    if mobile.endswith(NO_WALLET_ENDS_WITH):
        raise Refusal(422, "wallet_unknown", "No wallet belongs to this number.")
    return mobile


def _hosted_url(payment: sqlite3.Row, request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/pay/{payment['payment_id']}"


def _told(payment: sqlite3.Row, request: Request) -> dict[str, Any]:
    told = {name: payment[name] for name in _TOLD}
    if payment["state"] in OPEN_STATES and payment["return_url"]:
        told["hosted_url"] = _hosted_url(payment, request)
    if payment["state"] == "paid":
        told |= {name: payment[name] for name in ("paid_at", "auth_code")}
        if payment["card_last4"]:
            told["card_last4"] = payment["card_last4"]
    elif payment["reason"]:
        told["reason"] = payment["reason"]
    return told


def _refund_told(refund: sqlite3.Row) -> dict[str, Any]:
    names = ("refund_id", "payment_id", "refund_reference", "amount_minor", "state", "created_at", "settled_at")
    return {name: refund[name] for name in names}


def _payment_line(payment: sqlite3.Row) -> dict[str, Any]:
    line = {name: payment[name] for name in ("payment_id", "reference", "amount_minor", "currency")}
    fee = (payment["amount_minor"] * FEE_BASIS_POINTS + 5_000) // 10_000
    return line | {"kind": "payment", "fee_minor": fee, "at": payment["paid_at"]}


def _refund_line(refund: sqlite3.Row) -> dict[str, Any]:
    names = ("payment_id", "reference", "amount_minor", "currency", "refund_id", "refund_reference")
    line = {name: refund[name] for name in names}
    return line | {"kind": "refund", "fee_minor": 0, "at": refund["settled_at"]}


def _slip_line(slip: sqlite3.Row) -> dict[str, Any]:
    """A terminal's slip: the acquirer knows it by terminal and number, and nothing of whose fee it was."""
    name = f"{slip['terminal']}-{slip['number']}"
    back = slip["amount_minor"] < 0
    minor = abs(slip["amount_minor"])
    line = {"payment_id": name, "reference": name, "amount_minor": minor, "currency": "ILS", "at": slip["at"]}
    if back:
        return line | {"kind": "refund", "fee_minor": 0, "refund_reference": name}
    return line | {"kind": "payment", "fee_minor": (minor * FEE_BASIS_POINTS + 5_000) // 10_000}


def settled_between(store: GatewayStore, first: datetime, last: datetime, *, method: str) -> list[dict[str, Any]]:
    """What moved in a span of time by card or by wallet, line by line."""
    if method == "terminal":
        return [_slip_line(row) for row in store.slips_between(first, last)]
    payments, refunds = store.moved_between(first, last, method=method)
    lines = [_payment_line(row) for row in payments] + [_refund_line(row) for row in refunds]
    return sorted(lines, key=lambda line: (line["at"], line["payment_id"]))


def totals(lines: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Counts and sums by currency, and what the acquirer pays out of them."""
    summed: dict[str, dict[str, int]] = {}
    for line in lines:
        empty = {"count": 0, "payments_minor": 0, "refunds_minor": 0, "fees_minor": 0, "net_minor": 0}
        total = summed.setdefault(line["currency"], empty)
        total["count"] += 1
        total[f"{line['kind']}s_minor"] += line["amount_minor"]
        total["fees_minor"] += line["fee_minor"]
        total["net_minor"] = total["payments_minor"] - total["refunds_minor"] - total["fees_minor"]
    return summed
