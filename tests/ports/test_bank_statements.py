"""What the State's bank gives out is a statement that treasury takes, whatever is wrong with what it booked."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from hukumati.domain.treasury.facts import MatchKind
from hukumati.domain.treasury.rules import named_by
from hukumati.domain.treasury.statements import read_file
from tests.gateway import gateway, gateway_processes  # noqa: F401

IBAN = "PS92PALS000000000400123456702"
TODAY = datetime.now(ZoneInfo("Asia/Hebron")).date()
pytestmark = pytest.mark.slow


def statement(url, day=TODAY):
    return httpx.get(f"{url}/bank/statements/{day}.xml")


def test_a_days_statement_is_read_and_a_stranger_is_nobody(gateway):  # noqa: F811
    gateway.control(bank="stranger")
    (read,) = read_file(statement(gateway.url).content, accounts={IBAN: "ILS"})
    assert read.closed_on == TODAY
    (stranger,) = [entry for entry in read.entries if entry.amount_minor == 3100]
    assert named_by(stranger) == (MatchKind.SUSPENSE, "")


def test_a_day_to_come_and_no_day_have_no_statement(gateway):  # noqa: F811
    assert statement(gateway.url, TODAY + timedelta(days=1)).status_code == 404
    assert statement(gateway.url, "yesterday").status_code == 404
    assert f"statement-{TODAY}.xml" in httpx.get(f"{gateway.url}/bank/").text
