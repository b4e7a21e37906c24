"""A circuit breaker: after several faults in a row nobody waits for a system that is down; one caller at a time tries whether it is back."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FAULTS_MAX = 5
OPEN_SECONDS = 10.0


class Breaker:
    """Closed, open, or half open. Thread-safe. The clock is an argument, so that tests need not wait."""

    def __init__(
        self,
        *,
        faults_max: int = FAULTS_MAX,
        open_seconds: float = OPEN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._faults_max = faults_max
        self._open_seconds = open_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._faults = 0
        self._closed_again_at = 0.0

    @property
    def state(self) -> str:
        with self._lock:
            if self._faults < self._faults_max:
                return "closed"
            return "open" if self._clock() < self._closed_again_at else "half_open"

    def let_through(self) -> bool:
        """Whether a call may start now. When half open, the one that is let through holds the others back until it answers."""
        with self._lock:
            if self._faults < self._faults_max:
                return True
            now = self._clock()
            if now < self._closed_again_at:
                return False
            # A probe that never reports back (its thread died) must not keep the breaker open for ever.
            self._closed_again_at = now + self._open_seconds
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._faults = 0

    def failed(self) -> None:
        with self._lock:
            self._faults += 1
            if self._faults >= self._faults_max:
                self._closed_again_at = self._clock() + self._open_seconds
