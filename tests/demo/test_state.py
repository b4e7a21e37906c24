"""The whole as one: what the demonstration starts really serves, works and recovers."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx


def get(url, **options):
    return httpx.get(url, trust_env=False, timeout=10, **options)


def test_the_portal_answers_in_both_languages(state):
    arabic, english = get(f"{state.url}/"), get(f"{state.url}/en/")
    assert (arabic.status_code, english.status_code) == (200, 200)
    assert '<html lang="ar" dir="rtl"' in arabic.text
    assert '<html lang="en" dir="ltr"' in english.text


def test_it_is_ready_and_says_so_without_details(state):
    assert get(f"{state.url}/healthz").text == "alive\n"
    assert get(f"{state.url}/readyz").json() == {"ready": True, "database": True, "migrations": True}


def test_every_answer_carries_its_request_id(state):
    assert (
        get(f"{state.url}/healthz", headers={"X-Request-Id": "given-by-proxy-1"}).headers["x-request-id"]
        == "given-by-proxy-1"
    )
    assert (
        get(f"{state.url}/healthz", headers={"X-Request-Id": "not one\twe take"}).headers["x-request-id"]
        != "not one\twe take"
    )


def test_static_files_are_served_compressed_and_for_ever(state):
    import re

    sheet = re.search(r'href="(/static/[^"]+\.css)"', get(f"{state.url}/").text).group(1)
    answer = get(f"{state.url}{sheet}", headers={"Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]


def test_a_killed_worker_is_replaced_and_its_work_goes_on(state):
    state.kill(state.worker)
    assert not state.worker.is_alive()
    state.start(state.worker)
    state.wait_for(
        lambda: state.query("SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > now() - interval '5 seconds'"),
        "a heartbeat",
    )


def hears_sigterm(pid):
    """Whether the process has come so far that it ends in order when asked; before, the signal just kills it."""
    caught = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_web_and_worker_end_gracefully_when_asked(state):
    for child in (state.worker, state.web):
        state.wait_for(lambda child=child: hears_sigterm(child.process.pid), "a process that listens to its signals")
        child.ask_to_end()
        assert child.process.wait(8) == 0
    state.heal()


def test_faults_outside_are_set_and_taken_back(state):
    assert state.control("registries", down=True)["down"] is True
    assert get(f"{state.registries}/health").status_code == 503
    state.heal()
    assert get(f"{state.registries}/health").status_code == 200


def test_the_authenticator_shows_a_code_for_every_employee(state):
    assert len(state.staff_code("clerk")) == 6


def test_the_home_page_opens_in_a_browser_without_complaints(state, open_page):
    page = open_page(f"{state.url}/", width=390)
    assert page.locator("main").is_visible()
