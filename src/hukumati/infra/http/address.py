"""Where we may speak to. settings.OUTBOUND_HOSTS names every host; `host` alone allows any port, `host:port` that port only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Collection

DEFAULT_PORTS = {"http": 80, "https": 443}


class AddressNotAllowedError(Exception):
    """An address that is missing, malformed, or not named by the wiring: a mistake in the configuration, not an outage."""


def allowed_base(url: str, *, name: str) -> str:
    """The base address without a trailing slash; raises when it is not one of ours to speak to."""
    if not url:
        raise AddressNotAllowedError(f"{name}: no address is configured")
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise AddressNotAllowedError(f"{name}: {url!r} is not a plain http(s) address")
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    if not _is_listed(parts.hostname, port, settings.OUTBOUND_HOSTS):
        raise AddressNotAllowedError(f"{name}: {parts.hostname}:{port} is not in OUTBOUND_HOSTS")
    return url.rstrip("/")


def inside_path(path: str, *, name: str) -> str:
    """A path below the base address; raises for anything that could lead to another host."""
    if (
        not path.startswith("/")
        or path.startswith("//")
        or "\\" in path
        or any(part in {".", ".."} for part in path.split("?", maxsplit=1)[0].split("/"))
    ):
        raise AddressNotAllowedError(f"{name}: {path!r} is not a path below its address")
    return path


def _is_listed(host: str, port: int, allowed: Collection[str]) -> bool:
    return host in allowed or f"{host}:{port}" in allowed
