"""What a line holds, and what it never holds."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from hukumati.infra.logs.configure import configure, mask_personal


@pytest.fixture
def lines():
    """A configured process, and what it writes."""
    root, django = logging.getLogger(), logging.getLogger("django")
    before = (root.handlers, root.level, django.handlers, django.propagate, structlog.get_config())
    levels = {name: logging.getLogger(name).level for name in ("httpx", "procrastinate", "django.request")}
    configure({"shape": "json", "level": "INFO"})
    stream = io.StringIO()
    root.handlers[0].setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, level, django.handlers, django.propagate, config = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
    structlog.configure(**config)


def test_a_line_is_an_event_with_facts(lines):
    structlog.get_logger("test").info("paid", charge="C-2026-000017", amount_minor=1500)
    (line,) = lines()
    assert (line["event"], line["charge"], line["amount_minor"], line["level"]) == (
        "paid",
        "C-2026-000017",
        1500,
        "info",
    )
    assert line["timestamp"].endswith("Z")


def test_lines_of_libraries_look_the_same(lines):
    logging.getLogger("some.library").warning("gave %s", "up")
    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == ("gave up", "some.library", "warning")


def test_an_exception_is_one_line(lines):
    try:
        int("the person 900000019 is unknown")
    except ValueError:
        structlog.get_logger("test").exception("failed")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "900000019" not in line["exception"]


def test_the_addresses_of_registries_are_not_logged(lines):
    logging.getLogger("httpx").info("HTTP Request: GET http://registry/persons/v1/900000019")
    assert lines() == []


def test_a_failed_request_is_logged_without_its_path(lines):
    logging.getLogger("django.request").error("Internal Server Error: %s", "/verify/SECRET-CODE/")
    assert [line["event"] for line in lines()] == ["request_failed"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("citizen 900000019 asked", "citizen [masked] asked"),
        ("sent to +970590000001", "sent to [masked]"),
        ("sent to 0590000001", "sent to [masked]"),
        ("A-2026-004817 took 12 ms", "A-2026-004817 took 12 ms"),
        ("1234567890123 bytes", "1234567890123 bytes"),
    ],
)
def test_what_looks_personal_is_masked(said, kept):
    assert mask_personal(None, "info", {"event": said}) == {"event": kept}


def test_numbers_are_masked_too():
    assert mask_personal(None, "info", {"event": "x", "subject": 900000019, "count": 17}) == {
        "event": "x",
        "subject": "[masked]",
        "count": 17,
    }
