from __future__ import annotations

import pytest

from hukumati.infra import ports


@pytest.fixture
def provider(settings):
    """The card provider of this test."""
    settings.PORTS = {
        **settings.PORTS,
        "payments.card": {"adapter": "hukumati.domain.payments.tests.fakes.FakeProvider"},
        "payments.wallet": {"adapter": "hukumati.domain.payments.tests.fakes.FakeWallet"},
    }
    ports.adapter.cache_clear()
    yield ports.adapter("payments.card")
    ports.adapter.cache_clear()


@pytest.fixture
def wallet(provider, settings):
    """The wallet provider of this test."""
    settings.PAYMENT_PROVIDERS = {"card": "card", "wallet": "wallet"}
    return ports.adapter("payments.wallet")
