"""Every address × every kind of visitor × reading and writing: let in, led to sign in, forbidden, or not there. A refusal changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse

from hukumati.domain.identity import api as identity
from tests.security.table import ANY_ROLE, ANYBODY, CITIZENS, ITS_OWNER, Row, rows_of
from tests.security.world import Writes, digest_of, undone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.security.world import World

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "clerk_elsewhere",
    "clerk_of_other_office",
    "supervisor_elsewhere",
    "cashier_elsewhere",
    "service_owner_elsewhere",
)
VISITORS = ("anonymous", "owner", "stranger", *(str(role) for role in identity.Role), *ELSEWHERE)
IN, SIGN_IN, FORBIDDEN, ABSENT, WRONG_METHOD = "let in", "led to sign in", 403, 404, 405
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|[0-9a-f]{16}')


def addresses(resolver=None, namespace="") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        else:
            yield from addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


def verdict_on(row: Row, method: str, visitor: str) -> str | int:
    """What the table says. First who may come near, then by which method, then whose it is."""
    gate = _gate(row, visitor)
    if gate is not IN:
        return gate
    if row.data(method) is None:
        return WRONG_METHOD
    is_missing = visitor in row.elsewhere or (row.rule == ITS_OWNER and visitor == "stranger")
    return ABSENT if is_missing else IN


def _gate(row: Row, visitor: str) -> str | int:
    if row.rule == ANYBODY:
        return IN
    is_citizen = visitor in {"owner", "stranger"}
    if row.rule in {CITIZENS, ITS_OWNER}:
        return IN if is_citizen else SIGN_IN
    if is_citizen or visitor == "anonymous":
        return SIGN_IN
    role = re.sub("_elsewhere|_of_other_office", "", visitor)
    return IN if row.roles == ANY_ROLE or role in row.roles else FORBIDDEN


def is_as_said(response, row: Row, method: str, said: str | int) -> bool:
    to = response.headers.get("Location", "")
    led = response.status_code == 302 and re.match(r"/(desk/)?sign-in/\?next=", to) is not None
    if said is SIGN_IN:
        return led
    if said is IN:
        return response.status_code in row.fine[method] and (not led or row.rule == ANYBODY)
    return response.status_code == said


def test_the_table_knows_every_address(world: World):
    assert {row.name for row in rows_of(world)} == set(addresses())


def test_every_address_means_the_same_in_english(world: World):
    """One view serves both languages, so that the table holds for both."""
    from django.urls import resolve
    from django.utils.translation import override

    for row in rows_of(world):
        here = reverse(row.name, kwargs=row.names)
        with override("en"):
            assert resolve(reverse(row.name, kwargs=row.names)).view_name == row.name
        assert resolve(here).view_name == row.name


@pytest.mark.parametrize("visitor", VISITORS)
def test_who_may_do_what(world: World, visitor: str):
    wrong, writes = [], Writes()
    for row in rows_of(world):
        for method in ("GET", "POST"):
            with undone():
                response = world.ask(visitor, method, reverse(row.name, kwargs=row.names), row.data(method))
                touched = writes.since()
                said = verdict_on(row, method, visitor)
                if not is_as_said(response, row, method, said):
                    wrong.append(f"{method} {row.name} {row.names}: {response.status_code}, not {said}")
                if (
                    touched
                    and (said is not IN or (response.status_code >= 400 and not row.records))
                    and digest_of(touched) != {table: world.digest[table] for table in touched}
                ):
                    wrong.append(f"{method} {row.name}: refused, but wrote to {sorted(touched)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", ["clerk", "cashier_elsewhere"])
def test_what_the_other_cashiers_drawer_asks_changes_nothing(world: World, visitor: str):
    """The drawer in a form is compared with the one that is open: nobody writes into a colleague's."""
    for name, data in (
        ("cashier_take", {"code": world.cash_code, "drawer": world.of["drawer"]}),
        (
            "cashier_pay_out",
            {"refund": world.of["refund"], "code": world.refund_code, "identity": "seen", "drawer": world.of["drawer"]},
        ),
    ):
        writes = Writes()
        world.ask(visitor, "POST", reverse(f"desk:{name}"), data)
        assert writes.since() == set()


# what another's and an unknown reference tell

UNKNOWN = {prefix: f"{prefix}-2026-23456789" for prefix in "ABCDFHJMPQRUVWYZ"}


def bare(response, reference: str) -> tuple[int, str, dict[str, str]]:
    """An answer without what differs by itself: the reference that was asked for, the request's number, tokens."""
    text = response.content.decode().replace(reference, "REFERENCE").replace(response.headers["X-Request-Id"], "TRACE")
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in {"X-Request-Id", "Set-Cookie", "Content-Length"}
    }
    return response.status_code, TOKENS.sub("", text), headers


def test_another_persons_reference_and_an_unknown_one_get_the_same_answer(world: World):
    compared = 0
    for row in rows_of(world):
        if row.rule != ITS_OWNER:
            continue
        key = next(name for name, value in row.names.items() if value[1:2] == "-")
        reference = row.names[key]
        for method in ("GET", "POST"):
            if row.data(method) is None:
                continue
            answers = {
                bare_key: bare(
                    world.ask(
                        "stranger", method, reverse(row.name, kwargs={**row.names, key: asked}), row.data(method)
                    ),
                    asked,
                )
                for bare_key, asked in (
                    ("another's", reference),
                    ("unknown", UNKNOWN[reference[0]]),
                    ("nonsense", "X-NONSENSE"),
                )
            }
            assert answers["another's"] == answers["unknown"] == answers["nonsense"], (method, row.name)
            assert answers["another's"][0] == 404
            compared += 1
    assert compared > 40


@pytest.mark.parametrize(
    ("name", "what", "key"),
    [("application", "ready", "reference"), ("document", "document", "reference"), ("receipt", "receipt", "receipt")],
)
def test_the_work_for_an_answer_tells_nothing_either(world: World, name: str, what: str, key: str):
    """The same statements are spoken to the database for another's and for nobody's: no time tells them apart."""

    def statements(reference: str) -> list[str]:
        with CaptureQueriesContext(connection) as spoken:
            world.ask("stranger", "GET", reverse(f"portal:{name}", kwargs={key: reference}))
        return [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in spoken]

    own = world.of[what]
    statements(own)  # what a process learns once
    assert statements(own) == statements(UNKNOWN[own[0]])


def test_the_session_of_another_cannot_be_ended(world: World):
    from allauth.usersessions.models import UserSession

    theirs = UserSession.objects.get(session_key=world.cookies["owner"]["hukumati_portal"].value)
    for known in (str(theirs.pk), theirs.session_key):
        assert world.ask("stranger", "POST", reverse("portal:end_session"), {"session": known}).status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()
    assert world.ask("owner", "GET", reverse("portal:account")).status_code == 200
