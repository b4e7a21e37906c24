"""Registries behind an X-Road (or UXP) security server, by the message protocol for REST."""

from __future__ import annotations

import re
import threading
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import msgspec
import structlog

from hukumati.domain.exchange.facts import RegistryAnswerError, RegistryUnreachableError
from hukumati.domain.exchange.ports import RefusedByRegistryError, RegistryAnswer, UnknownToRegistryError
from hukumati.infra.http import AddressNotAllowedError, Breaker, Client, OutsideUnreachableError
from hukumati.kernel.limits import Limits

if TYPE_CHECKING:
    from hukumati.domain.exchange.ports import IdentityQuestion, RegistryQuestion, RegistryStatement
    from hukumati.infra.http import Response

READS = Limits(connect_seconds=2, total_seconds=6, attempts_max=2, body_bytes_max=128_000)
WRITES = Limits(connect_seconds=2, total_seconds=10, attempts_max=2, body_bytes_max=128_000)
CHECKS = Limits(connect_seconds=1, total_seconds=1.5, attempts_max=1, body_bytes_max=16_000)
CLASS = "GOV"
VERSION = "v1"
NOBODY = "000000000"
OK, NOT_FOUND = 200, 404
REFUSALS = (409, 422)
CLOCKS_APART = timedelta(minutes=5)
DEPTH_MAX, ENTRIES_MAX, LETTERS_MAX = 4, 200, 500
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")

log = structlog.get_logger(__name__)


class _Told(msgspec.Struct):
    as_of: Annotated[datetime, msgspec.Meta(tz=True)]
    attributes: dict[str, Any] | None = None
    national_id: str | None = None


class _Entered(msgspec.Struct):
    """`about` is whom the entry is about, as the registry understood it; `key` is ours, given back."""

    as_of: Annotated[datetime, msgspec.Meta(tz=True)]
    about: str
    key: str
    attributes: dict[str, Any]


class _NotEntered(msgspec.Struct):
    code: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_.]{1,80}$")]


class _Name(msgspec.Struct):
    first: str
    father: str
    grandfather: str
    family: str


class _IdentityTold(msgspec.Struct):
    matches: bool
    as_of: Annotated[datetime, msgspec.Meta(tz=True)]
    name_ar: _Name | None = None
    name_latin: _Name | None = None
    mobile: Annotated[str, msgspec.Meta(pattern=r"^\+\d{9,15}$")] | None = None


# Made before there are threads: msgspec learns a type when it is first used, and two threads that do so at once end the process.
DECODERS: dict[Any, msgspec.json.Decoder[Any]] = {
    shape: msgspec.json.Decoder(shape) for shape in (_Told, _Entered, _NotEntered, _IdentityTold, dict[str, Any])
}


class XRoadRegistry:
    """Speaks for one member (`client`) through its own security server. Each registry has its own breaker."""

    def __init__(self, *, security_server: str, client: str, instance: str) -> None:
        self._security_server, self._client, self._instance = security_server, client, instance
        self._readers: dict[str, Client] = {}
        self._writers: dict[str, Client] = {}
        self._checkers: dict[str, Client] = {}
        self._making = threading.Lock()

    def ask(self, question: RegistryQuestion) -> RegistryAnswer:
        # The number comes along unasked wherever a registry can tell it: an answer about someone else is then noticed.
        attributes = ",".join(dict.fromkeys(("national_id", *question.attributes)))
        params = {**question.parameters, "attributes": attributes}
        response = self._send(question, "GET", f"/{VERSION}/{quote(question.subject, safe='')}", params=params)
        if response.status == NOT_FOUND:
            raise UnknownToRegistryError(question.registry)
        facts, as_of = _facts(response, question)
        return RegistryAnswer(facts, as_of, response.headers.get("x-road-request-id", ""))

    def tell(self, statement: RegistryStatement) -> RegistryAnswer:
        path = f"/{VERSION}/{quote(statement.subject, safe='')}"
        response = self._send(statement, "POST", path, json=dict(statement.facts), key=statement.key)
        if response.status == NOT_FOUND:
            raise UnknownToRegistryError(statement.registry)
        if response.status in REFUSALS:
            refusal = _decoded(response, _NotEntered, registry=statement.registry)
            raise RefusedByRegistryError(statement.registry, refusal.code)
        facts, as_of = _entered(response, statement)
        return RegistryAnswer(facts, as_of, response.headers.get("x-road-request-id", ""))

    def check_identity(self, question: IdentityQuestion) -> RegistryAnswer:
        asked = {
            "national_id": question.national_id,
            "birth_date": question.birth_date.isoformat(),
            "card_issued_on": question.card_issued_on.isoformat(),
        }
        response = self._send(question, "POST", f"/{VERSION}", json=asked)
        told = _decoded(response, _IdentityTold, registry=question.registry)
        if told.matches and not (told.name_ar and told.name_latin and told.mobile):
            raise RegistryAnswerError(question.registry, "a match without the person")
        facts = msgspec.to_builtins(told)
        _plausible(facts, registry=question.registry)
        return RegistryAnswer(
            facts, _moment(told.as_of, registry=question.registry), response.headers.get("x-road-request-id", "")
        )

    def check(self, registry: str, *, service: str) -> bool:
        try:
            response = self._to(registry, self._checkers, CHECKS).request(
                "GET",
                self._path(registry, service, f"/{VERSION}/{NOBODY}"),
                params={"attributes": "national_id"},
                headers={"X-Road-Client": self._client, "X-Road-Issue": "availability-check"},
            )
        except (OutsideUnreachableError, AddressNotAllowedError):
            return False
        return response.status in (OK, NOT_FOUND) and "x-road-error" not in response.headers

    def _send(
        self,
        question: RegistryQuestion | RegistryStatement | IdentityQuestion,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        json: Any = None,
        key: str = "",
    ) -> Response:
        service = getattr(question, "service", "identity-checks")
        lines, limits = (self._writers, WRITES) if key else (self._readers, READS)
        headers = {
            "X-Road-Client": self._client,
            "X-Road-Id": question.reference,
            "X-Road-UserId": question.asker,
            "X-Road-Issue": question.case_reference,
            # A question changes nothing, and a statement is known by its key: both may be repeated when the line broke.
            "Idempotency-Key": key or question.reference,
        }
        try:
            response = self._to(question.registry, lines, limits).request(
                method, self._path(question.registry, service, path), params=params, json=json, headers=headers
            )
        except (OutsideUnreachableError, AddressNotAllowedError) as fault:
            raise RegistryUnreachableError(question.registry, str(fault)) from fault
        log.info(
            "registry_answered",
            registry=question.registry,
            service=service,
            read=question.reference,
            status=response.status,
            request_id=response.headers.get("x-road-request-id", ""),
        )
        understood = (OK, NOT_FOUND, *REFUSALS) if key else (OK, NOT_FOUND)
        if "x-road-error" in response.headers or response.status not in understood:
            raise RegistryAnswerError(
                question.registry, f"status {response.status} {response.headers.get('x-road-error', '')[:80]}"
            )
        if response.headers.get("x-road-id") != question.reference:
            raise RegistryAnswerError(question.registry, "the answer is to another question")
        return response

    def _path(self, registry: str, service: str, path: str) -> str:
        member, subsystem = registry.split("/")
        parts = (self._instance, CLASS, member, subsystem, service)
        return "/r1/" + "/".join(quote(part, safe="") for part in parts) + path

    def _to(self, registry: str, clients: dict[str, Client], limits: Limits) -> Client:
        with self._making:
            if registry not in clients:
                other = (self._readers | self._writers | self._checkers).get(registry)
                breaker = other.breaker if other else Breaker()
                clients[registry] = Client(
                    self._security_server, limits=limits, name=f"registry {registry}", breaker=breaker
                )
            return clients[registry]


class _Tie(msgspec.Struct):
    """A relative, as the civil registry tells of one: whoever offers a choice among them counts on it."""

    national_id: Annotated[str, msgspec.Meta(pattern="^[0-9]{9}$")]
    kind: str
    name_ar: str | dict[str, str | None]
    name_latin: str | dict[str, str | None] | None
    birth_date: date | None = None
    minor: bool | None = None
    alive: bool | None = None


AGREED = {"ties": list[_Tie]}
"""What is more than a word or a number, by the attribute that holds it."""


def _as_agreed(facts: dict[str, Any], *, registry: str) -> None:
    for name in AGREED.keys() & facts.keys():
        try:
            msgspec.convert(facts[name], AGREED[name])
        except msgspec.ValidationError as fault:
            raise RegistryAnswerError(registry, f"{name} has not the agreed shape") from fault


def _facts(response: Response, question: RegistryQuestion) -> tuple[dict[str, Any], datetime]:
    told = _decoded(response, _Told, registry=question.registry)
    everything = (
        told.attributes
        if told.attributes is not None
        else _decoded(response, dict[str, Any], registry=question.registry)
    )
    named = everything.get("national_id", told.national_id)
    if named is not None and named != question.subject:
        raise RegistryAnswerError(question.registry, "the answer is about someone else")
    absent = sorted(set(question.attributes) - set(everything))
    if absent:
        raise RegistryAnswerError(question.registry, f"the answer lacks {', '.join(absent)}")
    facts = {name: everything[name] for name in question.attributes}
    _plausible(facts, registry=question.registry)
    _as_agreed(facts, registry=question.registry)
    return facts, _moment(told.as_of, registry=question.registry)


def _entered(response: Response, statement: RegistryStatement) -> tuple[dict[str, Any], datetime]:
    told = _decoded(response, _Entered, registry=statement.registry)
    if told.about != statement.subject:
        raise RegistryAnswerError(statement.registry, "the entry is about someone else")
    if told.key != statement.key:
        raise RegistryAnswerError(statement.registry, "the entry is another one")
    absent = sorted(set(statement.returns) - set(told.attributes))
    if absent:
        raise RegistryAnswerError(statement.registry, f"the answer lacks {', '.join(absent)}")
    facts = {name: told.attributes[name] for name in statement.returns}
    _plausible(facts, registry=statement.registry)
    return facts, _moment(told.as_of, registry=statement.registry)


def _decoded[Shape](response: Response, shape: type[Shape], *, registry: str) -> Shape:
    try:
        told: Shape = DECODERS[shape].decode(response.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise RegistryAnswerError(registry, "the answer has not the agreed shape") from fault
    return told


def _moment(as_of: datetime, *, registry: str) -> datetime:
    if as_of > datetime.now(UTC) + CLOCKS_APART:
        raise RegistryAnswerError(registry, "the answer comes from the future")
    return as_of.astimezone(UTC)


def _plausible(value: Any, *, registry: str, name: str = "", depth: int = 0) -> None:
    """Small, flat and printable; dates are dates. Nothing else is let in."""
    if isinstance(value, dict | list):
        if depth >= DEPTH_MAX or len(value) > ENTRIES_MAX:
            raise RegistryAnswerError(registry, "the answer is too large")
        pairs = value.items() if isinstance(value, dict) else ((name, item) for item in value)
        for key, item in pairs:
            _plausible(item, registry=registry, name=key, depth=depth + 1)
    elif isinstance(value, str):
        _plausible_text(value, registry=registry, name=name)
    elif not (value is None or isinstance(value, bool | int)):
        raise RegistryAnswerError(registry, "the answer holds a number that is not whole")


def _plausible_text(value: str, *, registry: str, name: str) -> None:
    if len(value) > LETTERS_MAX or UNPRINTABLE.search(value):
        raise RegistryAnswerError(registry, "the answer holds a text that cannot be one")
    if name.endswith("_on") or name == "birth_date":
        try:
            date.fromisoformat(value)
        except ValueError as fault:
            raise RegistryAnswerError(registry, f"{name} is not a date") from fault
