"""Speaking to outside systems over HTTP: every conversation has a time, a size, a number of attempts and a fixed host.

Owns the client that adapters use. Promises one named fault for whatever makes an outside system unusable just now, and that an address
which the wiring does not name is never spoken to. Never follows redirects, never reads proxies from the environment.
"""

from __future__ import annotations

from hukumati.infra.http.address import AddressNotAllowedError
from hukumati.infra.http.breaker import Breaker
from hukumati.infra.http.client import Client
from hukumati.infra.http.facts import OutsideUnreachableError, Response, Why

__all__ = ["AddressNotAllowedError", "Breaker", "Client", "OutsideUnreachableError", "Response", "Why"]
