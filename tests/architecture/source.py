"""The project's own source as syntax trees, for tests that read what the import linter cannot see."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"


@dataclass(frozen=True)
class Module:
    """One file: its dotted name, where it stands, and its tree."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.parts or self.path.name == "conftest.py"

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    @property
    def place(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def list_modules() -> tuple[Module, ...]:
    return tuple(read_module(path) for path in sorted((SRC / "hukumati").rglob("*.py")))


def read_module(path: Path) -> Module:
    parts = path.relative_to(SRC).with_suffix("").parts
    return Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts), path, ast.parse(path.read_text()))


def imported_names(tree: ast.Module) -> list[str]:
    """Dotted names that a file imports: `from a.b import c` is a.b.c, whatever c is."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names
