"""Appearance, manifest, service worker, gallery, and the pages about the portal."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.contrib.staticfiles import finders
from django.utils.timezone import now

from hukumati.domain.identity.tests.builders import a_citizen, sign_in
from hukumati.domain.notifications import api as notifications
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text
from hukumati.web.ui.gallery import ERRORS
from hukumati.web.ui.templating import in_other_language

pytestmark = pytest.mark.django_db
PAGES = [
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/offline/",
    "/ui/gallery/",
    "/ui/gallery/desk/",
    "/ui/gallery/suggestions/",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_page_opens_in_both_languages_without_inline_code(client, page, prefix):
    response = client.get(prefix + page)
    text = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text)
    assert "{{" not in text
    if "suggestions" not in page:
        assert ('lang="en" dir="ltr"' if prefix else 'lang="ar" dir="rtl"') in text
        assert f'href="{page if prefix else "/en" + page}"' in text


def test_arabic_pages_have_no_english_sentence_left(client):
    """Single Latin words are names (SMS, PDF, WCAG); two in a row are an untranslated text."""
    for page in ("/help/", "/privacy/", "/accessibility/", "/offline/", "/ui/gallery/", "/ui/gallery/desk/"):
        text = client.get(page).content.decode()
        words = re.sub(r"<(script|title)[^>]*>.*?</\1>|<[^>]+>", " | ", text, flags=re.DOTALL)
        assert re.findall(r"[A-Za-z]{3,} [a-z]{2,}", words) == [], page


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_stand_in_the_gallery_with_their_own_status(client, name):
    response = client.get(f"/ui/gallery/errors/{name}/")
    assert response.status_code == (int(name) if name.isdigit() else {"form-expired": 403}.get(name, 503))


def test_an_unknown_error_page_is_not_found(client):
    assert client.get("/ui/gallery/errors/418/").status_code == 404


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/", "/en/"),
        ("/en/", "/"),
        ("/services/?q=%D8%A7&page=2", "/en/services/?q=%D8%A7&page=2"),
        ("/en/desk/x/?a=1", "/desk/x/?a=1"),
        ("/enrol/", "/en/enrol/"),
    ],
)
def test_the_language_switch_keeps_page_and_query(here, there):
    assert in_other_language(here) == there


@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("auto", ""), ("purple", "")])
def test_the_appearance_is_remembered_without_a_script(client, chosen, kept):
    response = client.post("/appearance/", {"scheme": chosen, "next": "/help/"})
    assert response.status_code == 302
    assert response["Location"] == "/help/"
    assert response.cookies["scheme"].value == kept
    client.cookies["scheme"] = kept
    assert f'data-scheme="{kept or "auto"}"' in client.get("/help/").content.decode()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil.example"]
)
def test_the_appearance_never_leads_elsewhere(client, back):
    assert client.post("/appearance/", {"scheme": "dark", "next": back})["Location"] == "/"


def test_the_appearance_is_changed_by_post_only(client):
    assert client.get("/appearance/").status_code == 405


@pytest.mark.parametrize(
    ("address", "language", "direction"),
    [("/manifest.webmanifest", "ar", "rtl"), ("/en/manifest.webmanifest", "en", "ltr")],
)
def test_the_manifest_is_complete(client, address, language, direction):
    response = client.get(address)
    manifest = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["lang"], manifest["dir"], manifest["scope"]) == (language, direction, "/")
    assert {"id", "name", "short_name", "start_url", "display", "theme_color", "background_color"} <= manifest.keys()
    assert {(icon["sizes"], icon.get("purpose", "any")) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_the_worker_keeps_public_files_only(client):
    response = client.get("/sw.js")
    script = response.content.decode()
    facts = json.loads(re.search(r"const \{ offline, kept \} = (\{.*\});", script).group(1))
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    assert facts["offline"] == {"ar": "/offline/", "en": "/en/offline/"}
    for address in facts["kept"]:
        assert address.startswith("/static/")
        assert finders.find(address.removeprefix("/static/")), address
    assert "cache.put" not in script


def test_the_bell_counts_what_is_unread(client):
    laila = a_citizen()
    sign_in(client, laila)
    assert 'class="badge"' not in client.get("/help/").content.decode()
    for amount in (1500, 2500):
        facts = {
            "service": Text("نسخة", "copy"),
            "reference": "A-2026-7K3QX9BM",
            "amount": Money(amount),
            "expires_on": date(2026, 11, 30),
        }
        notifications.tell(laila.account_id, code="payment.due", facts=facts, about="A-2026-7K3QX9BM", at=now())
    page = client.get("/help/").content.decode()
    assert '<span class="badge"><bdi class="num">2</bdi></span>' in page
    assert "رسالتان غير مقروءتين" in page
    assert "2 unread" in client.get("/en/help/").content.decode()


def test_the_offline_page_knows_nobody(client):
    text = client.get("/offline/").content.decode()
    assert "csrf" not in text
    assert not client.get("/offline/").cookies
