"""Ministry of Finance: who owes the treasury."""

import sqlite3

from sandbox import moments
from sandbox.registries.lives import revenue
from sandbox.registries.ministries.answers import Facts, reading, subsystem
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Subsystem


def subsystems(store: Records) -> list[Subsystem]:
    """finance/revenue"""
    return [subsystem("finance", "revenue", reading(store, "revenue", "clearance", _clearance))]


def _clearance(person: sqlite3.Row, _call: Call) -> Facts:
    return revenue.clearance(person, on=moments.today())
