"""Finds the adapter that the wiring names for a port. Domain modules ask by port name and never see an adapter's module."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


class PortNotWiredError(LookupError):
    """The wiring names no adapter for this port."""


@cache
def adapter(port: str) -> Any:
    """One adapter a process and port, built at first use from settings.PORTS."""
    try:
        wired = settings.PORTS[port]
    except KeyError:
        raise PortNotWiredError(port) from None
    return import_string(wired["adapter"])(**wired.get("options", {}))


def list_ports(module: str) -> list[str]:
    """Port names of one module, e.g. every `payments.*` provider."""
    return sorted(name for name in settings.PORTS if name.startswith(f"{module}."))
