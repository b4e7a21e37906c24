"""Every port has one suite that all its adapters pass, and every wired adapter exists."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from tests.architecture.source import ROOT

SUITES = {
    "exchange.registry": "test_registry.py",
    "payments.adyen": "test_payment_provider.py",
    "payments.card": "test_payment_provider.py",
    "payments.wallet": "test_payment_provider.py",
    "notifications.sms": "test_sms.py",
    "notifications.email": "test_email.py",
    "documents.signer": "test_signer.py",
    "audit.signer": "test_signer.py",
    "documents.storage": "test_storage.py",
    "uploads.storage": "test_storage.py",
}


@pytest.mark.parametrize("port", sorted(settings.PORTS))
def test_the_port_has_a_suite(port):
    name = SUITES.get(port, f"test_{port.rpartition('.')[2]}.py")
    assert (ROOT / "tests" / "ports" / name).exists(), f"{port}: tests/ports/{name} is missing"


@pytest.mark.parametrize("port", sorted(settings.PORTS))
def test_the_wired_adapter_exists(port):
    assert callable(import_string(settings.PORTS[port]["adapter"]))


@pytest.mark.parametrize(
    "name", sorted({name for names in settings.SUBSCRIBERS.values() for name in names} | set(settings.EACH_SECOND))
)
def test_what_the_wiring_names_exists(name):
    assert callable(import_string(name))
