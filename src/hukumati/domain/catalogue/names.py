"""Names of people as registries give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def full_name(parts: Mapping[str, str] | str | None) -> str:
    """A registry's name, by its parts or written out, as one line."""
    if isinstance(parts, str):
        return parts
    order = ("first", "father", "grandfather", "family")
    return " ".join(parts[part] for part in order if parts.get(part)) if parts else ""
