"""Names, their Latin spelling, and places, from the files beside this module."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def names() -> dict[str, dict[str, str]]:
    """Arabic name to Latin spelling, by kind: male, female, family."""
    return tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))


@cache
def governorates() -> dict[str, dict[str, Any]]:
    """Governorates by code."""
    rows = tomllib.loads((HERE / "places.toml").read_text(encoding="utf-8"))["governorate"]
    return {row["code"]: row for row in rows}


@cache
def locality_latin() -> dict[str, str]:
    """Latin spelling of a locality."""
    return {arabic: latin for row in governorates().values() for arabic, latin in row["localities"]}


@cache
def cast() -> list[dict[str, Any]]:
    """The named people of the demonstration."""
    rows: list[dict[str, Any]] = tomllib.loads((HERE / "cast.toml").read_text(encoding="utf-8"))["person"]
    return rows


@cache
def cast_by_number() -> dict[str, dict[str, Any]]:
    """The same by their ID numbers."""
    return {row["national_id"]: row for row in cast()}


def latin_name(name: tuple[str, ...], sex: str) -> tuple[str, ...]:
    """The Latin spelling of a four-part name."""
    table = names()
    first, *fathers, family = name
    return (table[sex][first], *(table["male"][father] for father in fathers), table["family"][family])
