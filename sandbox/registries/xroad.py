"""The X-Road message protocol for REST (PR-REST 1.0.4), as a provider's security server speaks it."""

import base64
import hashlib
import re
import sqlite3
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox import moments
from sandbox.bodies import BODY_BYTES_MAX, Refusal, read_raw

INSTANCE, CLASS = "PS-SANDBOX", "GOV"
METASERVICES = ("listMethods", "allowedMethods", "getOpenAPI")
URI_CHARACTERS_MAX = 2_000
HEADER_CHARACTERS_MAX = 255
LOG_ROWS_MAX = 50_000
LOG_TRIM_EVERY = 1_000
_IDENTIFIER = re.compile(r"[A-Za-z0-9'()+,\-.=?]{1,64}")
_HASHED_HEADERS = ("x-road-client", "x-road-id", "x-road-issue", "x-road-userid", "content-type")

LOG_SCHEMA = """
create table if not exists reads (
    request_id text primary key, at text not null, message_id text not null, client text not null,
    service text not null, method text not null, path text not null, user_id text, issue text, status integer not null
);
"""


@dataclass(frozen=True)
class Call:
    """What a ministry's own system sees of a message."""

    method: str
    path: tuple[str, ...]
    query: dict[str, list[str]]
    body: bytes
    key: str = ""
    """The caller's Idempotency-Key: an X-Road server hands such headers through."""


@dataclass(frozen=True)
class Service:
    """One service of a subsystem."""

    code: str
    endpoints: tuple[tuple[str, str], ...]
    answer: Callable[[Call], tuple[int, Any]]


@dataclass(frozen=True)
class Subsystem:
    """A member's subsystem, with its services."""

    member: str
    code: str
    services: dict[str, Service]

    @property
    def name(self) -> str:
        """member/subsystem"""
        return f"{self.member}/{self.code}"


class ProtocolError(Exception):
    """A fault that the security server itself reports, flagged by the X-Road-Error header."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(kind)
        self.kind, self.message = kind, message


@dataclass(frozen=True)
class Message:
    """A request message after the protocol's checks."""

    client: str
    message_id: str
    request_id: str
    user_id: str | None
    issue: str | None
    subsystem: Subsystem
    service_code: str
    path: tuple[str, ...]

    @property
    def service_id(self) -> str:
        """INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE"""
        return f"{INSTANCE}/{CLASS}/{self.subsystem.name}/{self.service_code}"


class SecurityServer:
    """Checks a message, finds the service, signs for what it answers, logs who read what."""

    def __init__(self, subsystems: list[Subsystem], log: sqlite3.Connection, is_down: Callable[[str], bool]) -> None:
        self.subsystems = {subsystem.name: subsystem for subsystem in subsystems}
        self.members = {subsystem.member for subsystem in subsystems}
        self.access = tomllib.loads((Path(__file__).parent / "access.toml").read_text(encoding="utf-8"))
        self.log, self.is_down = log, is_down

    async def answer(self, request: Request) -> Response:
        """One request message, one response message."""
        request_id = str(uuid4())
        try:
            body = await read_raw(request)
            message = self._read(request, request_id)
            status, content = self._dispatch(message, request, body)
        except Refusal:
            return _error("Client.BadRequest", f"The message is larger than {BODY_BYTES_MAX} bytes.")
        except ProtocolError as fault:
            return _error(fault.kind, fault.message)
        self._write_log(message, request, status)
        response = content if isinstance(content, Response) else JSONResponse(content, status_code=status)
        response.headers.update(_response_headers(message, request, body))
        return response

    def _read(self, request: Request, request_id: str) -> Message:
        raw_path = request.scope["raw_path"].decode("latin-1")
        if len(raw_path) + len(request.url.query) > URI_CHARACTERS_MAX:
            raise ProtocolError("Client.BadRequest", f"The request URI exceeds {URI_CHARACTERS_MAX} characters.")
        parts = [unquote(part) for part in raw_path.removeprefix("/r1/").split("/")]
        if len(parts) < 5 or not all(_IDENTIFIER.fullmatch(part) for part in parts[:5]):
            raise ProtocolError(
                "Client.BadRequest",
                "Error parsing the client's REST request. The request URI must hold "
                "/r1/INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE.",
            )
        if any(part in {".", ".."} or "/" in part for part in parts[5:]):
            raise ProtocolError("Client.BadRequest", "The path of the service is not canonical.")
        instance, member_class, member, subsystem_code, service_code = parts[:5]
        client = self._client(request)
        subsystem = self.subsystems.get(f"{member}/{subsystem_code}")
        if (instance, member_class) != (INSTANCE, CLASS) or member not in self.members or subsystem is None:
            raise ProtocolError(
                "Server.ClientProxy.UnknownMember",
                f"Client '{instance}/{member_class}/{member}/{subsystem_code}' not found",
            )
        return Message(
            client=client,
            message_id=_short_header(request, "X-Road-Id") or str(uuid4()),
            request_id=request_id,
            user_id=_short_header(request, "X-Road-UserId"),
            issue=_short_header(request, "X-Road-Issue"),
            subsystem=subsystem,
            service_code=service_code,
            path=tuple(parts[5:]),
        )

    def _client(self, request: Request) -> str:
        sent = request.headers.getlist("X-Road-Client")
        # The protocol: when several are sent, the last one is the caller.
        parts = [unquote(part) for part in sent[-1].split("/")] if sent else []
        if len(parts) not in {3, 4} or not all(_IDENTIFIER.fullmatch(part) for part in parts):
            raise ProtocolError(
                "Client.BadRequest",
                "Error parsing the client's REST request. The header X-Road-Client must hold "
                "INSTANCE/CLASS/MEMBER/SUBSYSTEM.",
            )
        client = "/".join(parts)
        if client not in self.access:
            raise ProtocolError("Server.ClientProxy.UnknownMember", f"Client '{client}' not found")
        return client

    def _dispatch(self, message: Message, request: Request, body: bytes) -> tuple[int, Any]:
        if message.service_code in METASERVICES:
            return self._metaservice(message)
        service = message.subsystem.services.get(message.service_code)
        if service is None:
            raise ProtocolError("Server.ServerProxy.UnknownService", f"Unknown service: {message.service_id}")
        if message.service_code not in self.access[message.client].get(message.subsystem.name, []):
            raise ProtocolError("Server.ServerProxy.AccessDenied", f"Request is not allowed: {message.service_id}")
        if self.is_down(message.subsystem.member):
            raise ProtocolError(
                "Server.ServerProxy.NetworkError",
                f"Connect to {message.subsystem.name} failed: Connection timed out",
            )
        query = {name: request.query_params.getlist(name) for name in request.query_params}
        try:
            return service.answer(
                Call(request.method, message.path, query, body, request.headers.get("idempotency-key", ""))
            )
        except Refusal as refusal:
            return refusal.status, {"code": refusal.code, "message": refusal.message} | refusal.facts

    def _metaservice(self, message: Message) -> tuple[int, Any]:
        if message.service_code == "getOpenAPI":
            raise ProtocolError("Server.ServerProxy.UnknownService", "These services have no OpenAPI description")
        services = list(message.subsystem.services.values())
        if message.service_code == "allowedMethods":
            allowed = self.access[message.client].get(message.subsystem.name, [])
            services = [service for service in services if service.code in allowed]
        return 200, {"service": [_described(message.subsystem, service) for service in services]}

    def _write_log(self, message: Message, request: Request, status: int) -> None:
        written = self.log.execute(
            "insert into reads values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                message.request_id,
                moments.iso(moments.now()),
                message.message_id,
                message.client,
                message.service_id,
                request.method,
                "/".join(message.path),
                message.user_id,
                message.issue,
                status,
            ),
        )
        if (written.lastrowid or 0) % LOG_TRIM_EVERY == 0:
            self.log.execute("delete from reads where rowid <= (select max(rowid) from reads) - ?", (LOG_ROWS_MAX,))


def request_hash(method: str, target: str, headers: dict[str, str], body: bytes) -> str:
    """Base-64 of SHA512(SHA512(headers)+SHA512(body)), or of SHA512(headers) when there is no body.

    The headers hashed: the request line and the named headers that were sent, sorted, one a line (see README).
    """
    lines = [f"{method} {target}"]
    lines += [f"{name}: {headers[name]}" for name in sorted(_HASHED_HEADERS) if name in headers]
    digest = hashlib.sha512("\r\n".join(lines).encode()).digest()
    if body:
        digest = hashlib.sha512(digest + hashlib.sha512(body).digest()).digest()
    return base64.b64encode(digest).decode()


def _response_headers(message: Message, request: Request, body: bytes) -> dict[str, str]:
    target = request.scope["raw_path"].decode("latin-1")
    if request.url.query:
        target += f"?{request.url.query}"
    headers = {
        "X-Road-Client": message.client,
        "X-Road-Service": message.service_id,
        "X-Road-Id": message.message_id,
        "X-Road-Request-Id": message.request_id,
        "X-Road-Request-Hash": request_hash(request.method, target, dict(request.headers), body),
        "Cache-Control": "no-store",
    }
    optional = {"X-Road-UserId": message.user_id, "X-Road-Issue": message.issue}
    return headers | {name: value for name, value in optional.items() if value is not None}


def _short_header(request: Request, name: str) -> str | None:
    value = request.headers.get(name)
    if value is None:
        return None
    if not value or len(value) > HEADER_CHARACTERS_MAX or not value.isprintable() or not value.isascii():
        raise ProtocolError("Client.BadRequest", f"The header {name} is not acceptable.")
    return value


def _error(kind: str, message: str) -> Response:
    status = 400 if kind.startswith("Client.") else 500
    return JSONResponse(
        {"type": kind, "message": message, "detail": str(uuid4())},
        status_code=status,
        headers={"X-Road-Error": kind, "Content-Type": "application/json;charset=utf-8"},
    )


def _described(subsystem: Subsystem, service: Service) -> dict[str, Any]:
    return {
        "member_class": CLASS,
        "member_code": subsystem.member,
        "object_type": "SERVICE",
        "service_code": service.code,
        "service_type": "REST",
        "subsystem_code": subsystem.code,
        "xroad_instance": INSTANCE,
        "endpoint_list": [{"method": method, "path": path} for method, path in service.endpoints],
    }
