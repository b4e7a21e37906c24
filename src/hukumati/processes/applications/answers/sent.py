"""What a browser sent, and what it is checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import Facts

type Typed = Mapping[str, Any]
"""What a browser sent, by name: one text, or several where several may be chosen."""
type Problem = tuple[str, dict[str, Any]]

CHOSEN_MAX = 500


@dataclass(frozen=True)
class Around:
    """What answers are checked against: the places that may be chosen, what the State knows about the case, what was handed in."""

    offices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By the question that asks for one."""
    localities: Mapping[str, str] = field(default_factory=dict)
    """The governorate of each locality, by id."""
    facts: Facts = field(default_factory=dict)
    uploads: Mapping[str, str] = field(default_factory=dict)
    """The reference of each upload that the draft keeps, by question."""


class Wrong(ValueError):
    """An answer that cannot be taken, by its code and the facts of its sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.problem: Problem = (code, facts)


def one(typed: Typed, name: str) -> str:
    """What was typed under a name; of several the last, as a browser's later field wins."""
    sent = typed.get(name, "")
    return str(sent[-1] if isinstance(sent, list | tuple) and sent else sent or "")


def several(typed: Typed, name: str) -> list[str]:
    """What was chosen under a name, each once. No list that we offer is longer than what is kept."""
    sent = typed.get(name) or []
    return list(dict.fromkeys(str(value) for value in (sent if isinstance(sent, list | tuple) else [sent])))[
        :CHOSEN_MAX
    ]
