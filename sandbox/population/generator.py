"""Grows the population: founders, marriages, children, over four generations. Same seed, same people."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from sandbox.population import wordlists
from sandbox.population.identity_numbers import generated_number
from sandbox.population.people import BirthRecord, FourNames, Licence, Person, age_on, child_name

SEED = 1988
PEOPLE = 20_000
# The day the population is a picture of; ages in answers are counted from today.
REFERENCE = date(2026, 10, 31)
FOUNDER_COUPLES = 1_400
INCOMPLETE_SHARE = 0.03
EMPLOYEE_SHARE = 0.08
EMPLOYERS = ("interior", "health", "education", "transport", "finance", "development", "post", "telecom")
DEFECTS = ("mother_name_latin", "registration_number", "birth_place_latin")


@dataclass
class _Growth:
    """The state of one growing population."""

    room: int
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    people: list[Person] = field(default_factory=list)
    last_child: dict[str, date] = field(default_factory=dict)
    positions: "count[int]" = field(default_factory=count)

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randrange(max(1, (last - first).days)))


def generate(room: int) -> list[Person]:
    """So many people, born in families."""
    growth = _Growth(room)
    generation = _founders(growth)
    while generation and len(growth.people) < room:
        generation = _children_of(growth, _marry(growth, generation))
    for person in growth.people:
        _live(growth, person)
    return growth.people


def _founders(growth: _Growth) -> list[Person]:
    names = wordlists.names()
    male, female, family = (list(names[kind]) for kind in ("male", "female", "family"))
    pick = growth.chance.choice
    for position in range(FOUNDER_COUPLES * 2):
        sex = "male" if position % 2 else "female"
        house = pick(family)
        fathers: FourNames = (pick(male), pick(male), pick(male), house)
        mother: FourNames = (pick(female), pick(male), pick(male), pick(family))
        first = pick(male if sex == "male" else female)
        governorate = pick(list(wordlists.governorates()))
        born = growth.day(date(1930, 1, 1), date(1949, 1, 1))
        _be_born(growth, sex, first, born, governorate, fathers, mother)
    return list(growth.people)


def _be_born(
    growth: _Growth, sex: str, first: str, born: date, governorate: str, father: FourNames, mother: FourNames
) -> Person:
    place = wordlists.governorates()[governorate]
    locality = growth.chance.choice(place["localities"])[0]
    position = next(growth.positions)
    record = BirthRecord(
        registration_number=f"{born.year}/{place['number']:02}/{10_000 + position:05}",
        registered_on=min(born + timedelta(days=growth.chance.randrange(1, 25)), REFERENCE),
        hospital_ar=f"مستشفى {place['name_ar']} الحكومي",
        father_name=father,
        mother_name=mother,
    )
    if growth.chance.random() < INCOMPLETE_SHARE:
        record.missing = [growth.chance.choice(DEFECTS)]
    person = Person(
        national_id=generated_number(position),
        sex=sex,
        name=child_name(first, father),
        birth_date=born,
        governorate=governorate,
        birth_governorate=governorate,
        birth_locality=locality,
        birth=record,
    )
    growth.people.append(person)
    return person


def _marry(growth: _Growth, generation: list[Person]) -> list[tuple[Person, Person, date]]:
    men = sorted((one for one in generation if one.sex == "male"), key=_by_birth)
    women = sorted((one for one in generation if one.sex == "female"), key=_by_birth)
    couples = []
    for man in men:
        if growth.chance.random() < 0.06:
            continue
        woman = next((one for one in women[:40] if _may_marry(man, one)), None)
        if woman is None:
            continue
        women.remove(woman)
        wedding = max(man.birth_date, woman.birth_date) + timedelta(days=growth.chance.randrange(20 * 365, 27 * 365))
        if wedding < REFERENCE:
            man.spouse_id, woman.spouse_id = woman.national_id, man.national_id
            woman.governorate = man.governorate
            couples.append((man, woman, wedding))
    return couples


def _by_birth(person: Person) -> date:
    return person.birth_date


def _may_marry(man: Person, woman: Person) -> bool:
    apart = (woman.birth_date - man.birth_date).days
    return -365 < apart < 9 * 365 and man.name[3] != woman.name[3]


def _children_of(growth: _Growth, couples: list[tuple[Person, Person, date]]) -> list[Person]:
    children = []
    names = {sex: list(wordlists.names()[sex]) for sex in ("male", "female")}
    growth.chance.shuffle(couples)
    for man, woman, wedding in couples:
        born = wedding + timedelta(days=growth.chance.randrange(300, 900))
        taken: set[str] = set()
        for _ in range(growth.chance.choice((1, 2, 3, 3, 4, 4, 5, 6, 7))):
            too_late = born >= REFERENCE or age_on(woman.birth_date, born) > 43
            if too_late or len(growth.people) >= growth.room:
                break
            sex = growth.chance.choice(("male", "female"))
            first = growth.chance.choice([name for name in names[sex] if name not in taken])
            taken.add(first)
            child = _be_born(growth, sex, first, born, man.governorate, man.name, woman.name)
            child.father_id, child.mother_id = man.national_id, woman.national_id
            growth.last_child[man.national_id] = growth.last_child[woman.national_id] = born
            children.append(child)
            born += timedelta(days=growth.chance.randrange(450, 1500))
    return children


def _live(growth: _Growth, person: Person) -> None:
    """Death, card, telephone, work, licence: what came after birth."""
    draw = growth.chance.random
    age = age_on(person.birth_date, REFERENCE)
    if draw() < _death_share(age):
        earliest = max(growth.last_child.get(person.national_id, person.birth_date), person.birth_date)
        person.died_on = growth.day(max(earliest, person.birth_date + timedelta(days=age * 250)), REFERENCE)
    sixteen = person.birth_date + timedelta(days=16 * 366)
    end = person.died_on or REFERENCE
    if sixteen < end:
        person.card_issued_on = growth.day(max(sixteen, end - timedelta(days=3600)), end)
    if person.died_on or age < 16:
        return
    position = int(person.birth.registration_number.rpartition("/")[2]) if person.birth.registration_number else 0
    person.mobile = f"+97059{2_000_000 + position * 97:07}"
    if 22 <= age < 60 and draw() < EMPLOYEE_SHARE * 1.35:
        person.employer = growth.chance.choice(EMPLOYERS)
    if 18 <= age < 80 and draw() < (0.78 if person.sex == "male" else 0.48):
        person.licence = _licence(growth, person, position)


def _death_share(age: int) -> float:
    for floor, share in ((90, 0.85), (80, 0.55), (70, 0.25), (60, 0.08), (40, 0.02)):
        if age >= floor:
            return share
    return 0.004


def _licence(growth: _Growth, person: Person, position: int) -> Licence:
    chance = growth.chance
    eighteen = person.birth_date + timedelta(days=18 * 366)
    first = growth.day(eighteen, max(eighteen + timedelta(days=2), min(REFERENCE, eighteen + timedelta(days=4000))))
    first = min(first, REFERENCE)
    issued = growth.day(max(first, REFERENCE - timedelta(days=2100)), REFERENCE)
    suspended = chance.random() < 0.03
    return Licence(
        number=str(3_000_000 + position),
        classes=chance.choice((["B"], ["B"], ["B"], ["A", "B"], ["B", "C1"], ["B", "C1", "D"])),
        first_issued_on=first,
        issued_on=issued,
        expires_on=issued + timedelta(days=5 * 365),
        points=20 if suspended else chance.choice((0, 0, 0, 0, 2, 4, 6, 8)),
        suspended=suspended,
    )
