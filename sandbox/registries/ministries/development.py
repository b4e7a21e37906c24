"""Ministry of Social Development: assistance, and who is a social case."""

import sqlite3

from sandbox import moments
from sandbox.registries.lives import assistance
from sandbox.registries.ministries.answers import Facts, reading, subsystem
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Subsystem


def subsystems(store: Records) -> list[Subsystem]:
    """development/assistance"""
    return [
        subsystem(
            "development",
            "assistance",
            reading(store, "assistance", "programmes", _programmes),
            reading(store, "assistance", "social-case", _social_case),
        )
    ]


def _programmes(person: sqlite3.Row, _call: Call) -> Facts:
    return assistance.programmes(person, on=moments.today())


def _social_case(person: sqlite3.Row, _call: Call) -> Facts:
    return assistance.social_case(person, on=moments.today())
