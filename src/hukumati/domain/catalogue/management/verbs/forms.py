"""import-form: a form that a ministry wrote as a spreadsheet becomes form.toml and texts of a folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandError

from hukumati.domain.catalogue.folder import workbook, xlsform
from hukumati.domain.catalogue.management.verbs.folders import folder_of

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand


def add_arguments(verbs: Any) -> None:
    importing = verbs.add_parser("import-form", help="take a form over from a spreadsheet (XLSForm)")
    importing.add_argument("service")
    importing.add_argument("file", type=Path, help="an .xlsx with the sheets survey and choices")
    importing.add_argument("--replace", action="store_true", help="write over the form that stands there")


def import_form(
    command: BaseCommand, *, services: Path, service: str, file: Path, replace: bool, **_options: Any
) -> None:
    """What cannot be taken over is told with sheet and row. Nothing is published; `check` proves the folder afterwards."""
    folder = folder_of(services, service)
    if (folder / "form.toml").exists() and not replace:
        raise CommandError(f"{folder}/form.toml stands there already: --replace writes over it")
    try:
        form = xlsform.read_form(workbook.read(file))
    except (workbook.WorkbookRefusedError, OSError) as fault:
        raise CommandError(f"{file}: {fault}") from None
    for note in form.notes:
        command.stderr.write(f"{file.name}: {note}")
    if not form.pages:
        raise CommandError("no question was found: nothing was written")
    (folder / "form.toml").write_text(xlsform.as_toml(form))
    for language, words in (("ar", form.ar), ("en", form.en)):
        path = folder / "texts" / f"{language}.toml"
        path.write_text(xlsform.texts_toml(tomllib.loads(path.read_text()), words))
    asked = sum(len(page["field"]) for page in form.pages)
    command.stdout.write(f"{len(form.pages)} page(s), {asked} question(s), {len(form.notes)} remark(s).")
    command.stdout.write(f"Now: hukumati services check {service}")
