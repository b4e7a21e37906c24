"""diff, schema, bpmn, draw: what a folder says, in the forms that others read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.module_loading import import_string

from hukumati.domain.catalogue import changes, queries
from hukumati.domain.catalogue.change_words import PARTS, sentence
from hukumati.domain.catalogue.drawing import bpmn as bpmn_xml
from hukumati.domain.catalogue.drawing import picture
from hukumati.domain.catalogue.facts import ServiceFaultsError, ServiceNotFound
from hukumati.domain.catalogue.folder.checks import load_proved
from hukumati.domain.catalogue.management.verbs.folders import folder_of
from hukumati.domain.catalogue.schema import form_schema

if TYPE_CHECKING:
    from django.core.management.base import BaseCommand

    from hukumati.domain.catalogue.facts import ServiceVersion


def add_arguments(verbs: Any) -> None:
    comparing = verbs.add_parser("diff", help="what a folder changes against the published version")
    comparing.add_argument("service")
    comparing.add_argument("--language", choices=["ar", "en"], default="en")
    for verb, words in (
        ("schema", "the form as JSON Schema 2020-12"),
        ("bpmn", "the process as BPMN 2.0 XML, for a modeller"),
        ("draw", "the process as an SVG picture"),
    ):
        exporting = verbs.add_parser(verb, help=words)
        exporting.add_argument("service")
        exporting.add_argument("--to", type=Path, help="a file; otherwise it is printed")
        exporting.add_argument("--language", choices=["ar", "en"], default="ar")


def diff(command: BaseCommand, *, services: Path, service: str, language: str, **_options: Any) -> None:
    """For citizens, fees, process, reads; then what it does to cases that run."""
    new = _loaded(services, service)
    try:
        old = queries.get_published(service)
    except ServiceNotFound:
        old = None
    found = changes.diff(old, new)
    before = f"v{old.version}" if old else "–"
    command.stdout.write(f"{service}: {before} → v{new.version}" + ("" if found else ": nothing changes for anybody"))
    for part, title in PARTS.items():
        lines = [sentence(change).in_(language) for change in changes.of_part(found, part)]
        if lines:
            command.stdout.write("\n".join([f"\n{title.in_(language)}", *(f"  · {line}" for line in lines)]))
    if old and old.process and new.process:
        _say_running(command, service, new, language)


def _say_running(command: BaseCommand, service: str, new: ServiceVersion, language: str) -> None:
    """Cases belong to processes above the catalogue: the wiring names who counts them."""
    running = import_string(settings.COUNT_RUNNING_CASES)(service, new)
    command.stdout.write("\nRunning cases")
    for version, count in sorted(running.filed.items()):
        command.stdout.write(f"  · {count} filed under v{version}: they keep it to their end")
    command.stdout.write(f"  · {running.drafts} draft(s) go over to v{new.version} when their citizens open them")
    for words, counted in (("loses the answer to", running.lost), ("will be asked", running.asked)):
        for label, count in counted.items():
            command.stdout.write(f"    – {count}: {words} “{label.in_(language)}”")


def schema(command: BaseCommand, *, services: Path, service: str, to: Path | None, **_options: Any) -> None:
    _write(command, json.dumps(form_schema(_loaded(services, service)), ensure_ascii=False, indent=1) + "\n", to)


def bpmn(
    command: BaseCommand, *, services: Path, service: str, to: Path | None, language: str, **_options: Any
) -> None:
    _write(command, bpmn_xml.export(_with_process(services, service), language=language), to)


def draw(
    command: BaseCommand, *, services: Path, service: str, to: Path | None, language: str, **_options: Any
) -> None:
    _write(command, picture.draw(_with_process(services, service), language=language, standalone=True), to)


def _with_process(services: Path, service: str) -> ServiceVersion:
    loaded = _loaded(services, service)
    if loaded.process is None:
        raise CommandError(f"{service} has no process.toml: there is nothing to draw")
    return loaded


def _loaded(services: Path, service: str) -> ServiceVersion:
    try:
        return load_proved(folder_of(services, service))[0]
    except ServiceFaultsError as error:
        raise CommandError("\n".join(map(str, error.faults))) from None


def _write(command: BaseCommand, text: str, to: Path | None) -> None:
    if to is None:
        command.stdout.write(text, ending="")
    else:
        to.write_text(text)
        command.stdout.write(str(to))
