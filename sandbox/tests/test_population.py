"""The invented people: the same every time, and of one piece."""

import json
from datetime import date
from pathlib import Path

import pytest
from stdnum.il import idnr

from sandbox.card_gateway.cards import known_cards
from sandbox.population import wordlists
from sandbox.population.cast import cast_people
from sandbox.population.generator import PEOPLE, generate
from sandbox.population.identity_numbers import check_digit, generated_number, is_synthetic
from sandbox.population.people import age_on
from sandbox.population.store import open_population, write


@pytest.fixture(scope="module")
def people():
    named = cast_people()
    return {one.national_id: one for one in [*named, *generate(PEOPLE - len(named))]}


def test_population_has_twenty_thousand_people_with_their_own_numbers(people):
    assert len(people) == PEOPLE == 20_000


def test_population_is_the_same_every_time(people):
    again = generate(PEOPLE - len(cast_people()))
    assert again == list(people.values())[len(cast_people()) :]


def test_population_is_written_whole(tmp_path):
    write(tmp_path / "people.sqlite", [*cast_people(), *generate(PEOPLE - len(cast_people()))])
    population = open_population(tmp_path / "people.sqlite")
    assert population.execute("select count(*) from people").fetchone()[0] == PEOPLE
    population.close()


def test_every_number_is_valid_and_marked_synthetic(people):
    for number in people:
        assert idnr.is_valid(number)
        assert number.startswith("900")
        assert is_synthetic(number)


def test_a_wrong_check_digit_is_not_synthetic():
    number = generated_number(7)
    wrong = number[:8] + str((int(number[8]) + 1) % 10)
    assert not is_synthetic(wrong)
    assert check_digit(number[:8]) == number[8]


def test_every_name_has_a_latin_spelling(people):
    for one in people.values():
        assert all(part.isascii() for part in wordlists.latin_name(one.name, one.sex))
        assert all(part.isascii() for part in wordlists.latin_name(one.birth.mother_name, "female"))


def test_children_carry_the_names_of_their_fathers(people):
    told = 0
    for child in people.values():
        father = people.get(child.father_id)
        if father is None:
            continue
        assert child.name[1:] == (father.name[0], father.name[1], father.name[3])
        assert child.birth.father_name == father.name
        told += 1
    assert told > PEOPLE // 2


def test_mothers_are_the_mothers_of_the_register(people):
    for child in people.values():
        mother = people.get(child.mother_id)
        if mother is not None:
            assert child.birth.mother_name == mother.name
            assert mother.sex == "female"
            assert 15 < age_on(mother.birth_date, child.birth_date) < 50


def test_parents_live_when_a_child_is_born(people):
    for child in people.values():
        for parent in (people.get(child.father_id), people.get(child.mother_id)):
            if parent is not None:
                assert parent.birth_date < child.birth_date
                assert parent.died_on is None or parent.died_on >= child.birth_date


def test_marriage_goes_both_ways(people):
    for one in people.values():
        if one.spouse_id:
            other = people[one.spouse_id]
            assert other.spouse_id == one.national_id
            assert other.sex != one.sex


def test_families_reach_over_three_generations(people):
    def great_grandfather(one):
        for _ in range(3):
            one = people.get(one.father_id) if one else None
        return one

    assert sum(great_grandfather(one) is not None for one in people.values()) > 1_000


def test_shares_are_near_what_the_readme_says(people):
    day = date(2026, 10, 31)
    adults = [one for one in people.values() if not one.died_on and age_on(one.birth_date, day) >= 18]
    assert 0.06 < sum(one.employer is not None for one in adults) / len(adults) < 0.10
    assert 0.55 < sum(one.licence is not None for one in adults) / len(adults) < 0.65
    assert 0.02 < sum(bool(one.birth.missing) for one in people.values()) / PEOPLE < 0.04


def test_mobiles_belong_to_one_living_person(people):
    mobiles = [one.mobile for one in people.values() if one.mobile]
    assert len(mobiles) == len(set(mobiles))
    assert all(mobile.startswith("+97059") and len(mobile) == 13 for mobile in mobiles)
    assert not any(one.died_on and one.mobile for one in people.values())


def test_the_cast_is_documented_in_both_languages():
    shown = [row for row in wordlists.cast() if "shows" in row]
    assert len(shown) >= 12
    assert all(row["shows"]["ar"] and row["shows"]["en"] for row in shown)
    assert json.dumps([row["key"] for row in shown])
    assert len({row["key"] for row in wordlists.cast()}) == len(wordlists.cast())


def test_the_readme_lists_every_person_of_the_cast_and_every_card():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for row in wordlists.cast():
        if "shows" in row:
            assert f"| {row['key']} | {row['national_id']} | {row['birth_date']} |" in readme
    for card in known_cards().values():
        assert f"| {card.number} | {card.meaning_en} | {card.mobile} |" in readme
