"""Ministry of Education: results of the general secondary examination (tawjihi)."""

import sqlite3

from sandbox.bodies import Refusal
from sandbox.registries.lives import exams
from sandbox.registries.ministries.answers import Facts, parameter, reading, subsystem
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Subsystem


def subsystems(store: Records) -> list[Subsystem]:
    """education/exams"""
    return [subsystem("education", "exams", reading(store, "exams", "results", _results))]


def _results(person: sqlite3.Row, call: Call) -> Facts:
    result = exams.result(person)
    named = {"year": parameter(call, "year"), "seat": parameter(call, "seat")}
    if result is None or any(value and value != str(result[name]) for name, value in named.items()):
        raise Refusal(404, "exams.result_not_found", "No result of this person under this year and seat.")
    return result
