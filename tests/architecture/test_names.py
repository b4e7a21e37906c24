"""Names that say nothing, and places where something must not stand."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import ROOT, imported_names, list_modules

SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "core",
    "base",
    "manager",
    "managers",
    "handler",
    "handlers",
    "processor",
    "service_impl",
    "data",
    "info",
}
ALLOWED = {"src/hukumati/config/settings/base.py"}  # Django's usual word for the settings that others start from
LINES_MAX = 450  # "about 400": longer becomes a folder of the same name
SPEAKERS = ("hukumati.infra.http", "httpx", "smtplib", "socket", "urllib.request", "requests")


def test_names_say_what_is_inside():
    faults = [
        module.place
        for module in list_modules()
        if SAYS_NOTHING & set(module.path.relative_to(ROOT).with_suffix("").parts[1:]) and module.place not in ALLOWED
    ]
    assert faults == []


def test_files_stay_readable():
    long = {
        module.place: lines
        for module in list_modules()
        if (lines := len(module.path.read_text().splitlines())) > LINES_MAX
        and not module.is_migration
        and not module.is_test
    }
    assert long == {}


def test_migrations_have_names():
    nameless = [
        module.place
        for module in list_modules()
        if module.is_migration and re.search(r"_auto_|\d{4}_initial", module.path.name)
    ]
    assert nameless == []


def test_migrations_import_nothing_of_the_application():
    """A migration must still mean the same when the code around it has changed."""
    faults = {
        module.place: ours
        for module in list_modules()
        if module.is_migration
        and (
            ours := [
                name
                for name in imported_names(module.tree)
                if name.startswith("hukumati.") and ".migrations" not in name
            ]
        )
    }
    assert faults == {}


def test_faces_do_not_query():
    """A page gets facts from doors; rows stay in their module."""
    faults = [
        f"{module.place}:{node.lineno}"
        for module in list_modules()
        if module.name.startswith("hukumati.web") and not module.is_test
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]
    assert faults == []


def test_the_clock_is_read_at_the_edge():
    """Verbs are told the time; only faces, jobs and commands may look at the clock."""
    faults = [
        module.place
        for module in list_modules()
        if re.match(r"hukumati\.(kernel|domain|processes)", module.name)
        and module.path.name not in {"jobs.py", "checks.py"}
        and "jobs" not in module.path.parts
        and "management" not in module.path.parts
        and not module.is_test
        and any(
            name in {"django.utils.timezone", "django.utils.timezone.now"} for name in (*imported_names(module.tree),)
        )
        and reads_clock(module.tree)
    ]
    assert faults == []


def reads_clock(tree: ast.Module) -> bool:
    """Calls now() of Django's timezone, under either name."""
    return any(
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "now")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "now")
        )
        for node in ast.walk(tree)
    )


def spoken_in_transaction(tree: ast.Module) -> list[int]:
    """Lines where a file that imports a way to the network uses it inside `atomic`."""
    ways = {name.rpartition(".")[2] for name in imported_names(tree) if name.startswith(SPEAKERS)}
    found = []
    for node in ast.walk(tree):
        if not _is_atomic(node):
            continue
        for inner in ast.walk(node):
            name = inner.id if isinstance(inner, ast.Name) else inner.attr if isinstance(inner, ast.Attribute) else ""
            if name in ways or _asks_for_an_adapter(inner):
                found.append(inner.lineno)
    return found


def _is_atomic(node: ast.AST) -> bool:
    marks = (
        node.decorator_list
        if isinstance(node, ast.FunctionDef)
        else [item.context_expr for item in node.items]
        if isinstance(node, ast.With)
        else []
    )
    return any("atomic" in ast.unparse(mark) for mark in marks)


def _asks_for_an_adapter(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "adapter"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (
            "from hukumati.infra.ports import adapter\n@transaction.atomic\ndef pay():\n    adapter('payments.card').start()",
            [4],
        ),
        ("import httpx\nwith transaction.atomic():\n    httpx.get('')", [3]),
        (
            "from hukumati.infra.ports import adapter\ndef pay():\n    adapter('payments.card').start()\n    with transaction.atomic():\n        save()",
            [],
        ),
    ],
)
def test_the_rule_sees_who_speaks_in_a_transaction(source, lines):
    assert spoken_in_transaction(ast.parse(source)) == lines


def test_nobody_speaks_inside_a_transaction():
    """Commit first, speak later: a slow gateway must not hold locks, and what was said cannot be rolled back."""
    faults = {
        module.place: lines
        for module in list_modules()
        if not module.is_test and (lines := spoken_in_transaction(module.tree))
    }
    assert faults == {}
