"""Which adapter stands behind a way to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.payments.ports import ProviderUnreachableError
from hukumati.infra.http import AddressNotAllowedError
from hukumati.infra.ports import adapter, list_ports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hukumati.domain.payments.ports import PaymentProvider, SettledLine


def provider_of(way: str) -> PaymentProvider:
    """The provider of a way, as the wiring names it; LookupError when it names none."""
    found: PaymentProvider = adapter(f"payments.{way}")
    return found


def list_settled(way: str, on: date) -> Sequence[SettledLine]:
    """What a provider says it settled on a day. Raises ProviderUnreachableError, also when no address of it is configured."""
    try:
        return provider_of(way).list_settled(on)
    except AddressNotAllowedError as fault:
        raise ProviderUnreachableError(str(fault)) from fault


def is_provider(name: str) -> bool:
    """Whether the wiring names a provider of this name."""
    return f"payments.{name}" in list_ports("payments")
