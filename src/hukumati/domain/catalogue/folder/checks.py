"""What holds between folders: institutions, offices, registries and services that are named exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.facts import ServiceFaultsError
from hukumati.domain.catalogue.folder import cases, once_only
from hukumati.domain.catalogue.folder.loader import load_source
from hukumati.domain.catalogue.folder.source import Source, close_to, read_folder
from hukumati.infra import declared

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from hukumati.domain.catalogue.facts import ServiceFault, ServiceVersion, WriteDeclaration

EXCHANGE = "exchange.toml"
REGISTRIES = ("registries.toml", "registry")
INSTRUMENTS = ("instruments.toml", "instrument")
UNKNOWN_PERSON = "unknown_person"
"""Not a register's own word: it knows nobody under the number."""


def load_proved(path: Path) -> tuple[ServiceVersion, dict[str, str]]:
    """A service and the texts of its snapshot, proved alone, against its surroundings, and by its own cases."""
    source = Source(read_folder(path), shown_as=f"{path.parent.name}/{path.name}/")
    service = load_source(source)
    _check_place(service, source, path)
    _check_surroundings(service, source, path.parent.parent)
    _check_names(service, source, path.parent.parent)
    once_only.prove(service, source, declared.rows(path.parent.parent, *REGISTRIES))
    _check_topics(service, source, path.parent.parent)
    _check_exchange(service, source, path.parent.parent)
    if not source.faults:
        cases.prove(service, source)
    if source.faults:
        raise ServiceFaultsError(service.id, source.faults)
    return service, source.snapshot


def check_folders(root: Path) -> tuple[list[ServiceVersion], list[ServiceFault]]:
    """Every service under the root: those that hold, and the faults of those that do not."""
    services, faults = [], []
    for path in list_folders(root):
        try:
            services.append(load_proved(path)[0])
        except ServiceFaultsError as error:
            faults += error.faults
    return services, faults


def list_folders(root: Path) -> list[Path]:
    """Folders with a service.toml, by name."""
    return sorted(file.parent for file in root.glob("*/*/service.toml"))


def _check_place(service: ServiceVersion, source: Source, path: Path) -> None:
    if service.id != f"{path.parent.name}.{path.name}":
        source.fault("service.toml", ("id",), "id_disagrees", f"the folder says {path.parent.name}.{path.name}")
    if service.id.partition(".")[0] != service.institution:
        source.fault("service.toml", ("institution",), "institution_disagrees", "the id begins with the institution")


def _check_surroundings(service: ServiceVersion, source: Source, root: Path) -> None:
    for file, table in (INSTRUMENTS, REGISTRIES):
        for words in declared.faults(root, file, table, institution=service.institution):
            source.fault("service.toml", ("institution",), "surroundings_broken", words)


def _check_names(service: ServiceVersion, source: Source, root: Path) -> None:
    _known(
        source, "service.toml", ("institution",), service.institution, _ids(root, "institutions.toml", "institution")
    )
    for office in service.offices:
        _known(source, "service.toml", ("offices",), office, _ids(root, "offices.toml", "office"))
    instruments = _ids(root, *INSTRUMENTS)
    for index, line in enumerate(service.fee_lines):
        _known(source, "fees.toml", ("line", index, "instrument"), line.instrument, instruments)
    for index, item in enumerate(service.item_lines):
        _known(source, "fees.toml", ("items", index, "instrument"), item.instrument, instruments)
    for basis in service.legal_basis:
        _known(source, "service.toml", ("legal_basis",), basis.partition(":")[0], instruments)
    for index, notice in enumerate(service.answer.notices if service.answer else ()):
        # Looking at every folder for each folder would take a thousand of them a million looks.
        if notice.service and not _is_service(root, notice.service):
            services = {f"{path.parent.name}.{path.name}" for path in list_folders(root)}
            _known(source, "answer.toml", ("notice", index, "service"), notice.service, services)


def _is_service(root: Path, service: str) -> bool:
    institution, _dot, name = service.partition(".")
    return bool(name) and "/" not in service and (root / institution / name / "service.toml").is_file()


def _check_topics(service: ServiceVersion, source: Source, root: Path) -> None:
    if service.category:
        _known(source, "service.toml", ("category",), service.category, _ids(root, "topics.toml", "category"))
    for event in service.life_events:
        _known(source, "service.toml", ("life_events",), event, _ids(root, "topics.toml", "life_event"))


def _check_exchange(service: ServiceVersion, source: Source, root: Path) -> None:
    """A register is asked for what it can tell, and told what it takes: found here, and not by the first citizen who waits for it."""
    registries = declared.rows(root, *REGISTRIES)
    for index, read in enumerate(service.reads):
        offered = registries.get(read.registry, {}).get("services", {})
        if read.registry in registries:
            _known(source, EXCHANGE, ("read", index, "service"), read.service, offered)
        _all_known(source, ("read", index, "attributes"), read.attributes, offered.get(read.service))
    for index, write in enumerate(service.writes):
        offered = registries.get(write.registry, {}).get("entries", {})
        if write.registry in registries:
            _known(source, EXCHANGE, ("write", index, "service"), write.service, offered)
        if write.service in offered:
            _check_entry(source, index, write, offered[write.service])


def _check_entry(source: Source, index: int, write: WriteDeclaration, entry: dict[str, list[str]]) -> None:
    """Every no that the register has is said in words: a citizen is not left with a code."""
    _all_known(source, ("write", index, "facts"), write.facts, entry["takes"])
    _all_known(source, ("write", index, "returns"), write.returns, entry["returns"])
    _all_known(source, ("write", index, "refusals"), write.refusals, [*entry["refusals"], UNKNOWN_PERSON])
    for reason in sorted(set(entry["refusals"]) - set(write.refusals)):
        hint = f"the register may refuse with `{reason}`: name it under `refusals` and give it its words"
        source.fault(EXCHANGE, ("write", index, "refusals"), "refusal_without_words", hint)


def _all_known(
    source: Source, path: tuple[str | int, ...], names: Collection[str], known: Collection[str] | None
) -> None:
    for name in names if known is not None else ():
        _known(source, EXCHANGE, path, name, known or ())


def _known(source: Source, file: str, path: tuple[str | int, ...], name: str, known: Collection[str]) -> None:
    if name not in known:
        source.fault(
            file,
            path,
            "unknown_name",
            f"there is no `{name}`; {close_to(name, sorted(known))}known are {', '.join(sorted(known))}",
        )


def _ids(root: Path, file: str, table: str) -> set[str]:
    return set(declared.rows(root, file, table))
