"""table export, table import: a decision table to a ministry's own modeller and back, as DMN XML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from hukumati.domain.catalogue.decisions.dmn import BYTES_MAX, DmnMalformedError, as_dmn, read_dmn
from hukumati.domain.catalogue.decisions.tables import TableMalformedError, read_table
from hukumati.domain.catalogue.folder import tables
from hukumati.domain.catalogue.folder.source import Source, close_to, read_folder
from hukumati.domain.catalogue.management.verbs.folders import folder_of

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

    from hukumati.domain.catalogue.decisions.facts import DecisionTable

NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")


def add_arguments(verbs: Any) -> None:
    parser = verbs.add_parser("table", help="a decision table as DMN XML: export, import")
    deeds = parser.add_subparsers(dest="deed", required=True)
    for name, told in (
        ("export", "write tables/<table>.toml as DMN XML"),
        ("import", "write DMN XML as tables/<table>.toml"),
    ):
        deed = deeds.add_parser(name, help=told)
        deed.add_argument("service", help="institution.service")
        deed.add_argument("table", help="the table's name")
        deed.add_argument("file", type=Path, nargs="?" if name == "export" else None, help="the XML file")


def table(command: BaseCommand, *, deed: str, services: Path, service: str, **options: Any) -> None:
    folder = folder_of(services, service)
    {"export": _export, "import": _import}[deed](command, folder, options["table"], options["file"])


def _export(command: BaseCommand, folder: Path, name: str, file: Path | None) -> None:
    """To the file, or to the standard output."""
    content = as_dmn(_declared(folder, name))
    if file is None:
        command.stdout.write(content.decode())
        return
    file.write_bytes(content)
    command.stdout.write(f"{file}: {name} as DMN 1.3")


def _import(command: BaseCommand, folder: Path, name: str, file: Path) -> None:
    """Nothing is written when the file is no table, or a cell cannot be read."""
    if not NAME.fullmatch(name):
        raise CommandError(f"{name!r} is no name for a table: lower-case Latin letters, digits and _")
    try:
        with file.open("rb") as opened:
            declared = read_dmn(opened.read(BYTES_MAX + 1))
        read_table(declared)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    except DmnMalformedError as error:
        raise CommandError(f"{file}: {error}") from None
    except TableMalformedError as error:
        for fault in error.faults:
            where = "columns" if fault.rule is None else f"rule {fault.rule + 1}"
            command.stderr.write(f"{file}: {where}, {fault.column}: {fault.says}")
        raise CommandError(f"{len(error.faults)} cell(s) cannot be read: nothing was written") from None
    written = folder / tables.file_of(name)
    written.parent.mkdir(exist_ok=True)
    written.write_text(tables.as_toml(declared))
    command.stdout.write(f"{written}: now `hukumati services check {folder.parent.name}.{folder.name}`")


def _declared(folder: Path, name: str) -> DecisionTable:
    source = Source(read_folder(folder))
    known = tables.build(source)
    faults = [fault for fault in source.faults if fault.file == tables.file_of(name)]
    if faults:
        raise CommandError("\n".join(map(str, faults)))
    if name not in known:
        raise CommandError(
            f"there is no {tables.file_of(name)}; {close_to(name, list(known))}there are {', '.join(known) or 'none'}"
        )
    return known[name].declared
