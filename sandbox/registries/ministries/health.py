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
    def cover_of(person: sqlite3.Row) -> Facts:
        renewals = store.writes.answers(RENEWALS, person["national_id"])
        return insurance.cover(store, person, renewals=renewals, on=moments.today())

    def cover(person: sqlite3.Row, _call: Call) -> Facts:
        return cover_of(person)

    def renew(person: sqlite3.Row, body: Facts) -> Facts:
        months, included = body.get("months"), body.get("dependants", [])
        if isinstance(months, bool) or months not in insurance.RENEWAL_MONTHS:
            raise Refusal(422, "insurance.months_invalid", "months is one of 3, 6, 12.")
        if not isinstance(included, list) or not all(isinstance(one, str) for one in included):
            raise Refusal(422, "insurance.dependants_invalid", "dependants is a list of ID numbers.")
        known = cover_of(person)
        strangers = sorted(set(included) - {one["national_id"] for one in known["dependants"]})
        if strangers:
            raise Refusal(409, "insurance.not_a_dependant", "Not a dependant of this person.", strangers=strangers)
        return insurance.renewed(person, known, months=int(months), included=included, on=moments.today())

    return subsystem(
        "health",
        "insurance",
        reading(store, "insurance", "cover", cover),
        writing(store, "health", "insurance", "renewals", renew),
    )


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
