"""What stays behind after people have used everything: headers that keep pages out of caches, logs and addresses without anybody's data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import structlog
from django.http import HttpResponse
from django.urls import reverse

from hukumati.domain.payments import api as payments
from hukumati.infra.logs import configure
from tests.security.table import ANYBODY, rows_of
from tests.security.world import undone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponseBase

    from tests.security.world import World

pytestmark = pytest.mark.django_db
OWN_POLICIES = {
    "portal:document_pdf",
    "portal:receipt_pdf",
    "desk:hand_over_print",
}  # a file of ours, in a sandbox of its own


def answers_of(world: World, *visitors: str) -> Iterator[tuple[str, str, bool, HttpResponse]]:
    for row in rows_of(world):
        for method in ("GET", "POST"):
            for visitor in visitors:
                with undone():
                    response = world.ask(visitor, method, reverse(row.name, kwargs=row.names), row.data(method))
                    yield f"{method} {row.name}", visitor, row.rule == ANYBODY, _whole(response)


def _whole(response: HttpResponseBase) -> HttpResponse:
    """What is sent piece by piece, in one."""
    if not response.streaming:
        return response
    whole = HttpResponse(b"".join(response), status=response.status_code, headers=dict(response.headers))
    whole.cookies = response.cookies
    return whole


def test_every_answer_carries_the_policies_and_private_ones_are_kept_by_no_cache(world: World):
    wrong = []
    for what, visitor, is_public, response in answers_of(world, "owner", "supervisor", "cashier"):
        policy = response.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or ("unsafe" in policy and what.split()[1] not in OWN_POLICIES):
            wrong.append(f"{what}: policy {policy!r}")
        if response.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{what}: may be sniffed")
        if (
            not is_public
            and response.status_code == 200
            and "no-store" not in response.headers.get("Cache-Control", "")
        ):
            wrong.append(f"{what} {visitor}: may be kept, {response.headers.get('Cache-Control')}")
        for cookie in response.cookies.values():
            if cookie.value and not (cookie["httponly"] and cookie["samesite"] == "Lax"):
                wrong += [f"{what}: cookie {cookie.OutputString()}"]
    assert not wrong, "\n".join(wrong)


def test_a_public_page_that_shows_who_is_signed_in_is_not_shared(world: World):
    for row in rows_of(world):
        if row.rule != ANYBODY or row.get is None or row.name.startswith(("api:", "ui:", "open_data:")):
            continue
        with undone():
            response = world.ask("owner", "GET", reverse(row.name, kwargs=row.names))
        kept = response.headers.get("Cache-Control", "")
        assert "public" not in kept, row.name
        assert "no-store" in kept or "Cookie" in response.headers.get("Vary", ""), row.name


def personal(world: World) -> list[str]:
    owner = world.owner
    return [owner.national_id.digits, owner.mobile.removeprefix("+97"), owner.name.ar, owner.name.family_ar]


def test_no_log_and_no_address_carries_anybodys_data(world: World, capsys: pytest.CaptureFixture[str]):
    """All pages, as their people, and the forms that hold an ID number; then the lines and the addresses are searched."""
    configure.configure({"shape": "json", "level": "DEBUG"})
    try:
        addresses = [
            response.headers.get("Location", "") for *_, response in answers_of(world, "owner", "clerk", "cashier")
        ]
        with undone():
            world.ask(
                "anonymous",
                "POST",
                "/sign-in/",
                {"national_id": world.owner.national_id.digits, "password": "not-the-password"},
            )
            world.ask("anonymous", "GET", f"/search/?q={world.owner.national_id.digits}")
            world.ask("anonymous", "GET", f"/applications/{world.owner.national_id.digits}/")
        structlog.get_logger("hukumati.request").info("the_last_line")
    finally:
        configure.configure({"shape": "lines", "level": "WARNING"})
    said = capsys.readouterr()
    lines = said.out + said.err
    assert "the_last_line" in lines
    assert lines.count('"request"') > 100
    for datum in [*personal(world), "not-the-password"]:
        assert datum not in lines, datum
        assert not [address for address in addresses if datum in address], datum
    assert world.cash_code not in lines
    assert world.pick_up_code not in lines
    assert world.refund_code not in lines


def test_no_page_shows_a_whole_id_number_but_where_a_case_needs_it(world: World):
    """Numbers are masked everywhere; whoever decides a case or holds a card in hand compares the last four digits."""
    digits = world.owner.national_id.digits
    showing = set()
    for what, visitor, _is_public, response in answers_of(world, "owner", "clerk", "supervisor", "cashier"):
        if re.search(rf"(?<!\d){digits}(?!\d)", response.content.decode("utf-8", "replace")):
            showing.add((what, visitor))
    assert showing <= {("GET desk:application", "clerk"), ("GET desk:application", "supervisor")}, showing


def test_guessing_verification_codes_is_stopped(world: World):
    statuses = [world.ask("anonymous", "GET", f"/verify/{number:020d}/").status_code for number in range(80)]
    assert set(statuses) <= {404, 429}
    assert statuses[-1] == 429


def test_guessing_a_pick_up_code_ends_it(world: World):
    address = reverse("desk:hand_over_one", args=[world.of["pick_up"]])
    for number in range(5):
        assert (
            world.ask(
                "clerk", "POST", address, {"code": f"{(int(world.pick_up_code) + 1 + number) % 1_000_000:06}"}
            ).status_code
            == 422
        )
    assert world.ask("clerk", "POST", address, {"code": world.pick_up_code}).status_code == 422


def test_guessing_a_refund_code_ends_it_and_pays_nothing_out(world: World):
    data = {"refund": world.of["refund"], "drawer": world.of["drawer"], "identity": "seen"}
    wrong = [f"{(int(world.refund_code) + 1 + number) % 1_000_000:06}" for number in range(5)]
    for code in [*wrong, world.refund_code]:
        assert world.ask("cashier", "POST", reverse("desk:cashier_pay_out"), {**data, "code": code}).status_code == 422
    assert payments.get_refund(world.of["refund"]).state == "promised"


def test_a_wrong_cash_code_tells_a_cashier_nothing(world: World):
    """Unknown codes look the same whatever they resemble; no payer's name is shown."""
    for number in range(30):
        code = f"{(int(world.cash_code) + 1 + number) % 10 ** len(world.cash_code):0{len(world.cash_code)}}"
        response = world.ask("cashier", "GET", reverse("desk:cashier_confirm"), {"code": code})
        assert response.status_code == 422
        assert world.owner.name.family_ar not in response.content.decode()


def test_a_revoked_session_is_dead_at_once_and_a_password_change_ends_the_others(world: World):
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session
    from django.test import Client

    from hukumati.domain.identity.tests.builders import PASSWORD, sign_in

    phone = sign_in(Client(), world.owner)
    key = phone.cookies["hukumati_portal"].value
    assert phone.get("/account/").status_code == 200
    known = UserSession.objects.get(session_key=key).pk
    assert world.ask("owner", "POST", reverse("portal:end_session"), {"session": str(known)}).status_code == 302
    assert phone.get("/account/").status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.filter(session_key=key).exists()
    thief = sign_in(Client(), world.owner)
    changed = world.ask(
        "owner", "POST", reverse("portal:password"), {"present": PASSWORD, "password": "zaytoun-hajar-asal-77"}
    )
    assert changed.status_code == 302
    assert thief.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example",
        "\thttps://evil.example",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie:a=b",
        "javascript:alert(1)",
        "/..//evil.example",
    ],
)
def test_no_address_leads_away_from_here(world: World, to: str):
    """As browsers read addresses: backslashes are slashes, tabs and line ends are left out."""
    for visitor, address in (("owner", "/sign-in/"), ("clerk", "/desk/sign-in/"), ("owner", "/appearance/")):
        method = "POST" if address == "/appearance/" else "GET"
        response = world.ask(visitor, method, address, {"next": to, "scheme": "dark"})
        led = re.sub(r"[\t\r\n]", "", response.headers["Location"]).replace("\\", "/")
        assert led.startswith("/"), led
        assert not led.startswith("//"), led
        assert "a" not in response.cookies
