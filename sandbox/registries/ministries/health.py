"""Ministry of Health: government insurance, and what hospitals notify of births."""

import sqlite3

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.registries.lives import births, insurance
from sandbox.registries.ministries.answers import Facts, parameter, reading, subsystem, writing
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Subsystem

RENEWALS = "health/insurance/renewals"


def subsystems(store: Records) -> list[Subsystem]:
    """health/insurance, health/births"""
    return [_insurance(store), _births(store)]


def _insurance(store: Records) -> Subsystem:
    def renewals_of(person: sqlite3.Row) -> list[Facts]:
        return store.writes.answers(RENEWALS, person["national_id"])

    def cover_of(person: sqlite3.Row) -> Facts:
        return insurance.cover(store, person, renewals=renewals_of(person), on=moments.today(), renewals_of=renewals_of)

    def cover(person: sqlite3.Row, _call: Call) -> Facts:
        return cover_of(person)

    def renew(person: sqlite3.Row, body: Facts) -> Facts:
        months, included, admitted = body.get("months"), _numbers(body, "dependants"), _numbers(body, "admitted")
        if isinstance(months, bool) or months not in insurance.RENEWAL_MONTHS:
            raise Refusal(422, "insurance.months_invalid", "months is one of 3, 6, 12.")
        known = cover_of(person)
        let_in = admitted & insurance.kin(store, person).keys()
        strangers = sorted(included - let_in - {one["national_id"] for one in known["dependants"]})
        if strangers:
            raise Refusal(409, "insurance.not_a_dependant", "Not a dependant of this person.", strangers=strangers)
        return insurance.renewed(person, known, months=int(months), included=sorted(included), on=moments.today())

    return subsystem(
        "health",
        "insurance",
        reading(store, "insurance", "cover", cover),
        writing(store, "health", "insurance", "renewals", renew),
    )


def _numbers(body: Facts, name: str) -> set[str]:
    """The ID numbers of a list of people: each a number, or a table that holds it. `admitted` are those whom a clerk let in."""
    told = body.get(name, [])
    people = told if isinstance(told, list) else [None]
    numbers = [one.get("national_id") if isinstance(one, dict) else one for one in people]
    if not all(isinstance(one, str) for one in numbers):
        raise Refusal(422, "insurance.dependants_invalid", f"{name} is a list of people with their ID numbers.")
    return {str(one) for one in numbers}


def _births(store: Records) -> Subsystem:
    def notifications(person: sqlite3.Row, call: Call) -> Facts:
        number = parameter(call, "number")
        if not number:
            raise Refusal(400, "births.number_needed", "Give the number on the hospital's notification.")
        # A stranger's notification and one that does not exist answer the same: numbers cannot be tried out.
        for notification in births.notifications(store, person, on=moments.today()):
            if notification["number"] == number:
                return notification
        raise Refusal(404, "births.notification_not_found", "No notification of a birth with this number and parent.")

    return subsystem("health", "births", reading(store, "births", "notifications", notifications))
