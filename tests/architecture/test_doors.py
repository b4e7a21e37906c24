"""A module is entered through its door. The linter knows directions, not doors."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import imported_names, list_modules

DOORS = ("api", "ports", "sdk", "facts")
# Small modules of infra whose package itself is the door.
OPEN_PACKAGES = {
    "hukumati.infra.declared",
    "hukumati.infra.jobs",
    "hukumati.infra.http",
    "hukumati.infra.health",
    "hukumati.infra.ports",
    "hukumati.infra.storage",
}
MODULE = re.compile(r"hukumati\.(?:domain|processes|infra)\.[a-z_]+")
# What is assembled reaches inside by name: settings name middlewares, the worker's command names its runner, the demonstration starts servers.
ASSEMBLY = "hukumati.config"


def break_ins(name: str, tree: ast.Module) -> list[str]:
    """Imports that step over a door."""
    own = MODULE.match(name)
    names = {module.name for module in list_modules()}
    found = []
    for imported in imported_names(tree):
        theirs = MODULE.match(imported)
        if theirs is None or (own and own.group() == theirs.group()):
            continue
        inside = imported[theirs.end() + 1 :].split(".")
        if inside[0] not in DOORS and not (
            theirs.group() in OPEN_PACKAGES and (imported == theirs.group() or imported not in names)
        ):
            found.append(imported)
    return found


@pytest.mark.parametrize(
    ("name", "source", "stepped_over"),
    [
        ("hukumati.web.portal.pages.pay", "from hukumati.domain.payments import api as payments", []),
        ("hukumati.web.portal.pages.pay", "from hukumati.domain.payments.facts import ChargeFacts", []),
        ("hukumati.web.portal.pages.pay", "from hukumati.infra.jobs import enqueue", []),
        ("hukumati.web.api.health", "from hukumati.infra import health", []),
        (
            "hukumati.web.portal.pages.pay",
            "from hukumati.domain.payments.models import Charge",
            ["hukumati.domain.payments.models.Charge"],
        ),
        (
            "hukumati.web.portal.pages.pay",
            "from hukumati.domain.payments import actions",
            ["hukumati.domain.payments.actions"],
        ),
        ("hukumati.web.portal.pages.pay", "import hukumati.infra.jobs.runner", ["hukumati.infra.jobs.runner"]),
        ("hukumati.domain.payments.actions", "from hukumati.domain.payments.models import Charge", []),
    ],
)
def test_the_rule_sees_who_steps_over_a_door(name, source, stepped_over):
    assert break_ins(name, ast.parse(source)) == stepped_over


def test_modules_are_entered_through_their_doors():
    found = {
        module.place: break_ins(module.name, module.tree)
        for module in list_modules()
        if not module.is_test and not module.is_migration and not module.name.startswith(ASSEMBLY)
    }
    assert {place: names for place, names in found.items() if names} == {}


def test_doors_say_what_they_open_and_hold_no_logic():
    faults = []
    for module in list_modules():
        if module.path.name != "api.py" or module.is_test:
            continue
        assigned = [
            target.id
            for node in module.tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        ]
        if "__all__" not in assigned:
            faults.append(f"{module.place}: no __all__")
    assert faults == []


def test_what_a_door_opens_is_explained():
    """Verbs that others call carry a docstring, for they are read far from their code."""
    import importlib
    import inspect

    faults = []
    for module in list_modules():
        if module.path.name != "api.py" or module.is_test:
            continue
        door = importlib.import_module(module.name)
        for name in door.__all__:
            thing = getattr(door, name)
            if inspect.isfunction(thing) and not thing.__doc__:
                faults.append(f"{module.name}.{name}")
    assert faults == []
