"""Requests a second and their times for the pages that are opened most, beside a bare view of the same server. `python -m benchmarks.pages [--quick] [seconds]`

The server is gunicorn as deployed, the load is wrk's. Two rounds, the better one counts: a ratio compares the same round's neighbours.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks import whole
from benchmarks.citizen import SERVICE, Walker
from benchmarks.processes import cpu_seconds, roots
from benchmarks.results import Section, is_quick, numbers

if TYPE_CHECKING:
    from hukumati.config.demo.installation import Installation

CONNECTIONS = 8
ROUNDS = 2
SERVER_SECONDS_MAX = 0.010
AROUND, BARE = "a bare view, no middleware", "a bare view, our middleware"
BARE_SIGNED_IN = "the same, signed in"
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
LATENCY = re.compile(r"^\s+(50|99)%\s+([\d.]+)(us|ms|s|m)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Target:
    """An address, who asks, and the bare view to which it is compared."""

    name: str
    path: str
    view: str = ""
    beside: str = BARE
    signed_in: bool = False


@dataclass(frozen=True)
class Load:
    """What wrk saw."""

    rate: float
    middle: float
    late: float


def targets(reference: str) -> list[Target]:
    typed = quote("شهادة ميلاد")
    return [
        Target(AROUND, "/around/bare/"),
        Target(BARE, "/bare/", "bare"),
        Target("home", "/", "portal:home"),
        Target("service", f"/services/{SERVICE}/", "portal:service"),
        Target("search, in Arabic", f"/search/?q={typed}", "portal:search"),
        Target("suggestions", f"/search/suggestions/?q={quote('شهاده ولا')}", "portal:search_suggestions"),
        Target(BARE_SIGNED_IN, "/bare/", "bare", signed_in=True),
        Target("one application", f"/applications/{reference}/", "portal:application", BARE_SIGNED_IN, signed_in=True),
        Target("inbox", "/inbox/", "portal:inbox", BARE_SIGNED_IN, signed_in=True),
    ]


def wrk() -> str:
    """The load generator; as root on Debian it is installed, elsewhere one is asked for."""
    if found := shutil.which("wrk"):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = (
            "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk"
        )
        subprocess.run(["sh", "-c", install], check=False)
    return shutil.which("wrk") or sys.exit("This benchmark needs wrk: apt install wrk")


def load(installation: Installation, target: Target, *, cookie: str, connections: int, seconds: float) -> Load:
    command = [wrk(), "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency", "--timeout", "10s"]
    if target.signed_in:
        command += ["-H", f"Cookie: {cookie}"]
    said = subprocess.run(
        [*command, installation.addresses.url("web") + target.path], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"{target.name}: {said}")
    times = {percent: float(number) * UNITS[unit] for percent, number, unit in LATENCY.findall(said)}
    return Load(float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)), times["50"], times["99"])


def alone(installation: Installation, target: Target, *, cookie: str, seconds: float) -> list[float]:
    """Seconds inside the server of each request, as its own log tells, when one browser asks at a time."""
    log = installation.web.log_path
    begin = log.stat().st_size
    load(installation, target, cookie=cookie, connections=1, seconds=seconds)
    with log.open("rb") as lines:
        lines.seek(begin)
        told = [json.loads(line) for line in lines if line.startswith(b"{")]
    return [one["seconds"] for one in told if one.get("view") == target.view and one["status"] == 200]


def queries(target: Target, *, cookie: str) -> str:
    """How many statements one request sends, when nothing is asked for the first time."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    if target.name == AROUND:
        return "0"
    client = Client(HTTP_COOKIE=cookie if target.signed_in else "", SERVER_NAME="127.0.0.1")
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(target.path)
        if answer.status_code != 200:
            sys.exit(f"{target.name} answers {answer.status_code}")
    if "--show-queries" in sys.argv:
        for one in captured.captured_queries:
            print(f"   {target.name}: {one['sql'][:230]}")
    return str(len(captured))


def a_signed_in_citizen(installation: Installation) -> tuple[str, str]:
    """The cookie of somebody who has received a certificate, and that application's reference."""
    person = whole.open_accounts(installation, 1)[0]
    walker = Walker(person, installation.addresses)
    try:
        walker.sign_in()
        reference = walker.apply()
        walker.pay()
        walker.take_document(reference)
        return "; ".join(f"{one.name}={one.value}" for one in walker.client.cookies.jar), reference
    finally:
        walker.close()


def measure(installation: Installation, section: Section, *, seconds: float) -> None:
    cookie, reference = a_signed_in_citizen(installation)
    asked = targets(reference)
    for target in asked:
        load(installation, target, cookie=cookie, connections=CONNECTIONS, seconds=1)
    inside = {target.name: alone(installation, target, cookie=cookie, seconds=min(2, seconds)) for target in asked}
    loads: dict[str, Load] = {}
    cpu: dict[str, float] = {}
    for _ in range(ROUNDS):
        for target in asked:
            before = cpu_seconds(roots(installation)["web"])
            seen = load(installation, target, cookie=cookie, connections=CONNECTIONS, seconds=seconds)
            if target.name not in loads or seen.rate > loads[target.name].rate:
                loads[target.name] = seen
                cpu[target.name] = (cpu_seconds(roots(installation)["web"]) - before) / (
                    seen.rate * max(1, round(seconds))
                )
    table = section.table(
        "page",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "of the bare view",
        "of no middleware",
        "CPU ms",
        "alone: server p50 ms",
        "p99 ms",
        "statements",
    )
    for target in asked:
        seen, times = loads[target.name], [one * 1000 for one in inside[target.name]]
        table.add(
            target.name, f"{seen.rate:,.0f}", f"{seen.middle:.1f}", f"{seen.late:.1f}",
            f"{seen.rate / loads[target.beside].rate:.2f}", f"{seen.rate / loads[AROUND].rate:.2f}", f"{cpu[target.name] * 1000:.1f}",
            f"{median(times):.1f}" if times else "–", f"{quantiles(times, n=100)[98]:.1f}" if len(times) > 1 else "–", queries(target, cookie=cookie),
        )  # fmt: skip
    section.note(
        f"Load: wrk with {CONNECTIONS} connections that stay open. Server time is what the request log tells, with one browser at a time; CPU is the web processes' own."
    )
    section.aim("Service page, server time at p50", median(inside["service"]) * 1000, SERVER_SECONDS_MAX * 1000, "ms")


def main() -> None:
    seconds = float(numbers()[0]) if numbers() else (1 if is_quick() else 3)
    wrk()
    with whole.running() as installation:
        whole.join(installation)
        section = Section("pages", "Pages")
        measure(installation, section, seconds=seconds)
        section.save()


if __name__ == "__main__":
    main()
