"""A server that keeps to Adyen's published contract, for tests: each request is checked against its operation, and so is each answer."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import re
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from hukumati.adapters.payment_adyen import AdyenCheckout

CONTRACT = json.loads((Path(__file__).parent / "ports/contracts/adyen_checkout_v71.json").read_text())
API_KEY = "tests-adyen-api-key"
NOTICE_KEY = "A0" * 32
MERCHANT = "HukumatiECOM"
KEY_CHARACTERS_MAX = 64


class BrokenContractError(AssertionError):
    """What was sent is not what the contract describes."""


def faults_in(body: Any, schema: dict[str, Any]) -> list[str]:
    whole = schema | {"components": CONTRACT["components"]}
    return [
        fault.message for fault in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(body)
    ]


def operation(method: str, path: str) -> tuple[dict[str, Any], str]:
    """The operation of the contract that a request is for, and the value in its path."""
    for template, methods in CONTRACT["paths"].items():
        found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", template), path)
        if found and method.lower() in methods:
            return methods[method.lower()], "".join(found.groups())
    raise BrokenContractError(f"no operation {method} {path}")


class Adyen:
    """What the server knows. Whoever pays, and Adyen's own later word, are played by the methods below."""

    def __init__(self) -> None:
        self.links: dict[str, dict[str, Any]] = {}
        self.kept: dict[str, tuple[int, dict[str, Any]]] = {}
        self.captures: dict[str, str] = {}
        self.refunds: list[dict[str, Any]] = []
        self.broken: list[str] = []
        self.lose_answers = False
        self.answer_with: tuple[int, dict[str, Any], dict[str, str]] | None = None
        self.numbers = itertools.count(1)
        self.url = ""

    def adapter(self, **options: str) -> AdyenCheckout:
        known = {"base_url": f"{self.url}/v71", "api_key": API_KEY, "notice_key": NOTICE_KEY, "merchant": MERCHANT}
        return AdyenCheckout(**known | options)

    def answer(self, method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, dict[str, Any]]:
        try:
            about, identifier = operation(method, path)
            self._check(about, headers, body)
        except BrokenContractError as broken:
            self.broken.append(str(broken))
            return 422, self._error(422, "702", str(broken))
        if headers.get("x-api-key") != API_KEY:
            return 401, self._error(401, "000", "HTTP Status Response - Unauthorized", "security")
        key = headers.get("idempotency-key", "")
        if key in self.kept:
            return self.kept[key]
        status, said = self._act(about["operationId"], identifier, body)
        self.check_answer(about, status, said)
        if key:
            self.kept[key] = (status, said)
        return status, said

    def _check(self, about: dict[str, Any], headers: dict[str, str], body: Any) -> None:
        if "requestBody" in about:
            if headers.get("content-type") != "application/json":
                raise BrokenContractError("not sent as JSON")
            faults = faults_in(body, about["requestBody"]["content"]["application/json"]["schema"])
            if faults:
                raise BrokenContractError(f"{about['operationId']}: {faults}")
            if len(body.get("description", "")) > 280 or not 0 < len(headers["idempotency-key"]) <= KEY_CHARACTERS_MAX:
                raise BrokenContractError("longer than the contract's words allow, or no idempotency key")
        elif body is not None:
            raise BrokenContractError("a body where there is none")

    def check_answer(self, about: dict[str, Any], status: int, said: dict[str, Any]) -> None:
        faults = faults_in(said, about["responses"][str(status)]["content"]["application/json"]["schema"])
        if faults:
            self.broken.append(f"our own answer {status}: {faults}")

    def _act(self, name: str, identifier: str, body: Any) -> tuple[int, dict[str, Any]]:
        if name == "post-paymentLinks":
            return 201, self._make_link(body)
        if body and body["merchantAccount"] != MERCHANT:
            return 403, self._error(403, "901", "Invalid Merchant Account", "security")
        if name == "get-paymentLinks-linkId":
            link = self.links.get(identifier)
            return (200, dict(link)) if link else (422, self._error(422, "100", "no such link"))
        return self._take_refund(identifier, body)

    def _make_link(self, asked: dict[str, Any]) -> dict[str, Any]:
        link_id = f"PL{next(self.numbers):016X}"
        life = {"expiresAt": (datetime.now(UTC) + timedelta(hours=24)).isoformat()}
        self.links[link_id] = life | asked | {"id": link_id, "status": "active", "url": f"{self.url}/page/{link_id}"}
        return dict(self.links[link_id])

    def _take_refund(self, payment: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if payment not in self.captures:
            return 422, self._error(422, "167", "Original pspReference required for this operation")
        psp_reference = self._psp_reference()
        self.refunds.append(asked | {"pspReference": psp_reference, "payment": payment})
        return 201, asked | {"paymentPspReference": payment, "pspReference": psp_reference, "status": "received"}

    def _psp_reference(self) -> str:
        return f"PSP{next(self.numbers):013d}"

    def _error(self, status: int, code: str, message: str, kind: str = "validation") -> dict[str, Any]:
        return {"status": status, "errorCode": code, "message": message, "errorType": kind}

    def pay(self, link_id: str) -> bytes:
        """The payer's card is taken. The notice that Adyen sends of it."""
        link = self.links[link_id]
        link |= {"status": "completed", "updatedAt": datetime.now(UTC).isoformat(timespec="seconds")}
        psp_reference = self._psp_reference()
        self.captures[psp_reference] = link_id
        return notice(
            pspReference=psp_reference, merchantReference=link["reference"], amount=link["amount"], link=link_id
        )

    def decline(self, link_id: str) -> bytes:
        """A card is refused; the link stays, for another card."""
        link = self.links[link_id]
        return notice(
            pspReference=self._psp_reference(),
            merchantReference=link["reference"],
            amount=link["amount"],
            success="false",
            link=link_id,
        )

    def capture_of(self, link_id: str) -> str:
        return next((psp for psp, link in self.captures.items() if link == link_id), "")

    def end_refund(self, **how: Any) -> bytes:
        """The notice of how the last refund ended."""
        taken = self.refunds[-1]
        told = {
            "eventCode": "REFUND",
            "pspReference": taken["pspReference"],
            "originalReference": taken["payment"],
            "merchantReference": taken["reference"],
            "amount": taken["amount"],
        }
        return notice(**told | how)


def signature(item: dict[str, Any], key: str = NOTICE_KEY) -> str:
    amount = item["amount"]
    parts = [
        item["pspReference"],
        item["originalReference"],
        item["merchantAccountCode"],
        item["merchantReference"],
        amount["value"],
        amount["currency"],
        item["eventCode"],
        item["success"],
    ]
    mark = hmac.new(bytes.fromhex(key), ":".join(map(str, parts)).encode(), hashlib.sha256).digest()
    return base64.b64encode(mark).decode()


def an_item(*, key: str = NOTICE_KEY, link: str = "", **changes: Any) -> dict[str, Any]:
    item = {
        "eventCode": "AUTHORISATION",
        "success": "true",
        "eventDate": "2026-11-27T10:00:00+02:00",
        "pspReference": "PSP0000000000001",
        "originalReference": "",
        "merchantAccountCode": MERCHANT,
        "merchantReference": "T-1",
        "amount": {"value": 2500, "currency": "ILS"},
    } | changes
    more = {"hmacSignature": signature(item, key)}
    return item | {"additionalData": more | ({"paymentLinkId": link} if link else {})}


def body_of(*items: dict[str, Any]) -> bytes:
    told = {"live": "false", "notificationItems": [{"NotificationRequestItem": item} for item in items]}
    return json.dumps(told).encode()


def notice(**changes: Any) -> bytes:
    return body_of(an_item(**changes))


class _Handler(BaseHTTPRequestHandler):
    adyen: Adyen

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Tests are silent."""

    def _serve(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/page/"):
            self._send(200 if path.removeprefix("/page/") in self.adyen.links else 404, {}, {})
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        sent = self.rfile.read(int(headers.get("content-length", 0)))
        body = json.loads(sent) if sent else None
        status, said = self.adyen.answer(self.command, path.removeprefix("/v71"), headers, body)
        if self.adyen.lose_answers:
            self.close_connection = True
            return
        self._send(*(self.adyen.answer_with or (status, said, {})))

    def _send(self, status: int, said: dict[str, Any], headers: dict[str, str]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in (headers | {"content-length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving():
    adyen = Adyen()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"adyen": adyen}))
    server.daemon_threads = True
    adyen.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield adyen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def adyen():
    """A server on a free port; a request or an answer beside the contract fails the test."""
    with serving() as made:
        yield made
    assert made.broken == []
