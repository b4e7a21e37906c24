"""Once only, across all registries: nothing is asked that a connected registry tells, whatever the question is called.

A question is known by its id, by the `concept` that its form declares, and by its words in both languages. An attribute is known by its
name, its `concept`, its words, and what else people call it (`also`). A question that bears such words and means something else says
what it means: with a concept of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.facts import FieldKind
from hukumati.kernel.text import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hukumati.domain.catalogue.facts import Field, ServiceVersion
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.source import Source

FILE = "form.toml"
TYPED = frozenset(
    {
        FieldKind.CHOICE, FieldKind.MULTI, FieldKind.INTEGER, FieldKind.TEXT, FieldKind.DIGITS, FieldKind.DATE,
        FieldKind.YES_NO, FieldKind.MONEY, FieldKind.PHONE, FieldKind.IBAN, FieldKind.PLACE,
    }
)  # fmt: skip
PUNCTUATION = str.maketrans("", "", "؟?:.،,“”«»\"'()")


def prove(service: ServiceVersion, source: Source, registries: Mapping[str, Mapping[str, Any]]) -> None:
    """Add a fault for each question that a registry could answer."""
    told = _told(registries)
    identifies = {path for read in service.reads for path in read.parameters.values()}
    for path, asked in _questions(service):
        if f"answers.{asked.id}" in identifies:
            continue  # it says which record is meant: without it the registry could not be asked
        found = next((told[name] for name in _names(asked) if name in told), None)
        if found is not None:
            registry, attribute = found
            hint = (
                f"`{asked.id}` asks for what {registry} tells as `{attribute}`: read it and show it, do not ask; "
                "if it asks for something else, say what: concept = “…”"
            )
            source.fault(FILE, path, "asks_what_is_known", hint)


def _questions(service: ServiceVersion) -> Iterator[tuple[Path, Field]]:
    for number, page in enumerate(service.form.pages):
        for index, field in enumerate(page.fields):
            for asked in (field, *field.group):
                if asked.kind in TYPED:
                    yield ("page", number, "field", index), asked


def _names(asked: Field) -> list[str]:
    """What a question is known by; what its form says about it counts alone."""
    if asked.concept:
        return [asked.concept]
    return [plain(words) for words in (asked.label.ar, asked.label.en)]


def _told(registries: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, str]]:
    """Everything that registries tell, by each of its names. The first that tells it is named."""
    told: dict[str, tuple[str, str]] = {}
    for registry, row in registries.items():
        for attribute, words in row.get("attributes", {}).items():
            names = [words["ar"], words["en"], *words.get("also", ())]
            for name in (*map(plain, names), *filter(None, [words.get("concept", "")])):
                told.setdefault(name, (registry, attribute))
    return told


def plain(words: str) -> str:
    """Words for comparing: letters folded, without marks."""
    return " ".join(folded(words).translate(PUNCTUATION).split())
