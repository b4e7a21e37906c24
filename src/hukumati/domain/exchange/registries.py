"""The registries we may speak to: their names for people, and the services of theirs that are asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from hukumati.infra import declared
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RegistryFacts:
    registry: str
    name: Text
    services: tuple[str, ...]
    """Each is asked about nobody (000000000) again and again: a polite "unknown" proves that it answers."""
    attributes: Mapping[str, Text]
    """What people call each attribute that the registry can tell."""
    values: Mapping[str, Mapping[str, Text]]
    """The registry's own words for values, by attribute, as people say them."""


def get_registry(registry: str) -> RegistryFacts:
    """What a registry is called and where it stands. KeyError for one that no file names."""
    return _registries()[registry]


def list_registries() -> list[RegistryFacts]:
    """Every registry that services may read."""
    return list(_registries().values())


@cache
def _registries() -> Mapping[str, RegistryFacts]:
    return {
        row["id"]: RegistryFacts(row["id"], _text(row["name"]), tuple(row["services"]), _attributes(row), _values(row))
        for row in declared.rows(settings.SERVICES_DIR, "registries.toml", "registry").values()
    }


def _attributes(row: dict[str, Any]) -> dict[str, Text]:
    return {name: _text(words) for name, words in row.get("attributes", {}).items()}


def _values(row: dict[str, Any]) -> dict[str, dict[str, Text]]:
    told: dict[str, dict[str, dict[str, str]]] = row.get("values", {})
    return {name: {value: _text(words) for value, words in values.items()} for name, values in told.items()}


def _text(words: Mapping[str, str]) -> Text:
    return Text(words["ar"], words["en"])
