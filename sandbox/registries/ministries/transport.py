"""Ministry of Transport: driving licences, traffic fines, vehicles."""

import sqlite3
from typing import Any

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.registries.lives import driving, traffic, vehicles
from sandbox.registries.ministries.answers import Facts, reading, subsystem, writing
from sandbox.registries.records import Records
from sandbox.registries.xroad import Call, Subsystem

RENEWALS, PAYMENTS = "transport/licensing/renewals", "transport/traffic/payments"
NUMBERS_MAX = 50


def subsystems(store: Records) -> list[Subsystem]:
    """transport/licensing, transport/traffic, transport/vehicles"""
    return [_licensing(store), _traffic(store), _vehicles(store)]


def _licensing(store: Records) -> Subsystem:
    def licence_of(person: sqlite3.Row) -> Facts:
        licence = driving.licence(
            person, renewals=store.writes.answers(RENEWALS, person["national_id"]), on=moments.today()
        )
        if licence is None:
            raise Refusal(404, "licensing.licence_not_found", "No driving licence under this number.")
        return licence

    def driving_licences(person: sqlite3.Row, _call: Call) -> Facts:
        return licence_of(person)

    def medical_fitness(person: sqlite3.Row, _call: Call) -> Facts:
        return driving.fitness(person, on=moments.today())

    def renew(person: sqlite3.Row, body: Facts) -> Facts:
        licence, today = licence_of(person), moments.today()
        years = _years(body)
        _refuse_renewal(licence, driving.fitness(person, on=today), traffic.unpaid(_fines_of(store, person)))
        return driving.renewed(person, licence, years=years, on=today)

    return subsystem(
        "transport",
        "licensing",
        reading(store, "licensing", "driving-licences", driving_licences, unknown="licensing.licence_not_found"),
        reading(store, "licensing", "medical-fitness", medical_fitness),
        writing(store, "transport", "licensing", "renewals", renew),
    )


def _years(body: Facts) -> int:
    years = body.get("years")
    if isinstance(years, bool) or years not in driving.RENEWAL_YEARS:
        raise Refusal(422, "licensing.years_invalid", "years is one of 1, 2, 5.")
    return int(years)


def _refuse_renewal(licence: Facts, fitness: Facts, unpaid: list[Facts]) -> None:
    if licence["state"] == "suspended":
        raise Refusal(409, "licensing.licence_suspended", "A suspended licence is not renewed.")
    if fitness["required"] and not fitness["fit"]:
        raise Refusal(409, "licensing.fitness_missing", "A valid medical examination is needed.")
    if unpaid:
        raise Refusal(409, "licensing.fines_unpaid", "Fines are to be paid first.")


def _traffic(store: Records) -> Subsystem:
    def fines(person: sqlite3.Row, _call: Call) -> Facts:
        known = _fines_of(store, person)
        return {"fines": known, "unpaid_count": len(traffic.unpaid(known))}

    def pay(person: sqlite3.Row, body: Facts) -> Facts:
        numbers = _numbers(body)
        states = {fine["number"]: fine["state"] for fine in _fines_of(store, person)}
        for number in numbers:
            if number not in states:
                raise Refusal(409, "traffic.fine_not_found", "No such fine of this person.", number=number)
            if states[number] != "unpaid":
                raise Refusal(409, f"traffic.fine_{states[number]}", "This fine is not to be paid.", number=number)
        return {"settled": numbers}

    return subsystem(
        "transport",
        "traffic",
        reading(store, "traffic", "fines", fines),
        writing(store, "transport", "traffic", "payments", pay),
    )


def _vehicles(store: Records) -> Subsystem:
    def owned(person: sqlite3.Row, _call: Call) -> Facts:
        return {"vehicles": vehicles.owned(person, on=moments.today())}

    return subsystem("transport", "vehicles", reading(store, "vehicles", "vehicles", owned))


def _fines_of(store: Records, person: sqlite3.Row) -> list[Facts]:
    payments = store.writes.answers(PAYMENTS, person["national_id"])
    return traffic.fines(person, settled={number for payment in payments for number in payment["settled"]})


def _numbers(body: dict[str, Any]) -> list[str]:
    numbers = body.get("numbers")
    valid = (
        isinstance(numbers, list) and 0 < len(numbers) <= NUMBERS_MAX and len(set(map(str, numbers))) == len(numbers)
    )
    if not valid or not all(isinstance(number, str) for number in numbers or []):
        raise Refusal(422, "traffic.numbers_invalid", "numbers is a list of different fine numbers.")
    if not isinstance(body.get("receipt"), str) or not body["receipt"].strip():
        raise Refusal(422, "traffic.receipt_needed", "receipt is the number of the receipt for the payment.")
    return list(numbers or [])
