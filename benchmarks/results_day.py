"""The hardest hour of the year: everybody asks for their result at once. `python -m benchmarks.results_day [--quick]`

First without a line, to see what the machine gives: each citizen asks for the first time (cold: the register is asked), then again (warm: the answer
given just now). Then with the line that the service declares and more people than it serves: who waits how long, whether anybody is passed, loses the
place by reloading, has to sign in again or gets an error, and how the home page fares meanwhile.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

import httpx

from benchmarks import whole
from benchmarks.citizen import Forms
from benchmarks.results import Section, is_quick

if TYPE_CHECKING:
    from benchmarks.whole import Person
    from hukumati.config.demo.installation import Installation

SERVICE = "education.tawjihi_result"
DECLARED = re.compile(r"^answers_a_second = (\d+)", re.MULTILINE)
PEOPLE, AT_ONCE = 160, 8
SECONDS_MAX = 60
TIMES_SENT_MAX = 3
PLACE = re.compile(r'class="code-panel-code"><bdi dir="ltr">(\d+)')


@dataclass
class Pupil:
    """One citizen's browser, signed in, and what happened to it."""

    client: httpx.Client
    requests: int = 0
    errors: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    answered_at: float = 0.0
    taken: int = -1

    def ask(self) -> None:
        """From the question to the answer, through the line where it stands: before the question is shown, or once it was sent."""
        deadline = time.monotonic() + SECONDS_MAX
        page, sent = self._get(f"/ask/{SERVICE}/"), 0
        while page is not None and "/inquiries/" not in str(page.url):
            if time.monotonic() > deadline or sent > TIMES_SENT_MAX:
                self.errors.append(f"led to {page.url.path}")
                break
            if "/waiting/" in str(page.url):
                self._note_place(page)
                time.sleep(min(1.0, 0.05 * (self.places[-1] if self.places else 1)))
                page = self._get(f"/waiting/{SERVICE}/")
                continue
            forms = Forms()
            forms.feed(page.text.partition("<main")[2].partition("</main>")[0])
            page, sent = self._send(page, forms.found[0][1] if forms.found else {}), sent + 1
        self.answered_at = time.monotonic()

    def _note_place(self, page: httpx.Response) -> None:
        if found := PLACE.search(page.text):
            self.places.append(int(found.group(1)))

    def _get(self, path: str) -> httpx.Response | None:
        return self._checked(self.client.get(path, follow_redirects=True))

    def _send(self, page: httpx.Response, typed: dict[str, str]) -> httpx.Response | None:
        return self._checked(self.client.post(str(page.url), data=typed, follow_redirects=True))

    def _checked(self, answer: httpx.Response) -> httpx.Response | None:
        self.requests += 1 + len(answer.history)
        if answer.status_code != 200 or "/sign-in/" in str(answer.url):
            self.errors.append(f"{answer.status_code} at {answer.url.path}")
            return None
        return answer


def pupils(installation: Installation, people: list[Person]) -> list[Pupil]:
    """Signed in as the pages leave them; the password's cost is measured elsewhere."""
    from django.test import Client

    from hukumati.domain.identity import api as identity
    from hukumati.domain.identity.tests.builders import sign_in
    from hukumati.kernel.national_id import NationalId

    found = []
    for person in people:
        citizen = identity.find_citizen_by_national_id(NationalId(person.national_id))
        cookies = {name: morsel.value for name, morsel in sign_in(Client(), citizen).cookies.items()}
        headers = {"X-Forwarded-For": person.address}
        url = installation.addresses.url("web")
        # A connection of its own each time: a browser asks again by itself when one had just been closed.
        fresh = httpx.Limits(max_keepalive_connections=0)
        client = httpx.Client(base_url=url, cookies=cookies, headers=headers, timeout=30, trust_env=False, limits=fresh)
        found.append(Pupil(client))
    return found


def everybody(asking: list[Pupil], *, at_once: int) -> tuple[float, list[float]]:
    """All of them, so many at a time: the whole time, and each one's, in seconds."""
    times: list[float] = []

    def one(pupil: Pupil) -> None:
        began = time.perf_counter()
        pupil.ask()
        times.append(time.perf_counter() - began)

    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, asking))
    return time.perf_counter() - began, times


def watch_home(installation: Installation, stop: threading.Event) -> list[float]:
    """How long the home page takes, ten times a second."""
    seen: list[float] = []
    with httpx.Client(base_url=installation.addresses.url("web"), timeout=30, trust_env=False) as client:
        while not stop.is_set():
            began = time.perf_counter()
            client.get("/").raise_for_status()
            seen.append(time.perf_counter() - began)
            stop.wait(0.1)
    return seen


def at(times: list[float], percent: int) -> str:
    return f"{quantiles(times, n=100)[percent - 1] if len(times) > 1 else times[0]:.2f}"


def services_with(answers_a_second: int, home: Path) -> tuple[Path, int]:
    """A copy of the services in which this one declares another pace; and the pace that it declares in earnest."""
    copy = home / "services"
    shutil.copytree("services", copy)
    file = copy / SERVICE.replace(".", "/") / "service.toml"
    text = file.read_text()
    file.write_text(DECLARED.sub(f"answers_a_second = {answers_a_second}", text))
    return copy, int(DECLARED.search(text).group(1))


def measure_capacity(section: Section, people: int) -> None:
    table = section.table("without a line", "answers", "errors", "answers/s", "requests/s", "p50 s", "p99 s")
    with tempfile.TemporaryDirectory() as home:
        services, _declared = services_with(10_000, Path(home))
        with whole.running(HUKUMATI_SERVICES=str(services)) as installation:
            whole.join(installation)
            asking = pupils(installation, whole.open_accounts(installation, people, trait="tawjihi_this_year"))
            for name in ("cold: asked for the first time", "warm: the same again"):
                before = sum(pupil.requests for pupil in asking)
                whole_time, times = everybody(asking, at_once=AT_ONCE)
                errors = sum(len(pupil.errors) for pupil in asking)
                requests = sum(pupil.requests for pupil in asking) - before
                rate = f"{len(times) / whole_time:.1f}", f"{requests / whole_time:.0f}"
                table.add(name, len(times), errors, *rate, f"{median(times):.2f}", at(times, 99))
            for pupil in asking:
                pupil.client.close()
    os.environ.pop("HUKUMATI_SERVICES", None)  # what came with joining that installation


def measure_the_line(section: Section, people: int, declared: int) -> None:
    table = section.table("with the line", "got")
    with whole.running() as installation:
        whole.join(installation)
        asking = pupils(installation, whole.open_accounts(installation, people, trait="tawjihi_this_year"))
        stop, home = threading.Event(), []
        watcher = threading.Thread(target=lambda: home.extend(watch_home(installation, stop)))
        watcher.start()
        whole_time, times = everybody(asking, at_once=people)
        stop.set()
        watcher.join()
        waited = [pupil for pupil in asking if pupil.places]
        rose = sum(any(b > a for a, b in pairwise(pupil.places)) for pupil in asking)
        in_order = sorted(waited, key=lambda pupil: pupil.places[0])
        passed = sum(b.answered_at < a.answered_at - 2 for a, b in pairwise(in_order))
        table.add("people at once", people)
        table.add("declared answers a second", declared)
        table.add("answered a second, over all", f"{len(times) / whole_time:.1f}")
        table.add("who waited in the line", len(waited))
        table.add("longest place shown", max((pupil.places[0] for pupil in waited), default=0))
        table.add("places that rose when looked at again", rose)
        table.add("passed by somebody more than 2 s", passed)
        table.add("errors, or led to sign in again", sum(len(pupil.errors) for pupil in asking))
        table.add("from asking to the answer, p50 / p99 s", f"{median(times):.1f} / {at(times, 99)}")
        table.add("home page meanwhile, p50 / p99 s", f"{median(home):.2f} / {at(home, 99)}")
        section.aim("Results day: errors, or sign-ins asked again", sum(len(p.errors) for p in asking), 0)
        section.aim("Results day: places that rose", rose, 0)
        for error, times_seen in Counter(error for pupil in asking for error in pupil.errors).most_common(3):
            section.note(f"error: {error}, {times_seen} times")
        for pupil in asking:
            pupil.client.close()


def main() -> None:
    people = 24 if is_quick() else PEOPLE
    declared = int(DECLARED.search(Path("services", SERVICE.replace(".", "/"), "service.toml").read_text()).group(1))
    section = Section("results_day", "Results day")
    measure_capacity(section, people)
    measure_the_line(section, people, declared)
    section.note(
        "An answer is three requests: the question's page, the question, the answer's page. Clients share the processors."
    )
    section.save()


if __name__ == "__main__":
    main()
