"""Which providers there are, and which of them a way to pay goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hukumati.domain.payments.ports import ProviderUnreachableError
from hukumati.domain.payments.ways import at_provider
from hukumati.infra.http import AddressNotAllowedError
from hukumati.infra.ports import adapter, list_ports

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hukumati.domain.payments.ports import PaymentProvider, SettledLine


def chosen_for(way: str) -> str:
    """Who is asked for new payments of this way, as the wiring says; empty when nobody. Older ones stay with whom they began."""
    name: str = settings.PAYMENT_PROVIDERS.get(way, "")
    return name


def is_open(way: str) -> bool:
    """Whether this installation can take money this way at all."""
    return not at_provider(way) or bool(chosen_for(way))


def provider_of(name: str) -> PaymentProvider:
    """The provider of this name in the wiring; LookupError when it names none.

    Raises ProviderUnreachableError when no address of it is configured: payments that began with it wait, and others go on.
    """
    try:
        found: PaymentProvider = adapter(f"payments.{name}")
    except AddressNotAllowedError as fault:
        raise ProviderUnreachableError(str(fault)) from fault
    return found


def list_settled(name: str, on: date) -> Sequence[SettledLine]:
    """What a provider says it settled on a day. Raises ProviderUnreachableError, also when no address of it is configured."""
    return provider_of(name).list_settled(on)


def is_provider(name: str) -> bool:
    """Whether the wiring names a provider of this name."""
    return f"payments.{name}" in list_ports("payments")
