"""How a ministry reads a question and words its answer: the same in all of them."""

import sqlite3
from collections.abc import Callable
from typing import Any

from sandbox import moments
from sandbox.bodies import Refusal, parse_object
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Service, Subsystem

KEY_CHARACTERS_MAX = 255
type Facts = dict[str, Any]


def subsystem(member: str, code: str, *services: Service) -> Subsystem:
    """A member's subsystem, its services by their codes."""
    return Subsystem(member, code, {service.code: service for service in services})


def reading(
    store: Records, registry: str, code: str, facts_of: Callable[[sqlite3.Row, Call], Facts], *, unknown: str = ""
) -> Service:
    """A service that tells about one person: all of it, or only the attributes that were named."""

    def answer(call: Call) -> tuple[int, Any]:
        person = person_asked(store, call, "GET", registry, unknown=unknown)
        return told(call, {"national_id": person["national_id"]} | facts_of(person, call), registry=registry)

    return Service(code, (("GET", "/v1/*"),), answer)


def writing(
    store: Records, member: str, registry: str, code: str, decide: Callable[[sqlite3.Row, Facts], Facts]
) -> Service:
    """A service that is told something about one person, once for each Idempotency-Key.

    It says whom it understood the entry to be about, and gives the key back: the teller notices a mix-up.
    """

    def answer(call: Call) -> tuple[int, Any]:
        person = person_asked(store, call, "POST", registry)
        body = parse_object(call.body)
        if not call.key or len(call.key) > KEY_CHARACTERS_MAX:
            raise Refusal(400, "idempotency_key_needed", "Nothing is written without an Idempotency-Key.")

        def entered() -> Facts:
            about = {"about": person["national_id"], "key": call.key, "as_of": as_of()}
            return about | {"attributes": decide(person, body)}

        service = f"{member}/{registry}/{code}"
        return 200, store.writes.once(call.key, service, person["national_id"], body, entered)

    return Service(code, (("POST", "/v1/*"),), answer)


def as_of() -> str:
    """The moment of an answer."""
    return moments.iso(moments.now())


def only(call: Call, method: str, path: tuple[str, ...]) -> None:
    """Refuses another path or method."""
    if call.path != path:
        raise Refusal(404, "no_such_path", "No such path.")
    if call.method != method:
        raise Refusal(405, "method_not_allowed", f"Only {method}.")


def person_asked(store: Records, call: Call, method: str, registry: str, *, unknown: str = "") -> sqlite3.Row:
    """Whom v1/{national_id} names."""
    if len(call.path) != 2:
        raise Refusal(404, "no_such_path", "The path is v1/{national_id}.")
    only(call, method, ("v1", call.path[1]))
    person = store.find(call.path[1])
    if person is None:
        raise Refusal(404, unknown or f"{registry}.person_not_found", "No person under this number.")
    return person


def told(call: Call, facts: Facts, *, registry: str) -> tuple[int, Any]:
    """A small answer: whole, or only the attributes that were named."""
    return 200, {"as_of": as_of()} | (only_asked(call, facts, registry=registry) if asked(call) else facts)


def asked(call: Call) -> list[str]:
    """The attributes that were named."""
    return [name for part in call.query.get("attributes", []) for name in part.split(",") if name]


def only_asked(call: Call, known: Facts, *, registry: str) -> Facts:
    """Nothing but what was named."""
    names = asked(call)
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise Refusal(400, f"{registry}.unknown_attribute", "Unknown attribute.", attributes=unknown)
    return {name: known[name] for name in names}


def parameter(call: Call, name: str) -> str:
    """A query parameter, empty when it was not sent."""
    return call.query.get(name, [""])[-1].strip()
