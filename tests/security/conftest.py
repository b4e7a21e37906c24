"""What every test of this folder may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.outside import KEYS, forget_adapters
from tests.outside import registries as registries  # noqa: PLC0414 (a fixture is found by its name here)
from tests.security import world as worlds

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A seal and a store of this module's own; nothing is told to subscribers, each test moves a case by itself."""
    from django.conf import settings

    home = tmp_path_factory.mktemp("places")
    before = settings.PORTS, settings.SUBSCRIBERS
    settings.PORTS = {
        **settings.PORTS,
        "documents.signer": {
            "adapter": "hukumati.adapters.signer_file.FileSigner",
            "options": {"directory": str(home / "keys"), "name": "documents"},
        },
        "documents.storage": {
            "adapter": "hukumati.adapters.storage_local.LocalStorage",
            "options": {"directory": str(home / "blobs")},
        },
        "uploads.storage": {
            "adapter": "hukumati.adapters.storage_local.LocalStorage",
            "options": {"directory": str(home / "uploads")},
        },
        "payments.card": {
            "adapter": "hukumati.adapters.payment_gateway.HostedCard",
            "options": {
                "base_url": "http://127.0.0.1:9",  # nobody listens there
                "api_key": KEYS["SANDBOX_GATEWAY_API_KEY"],
                "notice_key": KEYS["SANDBOX_GATEWAY_HMAC_KEY"],
                "merchant": "hukumati",
                "notice_url": "http://127.0.0.1:9/callbacks/payments/card",
            },
        },
    }
    settings.SUBSCRIBERS = {}
    forget_adapters()
    yield
    settings.PORTS, settings.SUBSCRIBERS = before
    forget_adapters()


@pytest.fixture(scope="module")
def world(registries: str, places: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    with worlds.for_a_module(django_db_blocker) as made:
        yield made
