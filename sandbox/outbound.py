"""Speaking to others over HTTP: no proxy, no redirect, bounded time and size. Standard library, to stay small."""

import asyncio
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

ANSWER_BYTES_MAX = 64_000


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when nothing did."""

    status: int
    body: bytes

    @property
    def accepted(self) -> bool:
        """The other side took it."""
        return 200 <= self.status < 300


def _plain_opener() -> urllib.request.OpenerDirector:
    # Built by hand: the usual one follows redirects and reads proxies from the environment.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


_opener = _plain_opener()


async def post_json(url: str, body: object, *, headers: dict[str, str], timeout_seconds: float) -> Answer:
    """POST a JSON value."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    return await post_bytes(url, raw, headers=headers, timeout_seconds=timeout_seconds)


async def post_bytes(url: str, raw: bytes, *, headers: dict[str, str], timeout_seconds: float) -> Answer:
    """POST bytes that are JSON already."""
    return await asyncio.to_thread(_post, url, raw, headers, timeout_seconds)


def _post(url: str, raw: bytes, headers: dict[str, str], timeout_seconds: float) -> Answer:
    if urlsplit(url).scheme not in {"http", "https"}:
        return Answer(0, b"")
    request = urllib.request.Request(  # noqa: S310 scheme checked above
        url, data=raw, method="POST", headers={"Content-Type": "application/json; charset=utf-8"} | headers
    )
    try:
        with _opener.open(request, timeout=timeout_seconds) as response:
            return Answer(response.status, response.read(ANSWER_BYTES_MAX))
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.read(ANSWER_BYTES_MAX))
    except (OSError, ValueError):
        return Answer(0, b"")
