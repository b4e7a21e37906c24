"""A real Chromium, one for the session, a fresh profile for each page's test.

    def test_something(open_page):
        page = open_page("http://127.0.0.1:8000/", language="ar", scheme="dark", width=390, javascript=False)

A page fails its test when the browser reports an error on the console, a script that threw, a breach of the content policy, or a
request to another machine than this one.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
HEIGHTS = {390: 844, 1280: 900}
# The first has no windows and opens a page in a third of the time; its name on the path is a shell script, which would outlive it.
NAMES = ("/usr/lib/chromium/chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SECONDS_MAX = 15


def find_chromium() -> str:
    given = os.environ.get("HUKUMATI_CHROMIUM", "")
    found = given or next((path for name in NAMES if (path := shutil.which(name))), "")
    if not found:
        pytest.fail(
            "no Chromium: apt install chromium, or name yours in HUKUMATI_CHROMIUM, or leave the browser out: -m 'not browser'",
            pytrace=False,
        )
    return found


def is_elsewhere(url: str) -> bool:
    """Whether a request would leave this machine."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {"127.0.0.1", "localhost"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for one module. No longer: while Playwright is there its event loop runs in this thread, and whatever starts one of its
    own (signing, jobs) cannot."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse its own synchronous calls beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a profile of its own; `complaints` of the browser fail the test at its end."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(
        url: str = "",
        *,
        language: str = "ar",
        scheme: str = "light",
        width: int = 1280,
        javascript: bool = True,
        expect: tuple[str, ...] = (),
    ) -> Page:
        """`expect`: parts of complaints that this test causes on purpose."""
        context = browser.new_context(
            locale="ar-PS" if language == "ar" else "en-GB",
            timezone_id="Asia/Hebron",
            color_scheme=scheme,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            java_script_enabled=javascript,
        )
        contexts.append(context)
        context.set_default_timeout(SECONDS_MAX * 1000)

        def complain(words: str) -> None:
            if not any(part in words for part in expect):
                complaints.append(words)

        # The whole context: what a page opens in another window is held to the same.
        context.on("console", lambda message: complain(message.text) if message.type == "error" else None)
        context.on("weberror", lambda problem: complain(str(problem.error)))
        context.on(
            "request",
            lambda request: complain(f"asked elsewhere: {request.url}") if is_elsewhere(request.url) else None,
        )
        page = context.new_page()
        if url:
            page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
