"""Which adapter stands behind a way to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.infra.ports import adapter, list_ports

if TYPE_CHECKING:
    from hukumati.domain.payments.ports import PaymentProvider


def provider_of(way: str) -> PaymentProvider:
    """The provider of a way, as the wiring names it; LookupError when it names none."""
    found: PaymentProvider = adapter(f"payments.{way}")
    return found


def is_provider(name: str) -> bool:
    """Whether the wiring names a provider of this name."""
    return f"payments.{name}" in list_ports("payments")
