"""The sandbox's gateway for tests: started for real, and a payer who types a card and the code that the bank sent, or answers in the wallet."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from hukumati.adapters.payment_gateway import HostedCard, PushWallet
from tests.outside import KEYS, running

if TYPE_CHECKING:
    from collections.abc import Iterator

SALMA, DECLINED, NO_MONEY, SILENT, REFUND_FAILS = (
    ("9970000000000015", "+970590000001"),
    ("9970000000000031", "+970590000008"),
    ("9970000000000049", "+970590000008"),
    ("9970000000000064", "+970590000009"),
    ("9970000000000072", "+970590000010"),
)


@dataclass(frozen=True)
class Gateway:
    """Addresses of the two processes."""

    url: str
    phones: str

    def card(self, **options: str) -> HostedCard:
        """The adapter for cards, pointed at this process."""
        return HostedCard(**self._options("card", options))

    def wallet(self, **options: str) -> PushWallet:
        """The adapter for wallets, pointed at this process."""
        return PushWallet(**self._options("wallet", options))

    def _options(self, provider: str, more: dict[str, str]) -> dict[str, str]:
        return {
            "base_url": self.url,
            "api_key": KEYS["SANDBOX_GATEWAY_API_KEY"],
            "notice_key": KEYS["SANDBOX_GATEWAY_HMAC_KEY"],
            "merchant": "hukumati",
            "notice_url": f"http://127.0.0.1:9/callbacks/payments/{provider}",
        } | more

    def control(self, **faults: Any) -> None:
        """Switch faults on; `reset=True` switches all off."""
        httpx.post(f"{self.url}/control", json=faults).raise_for_status()

    def pay(self, hosted_url: str, card: tuple[str, str] = SALMA) -> httpx.Response:
        """Type the card, wait for the bank's code, type it."""
        number, mobile = card
        with httpx.Client(timeout=10) as browser:
            before = len(self._codes(browser, mobile))
            typed = {"number": number, "expiry": "12/39", "cvc": "123", "name": "SALMA"}
            answer = browser.post(hosted_url, data=typed)
            assert answer.status_code == 303, answer.text
            if "/challenge" not in answer.headers["location"]:
                return answer
            codes = self._wait_for_code(browser, mobile, before)
            return browser.post(f"{hosted_url}/challenge", data={"code": codes[0]})

    def cancel(self, hosted_url: str) -> None:
        httpx.post(f"{hosted_url}/cancel", data={})

    def approve(self, mobile: str, payment_id: str, pin: str = "1234") -> httpx.Response:
        """The owner of the wallet types the PIN."""
        return httpx.post(f"{self.url}/wallet/{mobile}/{payment_id}", data={"pin": pin})

    def reject(self, mobile: str, payment_id: str) -> httpx.Response:
        return httpx.post(f"{self.url}/wallet/{mobile}/{payment_id}", data={"reject": "1"})

    def _wait_for_code(self, browser: httpx.Client, mobile: str, before: int) -> list[str]:
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            codes = self._codes(browser, mobile)
            if len(codes) > before:
                return codes
            time.sleep(0.05)
        raise AssertionError("the bank sent no code")

    def _codes(self, browser: httpx.Client, mobile: str) -> list[str]:
        """Newest first."""
        told = browser.get(f"{self.phones}/api/messages", params={"to": mobile}).json()["messages"]
        return [code for message in told for code in re.findall(r"\b\d{6}\b", message["text"])[:1]]


@pytest.fixture(scope="session")
def gateway_processes() -> Iterator[Gateway]:
    with running("sandbox.phones") as phones, running("sandbox.card_gateway", SANDBOX_SMS_URL=phones["url"]) as gateway:
        yield Gateway(gateway["url"], phones["url"])


@pytest.fixture
def gateway(gateway_processes: Gateway) -> Iterator[Gateway]:
    """With nothing wrong, before and after."""
    gateway_processes.control(reset=True)
    yield gateway_processes
    gateway_processes.control(reset=True)
