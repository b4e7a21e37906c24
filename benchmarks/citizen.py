"""A citizen's browser without its pictures: follows links, fills the forms that stand on the pages, types the codes that the telephones show."""

from __future__ import annotations

import re
import time
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from benchmarks.whole import PASSWORD

if TYPE_CHECKING:
    from benchmarks.whole import Person
    from hukumati.config.demo.addresses import Addresses

SERVICE = "interior.birth_certificate_copy"
CARD = {"number": "9970000000000015", "expiry": "12/39", "cvc": "123", "name": "HOLDER"}
BANK_MOBILE = "+970590000001"
CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")
FILE = re.compile(r'href="(/documents/[^"]+/file/)"')
APPLICATION = re.compile(r"/applications/([^/]+)/")
LOOK_EVERY_SECONDS, PATIENCE_SECONDS = 0.05, 60
LOOK_FOR_DOCUMENT_EVERY_SECONDS = 0.2


class WalkFailedError(Exception):
    """A step did not lead where it must."""


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, with what already stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = facts.get("method", "").lower() == "post"
            if self.inside:
                self.found.append((facts.get("action", ""), {}))
        elif self.inside and tag == "input" and facts.get("name"):
            self._keep(facts)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False

    def _keep(self, facts):
        values = self.found[-1][1]
        if facts.get("type") == "radio":
            # Whoever does not choose what is asked for takes the first.
            if "checked" in facts or facts["name"] not in values:
                values[facts["name"]] = facts.get("value", "")
        elif facts.get("type") != "checkbox" or "checked" in facts:
            values[facts["name"]] = facts.get("value", "")


class Walker:
    """One citizen, one walk: `steps` tells how many seconds each part took."""

    def __init__(self, person: Person, addresses: Addresses) -> None:
        self.person = person
        self.url, self.phones = addresses.url("web"), addresses.url("phones")
        limits = httpx.Limits(max_connections=2)
        self.client = httpx.Client(
            timeout=30, trust_env=False, limits=limits, headers={"X-Forwarded-For": person.address}
        )
        self.outside = httpx.Client(timeout=30, trust_env=False, limits=limits)
        self.steps: Counter[str] = Counter()
        self.requests = 0
        self.page: httpx.Response | None = None

    def close(self) -> None:
        self.client.close()
        self.outside.close()

    # the parts
    def sign_in(self) -> None:
        self.get("/sign-in/", step="sign in")
        self.fill({"national_id": self.person.national_id, "password": PASSWORD}, step="sign in")
        code = self.read_code(self.person.mobile, step="wait for the code")
        self.fill({"code": code}, step="sign in")
        if "/sign-in" in str(self.page.url):
            raise WalkFailedError("not signed in")

    def apply(self) -> str:
        """From the service's page to the page that asks for the fee; the application's reference."""
        self.get(f"/services/{SERVICE}/", step="form")
        self.get(f"/start/{SERVICE}/", step="form")
        self.fill({}, step="form")
        reference = APPLICATION.search(str(self.page.url)).group(1)
        while "/check/" not in str(self.page.url):
            before = str(self.page.url)
            self.fill({}, step="form")
            if str(self.page.url) == before:
                raise WalkFailedError(f"the form does not go on from {urlsplit(before).path}")
        self.fill({}, step="submit")
        if "/pay/" not in str(self.page.url):
            raise WalkFailedError("nothing to pay")
        return reference

    def pay(self) -> None:
        """By card, on the gateway's own pages."""
        self.fill({"way": "card"}, step="start payment", follow=False)
        hosted = self.page.headers["location"]
        payment = urlsplit(hosted).path.rpartition("/")[2]
        began = time.perf_counter()
        self.outside.get(hosted).raise_for_status()
        taken = self.outside.post(hosted, data=CARD)
        code = self._newest_code(BANK_MOBILE, wanted=lambda message: f"challenge-{payment}-" in message["reference"])
        done = self.outside.post(str(taken.url.join(taken.headers["location"])), data={"code": code})
        self.steps["gateway"] += time.perf_counter() - began
        self.get(done.headers["location"], step="return, receipt")
        if "/receipts/" not in str(self.page.url):
            raise WalkFailedError("no receipt")

    def take_document(self, reference: str) -> bytes:
        """As soon as the worker has signed it."""
        began = time.perf_counter()
        while True:
            self.get(f"/applications/{reference}/", step="")
            if found := FILE.search(self.page.text):
                break
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise WalkFailedError("no document came")
            time.sleep(LOOK_FOR_DOCUMENT_EVERY_SECONDS)
        self.steps["wait for the document"] += time.perf_counter() - began
        self.get(found.group(1), step="download")
        content = self.page.content
        if not content.startswith(b"%PDF") or b"/ByteRange" not in content:
            raise WalkFailedError("the document is not a signed PDF")
        return content

    def walk(self) -> float:
        """All of it; the seconds it took."""
        began = time.perf_counter()
        self.sign_in()
        reference = self.apply()
        self.pay()
        self.take_document(reference)
        return time.perf_counter() - began

    # the browser
    def get(self, address: str, *, step: str) -> None:
        self._keep(self._timed("GET", address, step=step), step=step)

    def fill(self, typed: dict[str, str], *, step: str, follow: bool = True) -> None:
        """Send the form in the middle of the page with what already stands in it, changed by what is typed."""
        forms = Forms()
        forms.feed(self.page.text.partition("<main")[2].partition("</main>")[0])
        action, values = next((one for one in forms.found if set(typed) <= set(one[1])), ("", None))
        if values is None:
            raise WalkFailedError(f"no form on {urlsplit(str(self.page.url)).path}")
        address = str(self.page.url.join(action)) if action else str(self.page.url)
        answer = self._timed("POST", address, step=step, data={**values, **typed})
        self._keep(answer, step=step) if follow else setattr(self, "page", answer)

    def read_code(self, mobile: str, *, step: str) -> str:
        began = time.perf_counter()
        code = self._newest_code(mobile, wanted=lambda _message: True)
        self.steps[step] += time.perf_counter() - began
        return code

    def _newest_code(self, mobile, *, wanted) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            told = (
                self.outside.get(f"{self.phones}/api/messages", params={"to": mobile})
                .raise_for_status()
                .json()["messages"]
            )
            found = next((code for one in told if wanted(one) and (code := CODE.search(one["text"]))), None)
            if found:
                return found.group(1)
            time.sleep(LOOK_EVERY_SECONDS)
        raise WalkFailedError("no code came")

    def _keep(self, answer: httpx.Response, *, step: str) -> None:
        while answer.is_redirect:
            answer = self._timed("GET", answer.headers["location"], step=step, base=answer.url)
        if answer.status_code != 200:
            raise WalkFailedError(f"{answer.status_code} at {answer.url.path}")
        self.page = answer

    def _timed(self, method, address, *, step, base="", **options) -> httpx.Response:
        began = time.perf_counter()
        answer = self.client.request(method, httpx.URL(base or self.url).join(address), **options)
        self.requests += 1
        if step:
            self.steps[step] += time.perf_counter() - began
        return answer
