"""The client that adapters use for one outside system."""

from __future__ import annotations

import random
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import httpx
import structlog

from hukumati.infra.http.address import allowed_base, inside_path
from hukumati.infra.http.breaker import Breaker
from hukumati.infra.http.deadline import DeadlineTransport, ending_at
from hukumati.infra.http.facts import OutsideUnreachableError, Response, Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.kernel.limits import Limits

FAULT_STATUS = 500
PAUSE_SECONDS = 0.1
log = structlog.get_logger(__name__)


class Client:
    """One outside system: its address, limits and breaker. Thread-safe; make one a process and keep it.

    GET, HEAD and whatever carries an Idempotency-Key are repeated up to `limits.attempts_max` times within `limits.total_seconds`; anything
    else only when no connection came about. Answers below 500 are returned, redirects among them (they are not followed).
    """

    def __init__(
        self,
        base_url: str,
        *,
        limits: Limits,
        headers: Mapping[str, str] | None = None,
        name: str,
        breaker: Breaker | None = None,
    ) -> None:
        self.name = name
        self.limits = limits
        self.breaker = breaker or Breaker()
        self._making = threading.Lock()
        self._made: httpx.Client | None = None
        self._base_url = allowed_base(base_url, name=name)
        # Nothing compressed: a small answer must not unfold into a large one before it can be counted.
        self._headers = {"user-agent": "hukumati", "accept-encoding": "identity", **(headers or {})}

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask, within the limits. Raises OutsideUnreachableError: network, timeout, 5xx, breaker open, body too large."""
        request = self._http.build_request(
            method,
            self._base_url + inside_path(path, name=self.name),
            params=params,
            json=json,
            content=content,
            headers=headers,
        )
        if not self.breaker.let_through():
            raise OutsideUnreachableError(self.name, Why.BREAKER_OPEN)
        started = time.monotonic()
        try:
            response = self._ask(request, ends_at=started + self.limits.total_seconds)
        except OutsideUnreachableError as fault:
            self.breaker.failed()
            # Paths may carry an ID number, so neither path nor query is ever logged.
            log.warning(
                "outside_unreachable",
                outside=self.name,
                method=method,
                why=str(fault.why),
                detail=fault.detail,
                seconds=round(time.monotonic() - started, 3),
            )
            raise
        self.breaker.succeeded()
        log.debug(
            "outside_answered",
            outside=self.name,
            method=method,
            status=response.status,
            seconds=round(time.monotonic() - started, 3),
        )
        return response

    @property
    def _http(self) -> httpx.Client:
        """Made at first use, so that a pre-loading web server forks no open connections; once, whichever thread is first."""
        with self._making:
            if self._made is None:
                self._made = httpx.Client(
                    transport=DeadlineTransport(), headers=self._headers, trust_env=False, follow_redirects=False
                )
                weakref.finalize(self, self._made.close)
            return self._made

    def close(self) -> None:
        """Let go of idle connections. The next request opens new ones."""
        with self._making:
            if self._made is not None:
                self._made.close()
                self._made = None

    def _ask(self, request: httpx.Request, *, ends_at: float) -> Response:
        repeatable = request.method in {"GET", "HEAD"} or "idempotency-key" in request.headers
        attempts_left, was_left_alone = self.limits.attempts_max, False
        while True:
            attempts_left -= 1
            share = (ends_at - time.monotonic()) / (attempts_left + 1 if repeatable else 1)
            try:
                return self._attempt(request, ends_at=time.monotonic() + share)
            except OutsideUnreachableError as fault:
                if repeatable and not was_left_alone and isinstance(fault.__cause__, httpx.RemoteProtocolError):
                    # A kept connection that the other side closed just as we asked: nobody read it, so it is no attempt.
                    was_left_alone, attempts_left = True, attempts_left + 1
                    continue
                pause = PAUSE_SECONDS * random.uniform(0.5, 1.5)  # noqa: S311 (jitter, not a secret)
                again = repeatable or isinstance(fault.__cause__, (httpx.ConnectError, httpx.ConnectTimeout))
                if (
                    not again
                    or attempts_left < 1
                    or fault.why is Why.BODY_TOO_LARGE
                    or time.monotonic() + pause >= ends_at
                ):
                    raise
                time.sleep(pause)

    def _attempt(self, request: httpx.Request, *, ends_at: float) -> Response:
        left = max(0.001, ends_at - time.monotonic())
        request.extensions["timeout"] = {
            "connect": min(left, self.limits.connect_seconds),
            "read": left,
            "write": left,
            "pool": left,
        }
        try:
            with ending_at(ends_at):
                return self._speak(request)
        except httpx.TimeoutException as fault:
            raise OutsideUnreachableError(self.name, Why.TIMEOUT, detail=type(fault).__name__) from fault
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise OutsideUnreachableError(self.name, Why.NETWORK, detail=type(fault).__name__) from fault

    def _speak(self, request: httpx.Request) -> Response:
        answer = self._http.send(request, stream=True)
        try:
            response = Response(answer.status_code, dict(answer.headers), self._body(answer))
        finally:
            answer.close()
        if response.status >= FAULT_STATUS:
            raise OutsideUnreachableError(self.name, Why.STATUS, detail=str(response.status), answer=response)
        return response

    def _body(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        for part in answer.iter_raw(16_384):
            body += part
            if len(body) > self.limits.body_bytes_max:
                raise OutsideUnreachableError(
                    self.name, Why.BODY_TOO_LARGE, detail=f"over {self.limits.body_bytes_max} bytes"
                )
        return bytes(body)
