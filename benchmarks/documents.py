"""How fast documents are issued: Typst alone, the seal alone, and the whole of `documents.issue`. `python -m benchmarks.documents [--quick] [count]`

Runs on an embedded PostgreSQL of its own, with durable commits and a durable store, and ends with it.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.results import Section, Table, is_quick, numbers
from hukumati.infra.db import embedded

ISSUE_GOAL_MS = 120
THREADS = 2
DOC = {
    "reference": "D-2026-AAAA2222", "issued_on": "2026-04-01", "valid_until": None, "language": "both",
    "verification_code": "AAAA-BBBB-CCCC-DDDD-EEEE", "verification_url": "https://hukumati.example/verify/AAAA-BBBB-CCCC-DDDD-EEEE/",
    "title": "نسخة شهادة ميلاد", "title_ar": "نسخة شهادة ميلاد", "title_en": "Birth certificate copy",
    "institution": "وزارة الداخلية", "institution_ar": "وزارة الداخلية", "institution_en": "Ministry of Interior",
}  # fmt: skip


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


def a_certificate():
    """A function that renders the certificate of some number, and one PDF of it."""
    from hukumati.domain.documents.rendering import render
    from hukumati.domain.documents.rules import canonical_json

    template, data = the_certificate()
    at = datetime.now(UTC)

    def rendered(number: int = 0) -> bytes:
        return render(template, inputs=canonical_json({"data": data | {"national_id": str(number)}, "doc": DOC}), at=at)

    return rendered, rendered()


def a_seal(pdf: bytes):
    """A function that seals it."""
    from hukumati.infra.ports import adapter

    signer, at = adapter("documents.signer"), datetime.now(UTC)
    return lambda _number=0: signer.sign_pdf(pdf, reason="benchmark", at=at)


def report(table: Table, name: str, measured: tuple[list[float], float], *, beside: float) -> float:
    milliseconds, cpu = measured
    middle, late = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
    table.add(
        name,
        f"{middle:.1f}",
        f"{late:.1f}",
        f"{cpu:.1f}",
        f"{1000 / statistics.mean(milliseconds):.1f}",
        f"{beside / middle:.2f}" if beside else "–",
    )
    return middle


def measure(count: int) -> None:
    from hukumati.domain.documents import api as documents
    from hukumati.kernel.text import Text

    template, data = the_certificate()
    holder, at = a_holder(), datetime.now(UTC)
    title = Text("نسخة شهادة ميلاد", "Birth certificate copy")
    rendered, pdf = a_certificate()
    seal = a_seal(pdf)

    def issue(number: int | str):
        return documents.issue(
            f"A-2026-{number}", kind="interior.birth_certificate_copy", holder=holder, template=template, data=data,
            title=title, institution="interior", language="both", at=datetime.now(UTC),
        )  # fmt: skip

    section = Section("documents", "Signed documents")
    table = section.table("", "p50 ms", "p95 ms", "CPU ms", "/s", "the two parts alone, of it")
    alone = report(table, "Typst alone (with QR, PDF/A-3b, UA-1)", timed(rendered, count), beside=0)
    alone += report(table, "seal alone (PAdES B-B, P-256)", timed(seal, count), beside=0)
    whole = report(table, "issue: render, seal, store, write", timed(issue, count), beside=alone)
    issued = documents.list_own(holder)[0]
    content = documents.get_pdf(issued.reference, holder=holder)
    report(
        table,
        "check by code",
        timed(lambda n: documents.verify(issued.verification_code, address=str(n), at=at), count),
        beside=0,
    )
    report(
        table, "check by file", timed(lambda n: documents.verify_file(content, address=str(n), at=at), count), beside=0
    )
    section.note(
        f"Issued with {THREADS} threads: {in_threads(issue, count):.1f} /s. A document has {len(content) / 1000:.0f} kB."
    )
    section.aim("A signed document, p50", whole, ISSUE_GOAL_MS, "ms")
    section.save()


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
    count = int(numbers()[0]) if numbers() else (5 if is_quick() else 60)
    with tempfile.TemporaryDirectory(prefix="hukumati-benchmark-") as home:
        server = prepare(Path(home))
        try:
            measure(count)
        finally:
            embedded.stop(server)


if __name__ == "__main__":
    main()
