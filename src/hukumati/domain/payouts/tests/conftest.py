from __future__ import annotations

import pytest

from hukumati.domain.payouts.tests.orders import FakeBank
from hukumati.infra import ports


@pytest.fixture
def bank(settings):
    """The bank of this test."""
    settings.PORTS = {**settings.PORTS, "payouts.bank": {"adapter": "hukumati.domain.payouts.tests.orders.FakeBank"}}
    ports.adapter.cache_clear()
    FakeBank.orders, FakeBank.mail, FakeBank.silent = {}, [], 0
    yield FakeBank
    ports.adapter.cache_clear()
