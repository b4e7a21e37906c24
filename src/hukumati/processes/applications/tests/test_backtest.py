"""A new tariff on past cases: counted, summed, and nobody named."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.tests.builders import published
from hukumati.domain.catalogue.tests.renewal import RENEWAL, TARIFF, WHO, a_renewal
from hukumati.domain.identity.tests.builders import a_citizen
from hukumati.processes.applications.backtest import compare
from hukumati.processes.applications.models import Application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _filed(tmp_path):
    published(a_renewal(tmp_path))
    citizen = a_citizen()
    for term, age, lost in (
        ("long", 40, False),
        ("short", 40, True),
        ("short", 20, False),
        ("long", 70, True),
        (None, 40, False),
    ):
        a_filed(citizen, term, age, lost=lost)
    a_filed(citizen, "long", 40, lost=False, submitted_at=None, promised_at=None)


def a_filed(citizen, term, age, *, lost, **more):
    at = now()
    Application.objects.create(
        reference=f"A-{Application.objects.count()}", service_id=RENEWAL, service_version=1, institution="interior",
        account_id=citizen.account_id, applicant_id=citizen.national_id.digits, applicant_name_ar="x", applicant_name_en="x",
        applicant_birth_date=date(at.year - age, 1, 1), language="ar", state="to_pay", answers={"term": term, "lost": lost},
        subject={"national_id": "9", "tie": "self", "name_ar": "", "name_en": "", "birth_date": None, "minor": False, "alive": True},
        created_at=at, changed_at=at, state_since=at, **({"submitted_at": at, "promised_at": at} | more),
    )  # fmt: skip


@pytest.fixture
def dearer(tmp_path):
    """The short term costs more, the line for lost cards is gone, and it is for people of 21 and over."""
    (tmp_path / "next").mkdir()
    return a_renewal(
        tmp_path / "next",
        tariff=TARIFF.replace("1500", "1800").replace("'-', '>= 65', 0", "'-', '>= 65', 100"),
        who=WHO.replace("'< 21', '\"long\"'", "'< 21', '-'"),
    )


def test_what_would_change_is_counted_and_summed(dearer):
    found = compare(catalogue.load_folder(dearer))
    assert (found.cases, found.undecided) == (4, 1)
    assert (found.before_minor, found.after_minor, found.changed) == (
        2500 + 2200 + 1500 + 700,
        2500 + 2500 + 0 + 800,
        3,
    )
    assert dict(found.moves) == {(2200, 2500): 1, (1500, 0): 1, (700, 800): 1, (2500, 2500): 0}
    assert list(found.lines) == [("issue", 5500, 4400), ("replacement", 1400, 1400)]
    assert +found.newly_refused == {"too_long": 1}


def test_the_same_tariff_changes_nothing(tmp_path):
    (tmp_path / "same").mkdir()
    found = compare(catalogue.load_folder(a_renewal(tmp_path / "same")), limit=3)
    assert (found.changed, found.before_minor == found.after_minor, +found.newly_refused) == (0, True, {})


def test_reading_a_case_after_another_asks_the_database_for_it_alone(dearer, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        compare(catalogue.load_folder(dearer))


def test_the_command_tells_numbers_and_names_nobody(dearer, capsys):
    call_command("backtest", RENEWAL, services=dearer.parent.parent)
    told = capsys.readouterr().out
    assert "4 filed case(s): 3 would pay another fee" in told
    assert "69.00 ILS -> 58.00 ILS (-11.00 ILS)" in told
    assert "would now be refused: too_long" in told
    assert "A-0" not in told
    with pytest.raises(CommandError, match="no folder"):
        call_command("backtest", "interior.nothing")
