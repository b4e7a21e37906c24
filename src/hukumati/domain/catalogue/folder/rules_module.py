"""A service's own rules: short, pure Python that sees nothing but the sdk. Checked by its syntax tree before it is run."""

from __future__ import annotations

import ast
from types import ModuleType
from typing import TYPE_CHECKING

from hukumati.domain.catalogue import sdk

if TYPE_CHECKING:
    from hukumati.domain.catalogue.folder.source import Source

FILE = "rules.py"
LINES_MAX = 120
SDK = "hukumati.domain.catalogue.sdk"
# By name, not by module: a module of the library holds others, and through them everything.
SEEN = {
    "__future__": frozenset({"annotations"}),
    "collections.abc": frozenset({"Callable", "Collection", "Iterable", "Iterator", "Mapping", "Sequence", "Set"}),
    "dataclasses": frozenset({"dataclass", "field", "replace"}),
    "datetime": frozenset({"date", "datetime", "timedelta"}),
    "typing": frozenset({"TYPE_CHECKING", "Any", "Final", "Literal"}),
    SDK: frozenset(sdk.__all__),
}
FORBIDDEN_NAMES = frozenset(
    {
        "open",
        "exec",
        "eval",
        "compile",
        "__import__",
        "globals",
        "locals",
        "vars",
        "getattr",
        "setattr",
        "delattr",
        "input",
        "print",
        "breakpoint",
    }
)
CLOCKS = frozenset({"now", "today", "utcnow"})


def load(source: Source) -> ModuleType | None:
    """The module, or None when the service needs none (or when it must not be run: then faults say why)."""
    text = source.files.get(FILE)
    if text is None:
        return None
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        source.fault_at(FILE, error.lineno or 1, "not_python", error.msg)
        return None
    before = len(source.faults)
    if len(text.splitlines()) > LINES_MAX:
        source.fault_at(
            FILE,
            LINES_MAX,
            "rules_too_long",
            f"more than {LINES_MAX} lines: declare more, or ask for a new kind of declaration",
        )
    for node in ast.walk(tree):
        _check(source, node)
    if len(source.faults) > before:
        return None
    module = ModuleType("service_rules")
    exec(compile(tree, FILE, "exec"), module.__dict__)  # noqa: S102 (checked above; published by an operator, never typed by a citizen)
    return module


def _check(source: Source, node: ast.AST) -> None:
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = node.module or "." if isinstance(node, ast.ImportFrom) else ""
        for name in (alias.name for alias in node.names):
            if name not in SEEN.get(module, ()):
                source.fault_at(
                    FILE,
                    node.lineno,
                    "rules_see_too_much",
                    f"`{name}` may not be imported so; write `from … import …` with names out of: {', '.join(sorted(SEEN))}",
                )
    elif isinstance(node, ast.Name) and (node.id in FORBIDDEN_NAMES or node.id.startswith("__")):
        source.fault_at(
            FILE, node.lineno, "rules_not_pure", f"`{node.id}` may not be used: rules are values in, values out"
        )
    elif isinstance(node, ast.Attribute) and (node.attr.startswith("__") or node.attr in CLOCKS):
        source.fault_at(
            FILE, node.lineno, "rules_not_pure", f"`.{node.attr}` may not be used: moments come as arguments"
        )
