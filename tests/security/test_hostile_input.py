"""Whatever is sent, to whichever page: an answer with the right status, nothing reflected bare, never a fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hukumati.domain.identity.tests.builders import PASSWORD
from tests.security.corpus import BREAKS_OUT, CORPUS
from tests.security.world import undone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.security.world import World

pytestmark = pytest.mark.django_db
ANSWERS = {200, 302, 303, 400, 401, 404, 405, 409, 413, 422, 429, 503}
DATE = ("birth_date_day", "birth_date_month", "birth_date_year")
CARD = ("national_id", *DATE, "card_issued_on_day", "card_issued_on_month", "card_issued_on_year", "next")


@dataclass(frozen=True)
class Asked:
    """A page that takes something typed, and the fields it takes, with answers that it would accept."""

    who: str
    method: str
    name: str
    fields: dict[str, str]
    names: dict[str, str] | None = None

    def address(self) -> str:
        return reverse(self.name, kwargs=self.names)


def _asked(who: str, method: str, name: str, *fields: str, names: dict[str, str] | None = None, **right: str) -> Asked:
    return Asked(who, method, name, {**dict.fromkeys(fields, "x"), **right}, names)


def pages(world: World) -> Iterator[Asked]:
    yield from _public()
    yield from _citizens(world)
    yield from _employees(world)


def _public() -> Iterator[Asked]:
    yield _asked("anonymous", "GET", "portal:search", "q")
    yield _asked("anonymous", "GET", "portal:search_suggestions", "q")
    yield _asked("anonymous", "GET", "portal:services", "institution", "page", online="1")
    yield _asked(
        "anonymous", "GET", "portal:service", "copies", names={"service_id": "interior.birth_certificate_copy"}
    )
    yield _asked("anonymous", "POST", "portal:verify", "code")
    yield _asked("anonymous", "POST", "portal:verify", "file", way="file")
    yield _asked("anonymous", "POST", "portal:sign_up", *CARD)
    yield _asked("anonymous", "POST", "portal:reset_password", *CARD)
    yield _asked("anonymous", "POST", "portal:sign_in", "national_id", "next", password=PASSWORD)
    yield _asked("anonymous", "GET", "portal:sign_in", "next")
    yield _asked("anonymous", "POST", "portal:sign_in_with_passkey", "credential", "next")
    yield _asked("anonymous", "POST", "desk:sign_in", "login", "next", password=PASSWORD)
    yield _asked("anonymous", "POST", "desk:sign_in_with_passkey", "credential", "next")
    yield _asked("anonymous", "POST", "ui:scheme", "next", scheme="dark")


def _citizens(world: World) -> Iterator[Asked]:
    draft, returned = {"reference": world.of["draft"]}, {"reference": world.of["returned"]}
    yield _asked("owner", "POST", "portal:whom", "subject", names=draft)
    yield _asked(
        "owner", "POST", "portal:questions", names={**draft, "page_id": "certificate"}, language="ar", copies="1"
    )
    yield _asked(
        "owner",
        "POST",
        "portal:questions",
        names={**draft, "page_id": "receiving"},
        pick_up="counter",
        office="interior-ramallah",
    )
    yield _asked("owner", "POST", "portal:send", "revision", names=draft)
    yield _asked("owner", "POST", "portal:send", "note", names=returned)
    yield _asked("owner", "POST", "portal:pay", "way", names={"charge": world.of["charge"]})
    yield _asked("owner", "POST", "portal:account_language", "language")
    yield _asked("owner", "POST", "portal:email", "email")
    yield _asked("owner", "POST", "portal:password", "password", present=PASSWORD)
    yield _asked("owner", "POST", "portal:confirm", "password", "next")
    yield _asked("owner", "POST", "portal:end_session", "session")
    yield _asked("owner", "POST", "portal:remove_passkey", "passkey")
    yield _asked("owner", "POST", "portal:passkeys", "name", "credential")
    yield _asked("owner", "GET", "portal:inbox", "before")
    yield _asked("owner", "GET", "portal:reads", "before")


def _employees(world: World) -> Iterator[Asked]:
    taken, copy = {"reference": world.of["taken"]}, {"reference": world.of["pick_up"]}
    yield _asked("clerk", "GET", "desk:queue", "page")
    yield _asked("clerk", "POST", "desk:accept", "supply.record.mother_name_latin", "supply.x", names=taken)
    yield _asked("clerk", "POST", "desk:refuse", "reason", names=taken)
    yield _asked("clerk", "POST", "desk:return_for_correction", "reason", names=taken)
    yield _asked("clerk", "GET", "desk:hand_over", "q")
    for name in ("hand_over_one", "hand_over_print", "hand_over_confirm"):
        yield _asked("clerk", "POST", f"desk:{name}", "code", names=copy, identity="seen")
    yield _asked("clerk", "POST", "desk:security", "name", "credential")
    yield _asked("clerk", "POST", "desk:password", "password", present=PASSWORD)
    yield _asked("supervisor", "GET", "desk:documents", "q")
    yield _asked("supervisor", "POST", "desk:document", "reason", names={"reference": world.of["document"]}, sure="on")
    yield _asked("cashier", "GET", "desk:cashier_confirm", "code")
    yield _asked("cashier", "POST", "desk:cashier_take", "code", drawer=world.of["drawer"])
    yield _asked("cashier", "GET", "desk:cashier_refund", "reference")
    yield _asked(
        "cashier", "POST", "desk:cashier_pay_out", "refund", "code", identity="seen", drawer=world.of["drawer"]
    )
    yield _asked(
        "cashier",
        "POST",
        "desk:cashier_pay_out",
        "code",
        "identity",
        refund=world.of["refund"],
        drawer=world.of["drawer"],
    )
    yield _asked("cashier", "POST", "desk:cashier_close", "counted")
    yield _asked("cashier_elsewhere", "POST", "desk:cashier_open", "floated")


def problem_with(world: World, asked: Asked, data: dict[str, Any]) -> str:
    with undone():
        response = world.ask(asked.who, asked.method, asked.address(), data)
        body = b"".join(response) if response.streaming else response.content
    where = f"{asked.method} {asked.name} {str(data)[:160]!r}"
    if response.status_code not in ANSWERS:
        return f"{response.status_code} {where}"
    if BREAKS_OUT.encode() in body:
        return f"reflected bare: {where}"
    if "evil.example" in response.headers.get("Location", "") and not response.headers["Location"].startswith("/"):
        return f"led away: {where}"
    if response.headers.get("Location", "").startswith(("//", "/\\")):
        return f"led away: {where}"
    return ""


@pytest.mark.parametrize("part", ["_public", "_citizens", "_employees"])
def test_hostile_answers_in_every_field(world: World, part: str):
    """Each value in all fields at once, and in each field alone beside right answers."""
    wrong = []
    for asked in pages(world):
        if asked not in list(
            {"_public": _public, "_citizens": lambda: _citizens(world), "_employees": lambda: _employees(world)}[part]()
        ):
            continue
        for value in CORPUS:
            wrong += [problem_with(world, asked, dict.fromkeys(asked.fields, value))]
        if len(asked.fields) > 1:
            for name in asked.fields:
                for value in ("\x00", "9" * 5_000, "\U0010ffff", f'"><script>{BREAKS_OUT}'):
                    wrong += [problem_with(world, asked, {**asked.fields, name: value})]
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_missing_doubled_nested_and_unknown_fields(world: World):
    wrong = []
    for asked in pages(world):
        for data in (
            {},
            {name: [value, "2", ""] for name, value in asked.fields.items()},
            {f"{name}[]": value for name, value in asked.fields.items()},
            {f"{name}[a][b]": value for name, value in asked.fields.items()},
            {**asked.fields, "is_staff": "1", "role": "operator", "state": "paid", "__class__": "x"},
        ):
            wrong += [problem_with(world, asked, data)]
    assert not any(wrong), "\n".join(filter(None, wrong))


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_anything_at_all(world: World, data: st.DataObject):
    asked = data.draw(st.sampled_from(list(pages(world))))
    typed = {name: data.draw(st.text(max_size=60)) for name in asked.fields}
    typed = {name: value.encode("utf-8", "replace").decode() for name, value in typed.items()}
    assert not problem_with(world, asked, typed)


def test_a_refused_form_keeps_what_was_typed(world: World):
    typed = "كلمة & <أخرى>"
    escaped = "كلمة &amp; &lt;أخرى&gt;"
    for asked in (
        _asked("anonymous", "POST", "portal:verify", code=typed),
        _asked("anonymous", "POST", "portal:sign_in", national_id=typed),
        _asked("anonymous", "POST", "desk:sign_in", login=typed),
        _asked("owner", "POST", "portal:email", email=typed),
        _asked(
            "owner",
            "POST",
            "portal:questions",
            names={"reference": world.of["draft"], "page_id": "certificate"},
            copies=typed,
        ),
        _asked("supervisor", "POST", "desk:document", reason=typed, names={"reference": world.of["document"]}),
        _asked("cashier", "POST", "desk:cashier_close", counted=typed),
    ):
        with undone():
            response = world.ask(asked.who, "POST", asked.address(), asked.fields)
        assert response.status_code == 422, asked
        assert escaped in response.content.decode(), asked
