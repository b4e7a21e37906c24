"""The lives behind the registries: shares near what the README says, numbers that belong to one, nothing impossible."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from sandbox.population.cast import cast_people
from sandbox.population.generator import PEOPLE, REFERENCE, generate
from sandbox.population.store import open_population, write
from sandbox.registries.lives import assistance, births, driving, exams, insurance, revenue, traffic, vehicles
from sandbox.registries.lives.draw import age, born, is_living_adult
from sandbox.registries.newborns import NEWBORNS_SCHEMA, Newborns
from sandbox.registries.records import Records
from sandbox.registries.writes import WRITES_SCHEMA, Writes


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("lives") / "people.sqlite"
    write(path, [*cast_people(), *generate(PEOPLE - len(cast_people()))])
    with closing(sqlite3.connect(":memory:")) as told, closing(open_population(path)) as population:
        told.row_factory = sqlite3.Row
        told.executescript(WRITES_SCHEMA + NEWBORNS_SCHEMA)
        yield Records(population, Writes(told), Newborns(told))


@pytest.fixture(scope="module")
def people(store):
    """Every fifth of the generated ones; the numbers are scattered over all generations."""
    rows = store.population.execute("select * from people where national_id >= '900010000' order by national_id")
    return [row for position, row in enumerate(rows) if position % 5 == 0]


@pytest.fixture(scope="module")
def adults(people):
    return [person for person in people if is_living_adult(person)]


@pytest.fixture(scope="module")
def drivers(adults):
    return [person for person in adults if person["licence"]]


def share(of, among):
    return sum(bool(of(person)) for person in among) / len(among)


def test_drivers_have_fines_and_vehicles(drivers):
    fines = [fine for person in drivers for fine in traffic.fines(person, settled=())]
    assert 0.27 < share(lambda person: traffic.fines(person, settled=()), drivers) < 0.37
    assert 0.42 < share(lambda fine: fine["state"] == "unpaid", fines) < 0.58
    assert 0.60 < share(lambda person: vehicles.owned(person, on=REFERENCE), drivers) < 0.70
    assert 0.07 < share(lambda person: len(vehicles.owned(person, on=REFERENCE)) == 2, drivers) < 0.13


def test_fitness_is_missing_for_a_quarter_of_those_who_need_it(drivers):
    examined = [driving.fitness(person, on=REFERENCE) for person in drivers]
    needed = [fitness for fitness in examined if fitness["required"]]
    assert 0.19 < share(lambda fitness: not fitness["fit"], needed) < 0.31
    assert not any(fitness["fit"] for fitness in examined if not fitness["required"])


def test_public_employees_are_insured_as_such(store, adults):
    covers = {
        person["national_id"]: insurance.cover(store, person, renewals=[], on=REFERENCE) for person in adults[:800]
    }
    employees = [covers[person["national_id"]] for person in adults[:800] if person["employer"]]
    assert employees
    assert all((one["category"], one["ends_on"] is None) == ("public_employee", False) for one in employees)
    assert 0.65 < share(lambda cover: cover["ends_on"], list(covers.values())) < 0.80


def test_a_cover_lasts_its_months(store, adults):
    for person in adults[:300]:
        cover = insurance.cover(store, person, renewals=[], on=REFERENCE)
        if cover["ends_on"]:
            years, months = (int(cover["ends_on"][part]) - int(cover["starts_on"][part]) for part in (YEAR, MONTH))
            assert abs(years * 12 + months - cover["months"]) <= 1


YEAR, MONTH = slice(0, 4), slice(5, 7)


def test_assistance_social_cases_and_dues_are_as_frequent_as_told(adults):
    assert 0.035 < share(lambda person: assistance.social_case(person, on=REFERENCE)["social_case"], adults) < 0.065
    assert 0.05 < share(assistance.was_social_case, adults) < 0.09
    assert 0.05 < share(lambda person: assistance.programmes(person, on=REFERENCE)["programmes"], adults) < 0.12
    assert 0.12 < share(lambda person: revenue.clearance(person, on=REFERENCE)["dues"], adults) < 0.18


def test_school_leavers_of_ten_years_have_results(people):
    leavers = [person for person in people if 2017 <= born(person).year + 18 <= 2026 and not person["died_on"]]
    assert 0.76 < share(exams.result, leavers) < 0.84
    assert 0.70 < share(lambda one: one["passed"], [result for one in leavers if (result := exams.result(one))]) < 0.98
    assert not any(exams.result(person) for person in people if age(person) > 30 or age(person) < 16)


def test_newborns_are_fresh_or_late_and_their_parents_live(store, people):
    couples = [couple for person in people if (couple := births.parents(store, person))]
    mothers = [couple[0] for couple in couples if 19 <= age(couple[0]) < 43]
    days = [births.newborn_day(store, mother, REFERENCE) for mother in mothers]
    fresh = REFERENCE - timedelta(days=births.LATE_DAYS)
    assert 0.06 < share(lambda day: day is not None and day >= fresh, days) < 0.12
    assert 0.04 < share(lambda day: day is not None and day < fresh, days) < 0.11
    assert not any(parent["died_on"] for couple in couples for parent in couple)


def test_a_newborns_day_stands_once_somebody_was_told_of_it(store, people):
    mother = next(
        couple[0]
        for person in people
        if (couple := births.parents(store, person)) and births.newborn_day(store, couple[0], REFERENCE)
    )
    tomorrow = REFERENCE + timedelta(days=1)
    before = births.newborn_day(store, mother, REFERENCE)
    assert births.newborn_day(store, mother, tomorrow) == before + timedelta(days=1)
    first, later = (births.notifications(store, mother, on=on)[0] for on in (REFERENCE, tomorrow))
    assert first == later
    assert first["born_on"] == before.isoformat()


def test_numbers_and_seats_belong_to_one_person(store, people):
    seats = [(one["year"], one["seat"]) for person in people if (one := exams.result(person))]
    fines = [fine["number"] for person in people for fine in traffic.fines(person, settled=())]
    plates = [one["plate"] for person in people for one in vehicles.owned(person, on=REFERENCE)]
    newborns = [births.number_of(person) for person in people]
    for numbers in (seats, fines, plates, newborns):
        assert len(numbers) == len(set(numbers)) > 100
