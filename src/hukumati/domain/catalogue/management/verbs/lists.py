"""import, export: lists of services from and to files."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from hukumati.domain.catalogue.listings import files, importing, open_data
from hukumati.domain.catalogue.listings.rows import COLUMNS
from hukumati.domain.catalogue.management.verbs.folders import operator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.core.management.base import BaseCommand

    from hukumati.domain.catalogue.listings.facts import ImportReport, RowFault

CHUNK = 1 << 20
SUFFIXES = (".csv", ".json", ".jsonl")


def add_arguments(verbs: Any) -> None:
    importing_ = verbs.add_parser("import", help="take over lists of services that are only described (CSV, JSON)")
    importing_.add_argument("files", nargs="*", type=Path, help="all of services/listed when left out")
    importing_.add_argument("--strict", action="store_true", help="all rows of a list or none")
    importing_.add_argument(
        "--quarantine", type=Path, help="where to write the rows that do not hold, with what is wrong"
    )
    importing_.add_argument("--encoding", default="", help="of CSV that is not UTF-8, e.g. windows-1256")
    exporting = verbs.add_parser("export", help="the whole catalogue as open data")
    exporting.add_argument("--format", choices=list(open_data.FORMATS), default="csv")
    exporting.add_argument("--to", type=Path, help="a file; the terminal when left out")


def import_(command: BaseCommand, *, services: Path, **options: Any) -> None:
    given = options["files"] or sorted(path for path in (services / "listed").glob("*") if path.suffix in SUFFIXES)
    with _Quarantine(options["quarantine"]) as quarantine:
        for path in given:
            report = _import_one(path, refuse=quarantine.take, **options)
            command.stdout.write(_told(path, report))
            for fault in report.faults:
                command.stderr.write(f"{path}: {fault}")


def export(command: BaseCommand, *, to: Path | None, format: str, **_options: Any) -> None:  # noqa: A002 (the option's name)
    parts = open_data.FORMATS[format].write(settings.PUBLIC_URL)
    if to is None:
        for part in parts:
            command.stdout.write(part, ending="")
        return
    with to.open("w", encoding="utf-8", newline="") as file:
        file.writelines(parts)


def _import_one(path: Path, *, strict: bool, encoding: str, refuse: Any, **_options: Any) -> ImportReport:
    take: Callable[..., ImportReport] = importing.import_all_services if strict else importing.import_services
    try:
        read = files.read_rows(path, encoding=encoding)
        return take(read, sha256=_sha256(path), refuse=refuse, by=operator(), at=timezone.now())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except files.FileRefusedError as error:
        raise CommandError(f"{path}: {error.fault}") from None
    except importing.ListRefusedError as error:
        told = "\n".join(str(fault) for fault in error.report.faults)
        raise CommandError(f"{told}\n{path}: {error}") from None


def _told(path: Path, report: ImportReport) -> str:
    return f"{path.name}: {report.new} new, {report.changed} changed, {report.same} as before, {report.refused} refused"


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class _Quarantine:
    """Rows that do not hold, beside what is wrong with them: to be mended and imported again."""

    def __init__(self, path: Path | None) -> None:
        self.file = path.open("w", encoding="utf-8-sig", newline="") if path else None
        self.writer = csv.writer(self.file) if self.file else None
        if self.writer:
            self.writer.writerow(["line", "what is wrong", *COLUMNS])

    def take(self, line: int, raw: Mapping[str, str], faults: Sequence[RowFault]) -> None:
        if self.writer:
            told = " | ".join(f"{fault.column}: {fault.hint}" if fault.column else fault.hint for fault in faults)
            self.writer.writerow([line, told, *(open_data.safe_cell(raw.get(column, "")) for column in COLUMNS)])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.file:
            self.file.close()
