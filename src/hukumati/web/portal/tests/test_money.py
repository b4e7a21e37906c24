"""Everybody may see where the fees are, and nobody whose they were."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from hukumati.domain.ledger import api as ledger
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.tests.banks import entry, statement
from hukumati.kernel.actor import system
from hukumati.kernel.money import Money

pytestmark = pytest.mark.django_db
HAND = system("test")


def test_before_the_first_day_there_is_nothing_to_show_and_it_says_so(client):
    page = client.get("/en/money/").content.decode()
    assert "No day is certified yet" in page
    assert "No bank statement yet" in page
    assert "لم يُصدّق يوم بعد" in client.get("/money/").content.decode()


def test_a_closed_day_is_shown_by_institution_with_its_digest_and_no_case(client):
    pair = (("drawer:S-2026-SECRET22", 1500), ("revenue:interior:certificates", -1500))
    lines = [ledger.Line(account, Money(minor), "A-2026-SECRET22", "demo-tariff", "5/1") for account, minor in pair]
    ledger.post("C-2026-SECRET22", lines, kind="charge_confirmed", at=now() - timedelta(days=2))
    ledger.close_days(by=HAND, at=now())
    (_yesterday, (_day, digest)) = ledger.list_certified_days()
    treasury.take_file(
        statement(entry("E-1", "31.00", booked="2026-11-01"), day="2026-11-01"), name="s", by=HAND, at=now()
    )
    page = client.get("/en/money/").content.decode()
    for words in ("15.00", digest, "Ministry of Interior"):
        assert words in page, words
    assert "SECRET22" not in page
    assert "0.00" in page.partition("Cannot be explained")[2][:200]
