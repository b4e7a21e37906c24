"""How fast documents are issued: Typst alone, the seal alone, and the whole of `documents.issue`. `python benchmarks/documents.py [count]`

Runs on an embedded PostgreSQL of its own, with durable commits and a durable store, and ends with it.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from hukumati.infra.db import embedded

ISSUE_GOAL_MS = 120
THREADS = 2


def prepare(home: Path) -> embedded.EmbeddedServer:
    server = embedded.start(home / "data")
    os.environ.update(
        DATABASE_URL=server.url(),
        DJANGO_SETTINGS_MODULE="hukumati.config.settings.test",
        HUKUMATI_KEYS=str(home / "keys"),
        HUKUMATI_BLOBS=str(home / "blobs"),
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return server


def a_holder() -> int:
    from hukumati.domain.identity import api as identity
    from hukumati.kernel.actor import system
    from hukumati.kernel.national_id import NationalId

    name = identity.PersonName("سلمى", "محمود", "خليل", "العطار", "Salma", "Mahmoud", "Khalil", "Al-Attar")
    return identity.create_citizen(
        national_id=NationalId("900000019"),
        name=name,
        birth_date=datetime(1989, 4, 18, tzinfo=UTC).date(),
        mobile="+970599000111",
        password="olive-press-harvest-7",
        language="ar",
        by=system("benchmark"),
        at=datetime.now(UTC),
    ).account_id


def the_certificate() -> tuple[str, dict]:
    from django.conf import settings

    folder = Path(settings.SERVICES_DIR) / "interior" / "birth_certificate_copy"
    return (folder / "document.typ").read_text(), json.loads((folder / "document.sample.json").read_text())


def timed(work, count: int) -> tuple[list[float], float]:
    """Wall milliseconds of each, and the mean of this process's own CPU: on a busy machine only the second can be compared."""
    work(-1)
    milliseconds, cpu = [], time.process_time()
    for number in range(count):
        started = time.perf_counter()
        work(number)
        milliseconds.append((time.perf_counter() - started) * 1000)
    return milliseconds, (time.process_time() - cpu) / count * 1000


def report(name: str, measured: tuple[list[float], float], goal: int = 0) -> None:
    milliseconds, cpu = measured
    median, late = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
    against = f"   {median / goal:.2f} of the goal {goal} ms" if goal else ""
    rate = 1000 / statistics.mean(milliseconds)
    print(f"{name:38}{median:8.1f} ms median{late:8.1f} ms p95{cpu:8.1f} ms CPU{rate:8.1f} /s{against}")


def measure(count: int) -> None:
    from hukumati.domain.documents import api as documents
    from hukumati.domain.documents.rendering import render
    from hukumati.domain.documents.rules import canonical_json
    from hukumati.infra.ports import adapter
    from hukumati.kernel.text import Text

    template, data = the_certificate()
    holder, at, title = a_holder(), datetime.now(UTC), Text("نسخة شهادة ميلاد", "Birth certificate copy")

    def issue(number: int | str):
        return documents.issue(
            f"A-2026-{number}", kind="interior.birth_certificate_copy", holder=holder, template=template, data=data,
            title=title, institution="interior", language="both", at=datetime.now(UTC),
        )  # fmt: skip

    doc = {
        "reference": "D-2026-AAAA2222", "issued_on": "2026-04-01", "valid_until": None, "language": "both",
        "verification_code": "AAAA-BBBB-CCCC-DDDD-EEEE", "verification_url": "https://hukumati.example/verify/AAAA-BBBB-CCCC-DDDD-EEEE/",
        "title": title.ar, "title_ar": title.ar, "title_en": title.en,
        "institution": "وزارة الداخلية", "institution_ar": "وزارة الداخلية", "institution_en": "Ministry of Interior",
    }  # fmt: skip

    def rendered(number: int) -> bytes:
        return render(template, inputs=canonical_json({"data": data | {"national_id": str(number)}, "doc": doc}), at=at)

    pdf, signer = rendered(0), adapter("documents.signer")
    report("Typst alone (with QR, PDF/A-3b, UA-1)", timed(rendered, count))
    report("seal alone (PAdES B-B, P-256)", timed(lambda _: signer.sign_pdf(pdf, reason="benchmark", at=at), count))
    report("issue: render, seal, store, write", timed(issue, count), ISSUE_GOAL_MS)
    print(f"{'issue, threads: ' + str(THREADS):38}{in_threads(issue, count):8.1f} /s")
    issued = documents.list_own(holder)[0]
    content = documents.get_pdf(issued.reference, holder=holder)
    print(f"{'size':38}{len(content) / 1000:8.1f} kB")
    report("check by code", timed(lambda n: documents.verify(issued.verification_code, address=str(n), at=at), count))
    report("check by file", timed(lambda n: documents.verify_file(content, address=str(n), at=at), count))


def in_threads(issue, count: int) -> float:
    from django.db import connections

    def work(name: int) -> None:
        for number in range(count):
            issue(f"{name}x{number}")
        connections.close_all()

    threads = [threading.Thread(target=work, args=(name,)) for name in range(THREADS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return THREADS * count / (time.perf_counter() - started)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory(prefix="hukumati-benchmark-") as home:
        server = prepare(Path(home))
        try:
            measure(count)
        finally:
            embedded.stop(server)


if __name__ == "__main__":
    main()
