"""Requests that no page of ours makes: too large, bent, forged, for other hosts. Each gets its status and a careful page."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hukumati.domain.payments.models import Notice
from tests.outside import KEYS
from tests.security.table import ANYBODY, rows_of
from tests.security.world import Writes, undone

if TYPE_CHECKING:
    from tests.security.world import World

pytestmark = pytest.mark.django_db
NOTICE = "/callbacks/payments/card"


def browser(*, csrf: bool = False) -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=csrf)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing-here/", 404),
        ("/applications/%00/", 404),
        ("/verify/%00/", 404),
        ("/desk/cases/%00/", 404),
        ("/applications/%ff%fe/", 404),
        ("/services/%C0%AE%C0%AE/", 404),
        ("/services/..%2f..%2fetc%2fpasswd/", 404),
        ("/static/..%2f..%2fetc/passwd", 404),
        ("/" + "a/" * 2_000, 404),
        ("/" + "a" * 8_000, 404),
        ("/search/?q=%ff%fe%00", 200),
        ("/search/?" + "q=x&" * 150, 200),
        ("/%E2%80%AE/", 404),
        ("/verify/'%20OR%201=1--/", 404),
        ("/en/nothing-here/", 404),
    ],
)
def test_bent_addresses(world: World, path: str, status: int):
    response = world.ask("owner", "GET", path)
    assert response.status_code == status
    assert (
        'lang="en"' in response.content.decode()
        if path.startswith("/en/")
        else 'lang="ar"' in response.content.decode()
    )


def test_a_body_that_is_too_large_and_too_many_fields_are_refused_and_change_nothing(world: World):
    large = {"national_id": "9" * 1_100_000, "password": "x"}
    many = {f"field{number}": "x" for number in range(250)}
    for path, data, language in (("/sign-in/", large, "ar"), ("/en/sign-in/", many, "en"), ("/sign-in/", many, "ar")):
        writes = Writes()
        response = (
            browser().post(path, data, content_type="application/x-www-form-urlencoded")
            if isinstance(data, str)
            else browser().post(path, data)
        )
        assert response.status_code in {400, 413}, path
        assert f'lang="{language}"' in response.content.decode()
        assert writes.since() == set()


@pytest.mark.parametrize("token", [None, "", "x", "a" * 64, "\x00", "é" * 40])
def test_a_form_without_its_token_is_refused_in_the_readers_language(world: World, token: str | None):
    client = browser(csrf=True)
    client.cookies = SimpleCookie(world.cookies["owner"])
    data = {} if token is None else {"csrfmiddlewaretoken": token}
    writes = Writes()
    response = client.post(reverse("portal:withdraw", args=[world.of["draft"]]), data)
    assert response.status_code == 403
    assert 'lang="ar"' in response.content.decode()
    assert writes.since() == set()


def test_every_form_of_ours_asks_for_its_token(world: World):
    """But the callbacks, which are signed; the choice of light and dark, and a program's question, which change nothing of anybody's."""
    client, open_to_all = browser(csrf=True), set()
    for row in rows_of(world):
        with undone():
            client.cookies = SimpleCookie(world.cookies["owner"])
            client.cookies.update(world.cookies["clerk"])
            if row.post is not None and client.post(reverse(row.name, kwargs=row.names), row.post).status_code != 403:
                open_to_all.add(row.name)
    assert open_to_all == {"api:payment_notice", "portal:service_answers", "ui:scheme"}


@pytest.mark.parametrize("value", ["", "x", "\x00", "a" * 32, "a" * 10_000, "é", "'; DROP TABLE django_session; --"])
def test_broken_cookies_are_strangers(world: World, value: str):
    client = browser()
    for name in ("hukumati_portal", "hukumati_desk", "csrftoken_portal", "csrftoken_desk", "scheme", "messages"):
        client.cookies[name] = value
    assert client.get("/account/").status_code == 302
    assert client.get("/desk/").status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("languages", ["", "xx", "en;q=nan", "en" * 5_000, "*", "he,en;q=0.9", "\x00", "ar;q=-1"])
def test_what_a_browser_says_about_languages_breaks_nothing(world: World, languages: str):
    for path, language in (("/", "ar"), ("/en/", "en")):
        response = browser().get(path, headers={"accept-language": languages})
        assert response.status_code == 200
        assert f'lang="{language}"' in response.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "testserver/evil", "[::1", "testserver@evil.example", ""])
def test_other_hosts_are_not_served(world: World, host: str):
    response = browser().get("/", headers={"host": host})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_wrong_methods_are_told_so(world: World):
    for row in rows_of(world):
        if row.rule != ANYBODY:
            continue
        for method in ("put", "delete", "patch", "trace"):
            response = getattr(browser(), method)(reverse(row.name, kwargs=row.names))
            assert response.status_code == 405, (method, row.name)


# callbacks


def notice(
    body: bytes,
    *,
    path: str = NOTICE,
    at: int | None = None,
    key: str = KEYS["SANDBOX_GATEWAY_HMAC_KEY"],
    header: str | None = None,
):
    at = int(time.time()) if at is None else at
    mark = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    signature = f"t={at},v1={mark}" if header is None else header
    return browser().post(path, body, content_type="application/json", headers={"X-Gateway-Signature": signature})


GENUINE = {
    "notice_id": "ntc_1",
    "type": "payment.paid",
    "payment_id": "pay_1",
    "reference": "T-2026-23456789",
    "amount_minor": 1,
    "currency": "ILS",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"notice_id": "\x00"},
        {"notice_id": ""},
        {"notice_id": "x" * 50_000},
        {"notice_id": ["x"]},
        {"notice_id": None},
        {"reference": "T-\x00"},
        {"reference": "\ud800"},
        {"reference": {"a": 1}},
        {"amount_minor": 10**40},
        {"amount_minor": "1"},
        {"amount_minor": True},
        {"amount_minor": 1.5},
        {"currency": "\x00"},
        {"currency": "XXXX"},
        {"type": "x" * 9_000},
        {"type": 5},
        {"payment_id": "../../../x"},
        {"payment_id": "\x00"},
    ],
    ids=str,
)
def test_signed_but_senseless_notices_are_refused_not_failed(world: World, changed: dict):
    with undone():
        assert notice(json.dumps(GENUINE | changed).encode()).status_code in {200, 400}
        assert set(Notice.objects.values_list("outcome", flat=True)) <= {"malformed", "unknown_reference", "mismatched"}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        "t=x,v1=x",
        "t=1,v1=00",
        "t=99999999999999999999,v1=00",
        "t=²,v1=00",
        "v1=é",
        "t=1," * 2_000,
        "t=nan,v1=0",
    ],
)
def test_bent_signatures_are_forged(world: World, header: str):
    assert notice(json.dumps(GENUINE).encode(), header=header).status_code == 401


def test_unsigned_floods_are_kept_only_so_far(world: World):
    for number in range(230):
        assert notice(f'{{"n": {number}}}'.encode(), header="t=1,v1=00").status_code == 401
    assert Notice.objects.filter(verified=False).count() <= 200


# files


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"x", 200),
        (b"%PDF-1.7\n", 200),
        (b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF", 200),
        (b"%PDF-1.7\n" + b"[" * 100_000, 200),
        (b"%PDF-1.7\nstartxref\n99999999999999\n%%EOF", 200),
        (
            b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer<</Size 2/Root 1 0 R/Prev 60>>\nstartxref\n60\n%%EOF",
            200,
        ),
        (b"PK\x03\x04" + b"\x00" * 1000, 200),
        (b"%PDF-1.7\n" + b"\x00" * 6_000_000, 413),
    ],
    ids=["empty", "one byte", "head only", "javascript", "deep", "far", "loop", "zip", "6 MB"],
)
def test_whatever_is_uploaded_to_verify_is_answered_soon(world: World, content: bytes, status: int):
    began = time.monotonic()
    response = browser().post(
        "/verify/", {"way": "file", "file": SimpleUploadedFile("<b>\u202efdp.exe", content, "application/pdf")}
    )
    assert response.status_code == status
    assert "<b>" not in response.content.decode()
    assert time.monotonic() - began < 5


def test_a_document_of_ours_cut_anywhere_is_not_confirmed(world: World):
    file = b"".join(world.ask("owner", "GET", reverse("portal:document_pdf", args=[world.of["document"]])))
    said = {}
    for length in (10, 1000, len(file) // 2, len(file) - 1, len(file)):
        page = world.ask(
            "anonymous", "POST", "/en/verify/", {"way": "file", "file": SimpleUploadedFile("a.pdf", file[:length])}
        )
        assert page.status_code == 200
        said[length] = world.of["document"] in page.content.decode()
    assert [length for length, confirmed in said.items() if confirmed] == [len(file)]
