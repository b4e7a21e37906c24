"""What two requests at the same moment may not do."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.models import Spending
from hukumati.domain.identity.tests.builders import NOON, a_citizen, a_national_id

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count, work):
    """Run `work(number)` in as many threads, started together; answers what each returned or raised."""
    gate, answers = threading.Barrier(count), [None] * count

    def run(number):
        try:
            gate.wait(10)
            answers[number] = work(number)
        except identity_refusals() as refusal:
            answers[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def identity_refusals():
    return (identity.CodeWrong, identity.CodeExpired, identity.TooManyTries, identity.AccountExists)


def test_parallel_guesses_share_five_tries():
    code = identity.new_code("sign_in", bound_to="r-1", at=NOON)
    guesses = [f"{(int(code) + step) % 1_000_000:06d}" for step in range(1, 13)]
    answers = at_once(12, lambda number: identity.use_code("sign_in", bound_to="r-1", typed=guesses[number], at=NOON))
    assert sum(isinstance(answer, identity.CodeWrong) for answer in answers) == 5
    assert sum(isinstance(answer, identity.CodeExpired) for answer in answers) == 7
    with pytest.raises(identity.CodeExpired):
        identity.use_code("sign_in", bound_to="r-1", typed=code, at=NOON)


def test_the_right_code_typed_twice_at_once_counts_once():
    code = identity.new_code("sign_in", bound_to="r-2", at=NOON)
    answers = at_once(4, lambda _number: identity.use_code("sign_in", bound_to="r-2", typed=code, at=NOON))
    assert answers.count(None) == 1


def test_an_allowance_is_exact_under_parallel_tries():
    three = identity.Allowance(3, 60)
    answers = at_once(10, lambda _number: identity.spend("test", "somebody", allowance=three, at=NOON))
    assert answers.count(None) == 3
    assert {answer.retry_seconds for answer in answers if answer} == {60}
    identity.spend("test", "somebody", allowance=three, at=NOON + timedelta(seconds=60))


def test_two_enrolments_of_one_person_make_one_account():
    number = a_national_id()

    def open_account(_number):
        a_citizen(national_id=number)

    answers = at_once(3, open_account)
    assert answers.count(None) == 1
    assert sum(isinstance(answer, identity.AccountExists) for answer in answers) == 2


def test_the_table_of_limits_names_nobody():
    identity.spend("password_by_account", "900000019", allowance=identity.Allowance(3, 60), at=NOON)
    assert "900000019" not in Spending.objects.get().key
