"""The catalogue with twelve, 1,400 and thousands of services: pages, search, suggestions, loading, memory, proofs, and how well the search finds.

`python -m benchmarks.catalogue [--quick]`. Each size is measured in a process of its own on a database of its own, through the whole of Django, one request
at a time. The 1,400 are copies of the service folders under other ids, proved and published. The thousands are the services of Kenya's eCitizen (CC BY 4.0,
A. K. Njiiri), imported as rows, when their directory is named in KENYA_ECITIZEN; nothing of them is part of this project.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks.results import QUICK, Section, is_quick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = 1400
SECONDS_A_PAGE = 6
WARM = 8
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def main() -> int:
    if len(sys.argv) > 2 and sys.argv[1] == "one":
        print(json.dumps(measure(sys.argv[2])))
        return 0
    section = Section("catalogue", "The catalogue of thousands")
    sizes = section.table(
        "services",
        "proofs of all folders s",
        "published, imported s",
        "first page ms",
        "memory of a worker MB",
        "of it for the catalogue MB",
    )
    pages = section.table("services", "page", "p50 ms", "p99 ms", "requests")
    for name, root in worlds():
        told = in_a_process(root, name)
        label = f"{told['services']:,} ({told['folders']:,} folders)"
        sizes.add(
            label,
            f"{told['proofs']:.1f}",
            f"{told['loaded']:.1f}",
            f"{told['first']:.0f}",
            f"{told['memory']:.0f}",
            f"{told['grown']:.1f}",
        )
        for page, times in told["pages"].items():
            pages.add(label, page, f"{median(times):.1f}", f"{quantiles(times, n=100)[-1]:.1f}", len(times))
        if told["refused"]:
            section.note(f"{label}: {told['refused']} rows of the list were refused, each with its line and reason.")
        last = told
    section.aim("Suggestions with all services, p99", quantiles(last["pages"]["suggestions"], n=100)[-1], 150, "ms")
    relevance = section.table(
        "queries",
        "how many",
        *(
            f"{part}, {size}"
            for size in ("the twelve and the listed", "and all others")
            for part in ("mean reciprocal rank", "among the first three")
        ),
    )
    for group in last["relevance_alone"]:
        alone, among = last["relevance_alone"][group], last["relevance"][group]
        relevance.add(group, alone[0], *(f"{value:.3f}" for value in (*alone[1:], *among[1:])))
    section.note(
        "The queries stand in benchmarks/relevance.toml; the search was tuned on all groups but `unseen`. The others that stand among them are English."
    )
    section.save()
    return 0


def in_a_process(root: Path, name: str) -> dict:
    """Measured beside a database that nobody else uses."""
    from hukumati.infra.db import embedded

    with tempfile.TemporaryDirectory(prefix="hukumati-benchmark-") as home:
        server = embedded.start(Path(home) / "data")
        try:
            environment = {
                **os.environ,
                "DATABASE_URL": server.url(),
                "HUKUMATI_SERVICES": str(root),
                "DJANGO_SETTINGS_MODULE": "hukumati.config.settings.test",
            }
            command = [sys.executable, "-m", "benchmarks.catalogue", "one", name, *([QUICK] if is_quick() else [])]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
            if done.returncode:
                sys.exit(done.stderr[-3000:])
            return json.loads(done.stdout.splitlines()[-1])
        finally:
            embedded.stop(server)


def worlds() -> Iterator[tuple[str, Path]]:
    """The service roots to measure: what the project has, 1,400 folders, and thousands of rows beside what the project has."""
    with tempfile.TemporaryDirectory(prefix="hukumati-services-") as home:
        yield "few", without_lists(Path(home) / "few")
        yield "folders", with_folders(Path(home) / "folders", 60 if is_quick() else FOLDERS)
        given = os.environ.get("KENYA_ECITIZEN", "")
        if given and Path(given, "services.csv").is_file():
            yield "rows", with_rows(Path(home) / "rows", Path(given))


def without_lists(root: Path) -> Path:
    shutil.copytree(ROOT / "services", root)
    shutil.rmtree(root / "listed", ignore_errors=True)
    return root


def with_folders(root: Path, count: int) -> Path:
    """Copies under other ids: `interior.civil_extract` becomes `interior.civil_extract_17`."""
    without_lists(root)
    originals = sorted(path.parent for path in root.glob("*/*/service.toml"))
    for number, folder in enumerate(islice(cycle(originals), count - len(originals))):
        copy = folder.with_name(f"{folder.name}_{number}")
        shutil.copytree(folder, copy)
        toml = copy / "service.toml"
        toml.write_text(
            re.sub(r'^id = ".*"$', f'id = "{copy.parent.name}.{copy.name}"', toml.read_text(), flags=re.MULTILINE)
        )
    return root


def with_rows(root: Path, data: Path) -> Path:
    """The project's own services, and a list made of the foreign data set: its ministries become institutions, its services rows."""
    shutil.copytree(ROOT / "services", root)
    with (data / "ministries.csv").open(encoding="utf-8", newline="") as file:
        ministries = {row["ministry_id"]: row["ministry_name"] for row in csv.DictReader(file)}
    with (root / "institutions.toml").open("a", encoding="utf-8") as file:
        for ministry, name in ministries.items():
            words = json.dumps(name)
            file.write(
                f'\n[[institution]]\nid = "{institution(ministry)}"\nicon = "landmark"\nname = {{ ar = {words}, en = {words} }}\nabout = {{ ar = {words}, en = {words} }}\n'
            )
    with (
        (data / "services.csv").open(encoding="utf-8", newline="") as file,
        (root / "listed" / "more.csv").open("w", encoding="utf-8", newline="") as out,
    ):
        columns = ("id", "institution", "name_ar", "name_en", "summary_ar", "summary_en")
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        for row in csv.DictReader(file):
            body, about = institution(row["ministry_id"]), row["service_description"][:900]
            name = row["service_name"]
            writer.writerow(
                {
                    "id": f"{body}.s{row['service_id']}",
                    "institution": body,
                    "name_ar": name,
                    "name_en": name,
                    "summary_ar": about,
                    "summary_en": about,
                }
            )
    return root


def institution(ministry: str) -> str:
    """Institutions are named by letters."""
    return "m" + ministry.translate(LETTERS)


def measure(name: str) -> dict:
    """Everything of one size, in this process."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from hukumati.config.messages import compile_messages
    from hukumati.domain.catalogue import api as catalogue
    from hukumati.domain.catalogue.tests.relevance import measure as relevance

    compile_messages()
    call_command("migrate", verbosity=0, interactive=False)
    began = time.monotonic()
    services, faults = catalogue.check_folders(settings.SERVICES_DIR)
    proofs = time.monotonic() - began
    if faults:
        sys.exit(str(faults[0]))
    folders = len(services)
    del services
    began = time.monotonic()
    with Path(os.devnull).open("w") as nothing:
        call_command("services", "publish", "--all", stdout=nothing)
        told: dict = {"refused": 0}
        on = timezone.localdate()
        if name == "rows":
            call_command(
                "services", "import", str(settings.SERVICES_DIR / "listed" / "demonstration.csv"), stdout=nothing
            )
            told["relevance_alone"] = figures(relevance(on=on))
            refused = settings.SERVICES_DIR / "refused.csv"
            call_command(
                "services",
                "import",
                str(settings.SERVICES_DIR / "listed" / "more.csv"),
                quarantine=refused,
                stdout=nothing,
                stderr=nothing,
            )
            told["refused"] = max(0, sum(1 for _row in csv.reader(refused.open(encoding="utf-8"))) - 1)
    loaded = time.monotonic() - began
    measured = in_a_worker(Client, catalogue, relevance, on)
    told.setdefault("relevance_alone", measured["relevance"])
    return {**told, "proofs": proofs, "loaded": loaded, "folders": folders, **measured}


def in_a_worker(client_of: Callable, catalogue, relevance: Callable, on) -> dict:
    """As a worker that has just been forked: nothing is loaded yet."""
    from hukumati.domain.catalogue import queries

    queries._load.cache_clear()  # noqa: SLF001 (a worker that has just been forked has loaded nothing)
    client = client_of(SERVER_NAME="127.0.0.1")
    client.get("/help/")
    before = memory()
    began = time.perf_counter()
    client.get("/services/")
    first = (time.perf_counter() - began) * 1000
    way = catalogue.burn_up(on=on)
    pages = {page: timed(client, addresses) for page, addresses in targets().items()}
    return {
        "first": first,
        "pages": pages,
        "memory": memory(),
        "grown": memory() - before,
        "services": way.described,
        "relevance": figures(relevance(on=on)),
    }


def targets() -> dict[str, list[str]]:
    typed = [query for queries in words().values() for query in queries]
    pages = range(1, 30)
    return {
        "home": ["/"],
        "catalogue, its pages in turn": [f"/services/?page={page}" for page in pages],
        "catalogue, last page": ["/services/?page=9999"],
        "institution": ["/institutions/interior/"],
        "event of life": ["/life-events/birth/"],
        "search": [f"/search/?q={quote(query)}" for query in typed],
        "suggestions": [
            f"/search/suggestions/?q={quote(query[: 3 + number % 12])}" for number, query in enumerate(typed)
        ],
        "way online": ["/progress/"],
    }


def words() -> dict[str, list[str]]:
    import tomllib

    groups = tomllib.loads((ROOT / "benchmarks" / "relevance.toml").read_text())
    return {name: [query for query, *_right in group["queries"]] for name, group in groups.items()}


def timed(client, addresses: list[str]) -> list[float]:
    """Milliseconds of each request, for some seconds."""
    for address in addresses[:WARM]:
        client.get(address)
    times, until = [], time.monotonic() + (1 if is_quick() else SECONDS_A_PAGE)
    for address in cycle(addresses):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{address} answers {answer.status_code}")
        if time.monotonic() > until and len(times) > 20:
            return times
    raise AssertionError


def figures(measured: dict) -> dict[str, list[float]]:
    return {name: [len(one.places), one.reciprocal_rank, one.top] for name, one in measured.items()}


def memory() -> float:
    """Of this process, resident, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


if __name__ == "__main__":
    sys.exit(main())
