"""Everything that leaves the process has a limit, and reaching one is a defined answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """For one conversation with an outside system. `total_seconds` covers all attempts together."""

    connect_seconds: float = 2
    total_seconds: float = 8
    attempts_max: int = 2
    body_bytes_max: int = 256_000
