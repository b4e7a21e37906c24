"""Each inquiry walked in the browser's place, against the sandbox's real registries: what is asked first, the answer, and its sources."""

from __future__ import annotations

import re
from html import unescape

import pytest

from hukumati.domain.catalogue.tests.builders import published
from hukumati.domain.exchange.models import Read, ReadGrant
from hukumati.domain.identity.tests.builders import sign_in
from hukumati.processes.applications.models import Inquiry
from hukumati.processes.applications.tests.builders import SALMA, a_person_of_the_cast
from tests.outside import registries

__all__ = ["registries"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries"), pytest.mark.slow]

VEHICLES, INSURANCE, TAWJIHI = "transport.vehicle_licence_status", "health.insurance_status", "education.tawjihi_result"
CLEARANCE, ASSISTANCE, FINES = (
    "finance.tax_clearance_status",
    "development.assistance_status",
    "transport.traffic_fines",
)
# The cast: two fines; two vehicles; a family with a cover; a social case; a passed and a failed examination; a father of a child of age and a minor; dues.
HANI, RUBA, WISAM, IBTISAM, JAMIL = "900000191", "900000225", "900000233", "900000282", "900000290"
LINA, MUHANNAD, MAJED, ADNAN = "900000308", "900000316", "900000324", "900000340"


@pytest.fixture
def asking(client):
    """asking(who, service): signed in, with the service published."""

    def signed_in(national_id, service):
        published(service)
        sign_in(client, a_person_of_the_cast(national_id))
        return client

    return signed_in


def words_of(response):
    main = response.content.decode().split("<main", 1)[-1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def answered(client, service, **typed):
    response = client.post(f"/en/ask/{service}/", typed, follow=True)
    assert response.status_code == 200, words_of(response)
    assert "/inquiries/Q-" in response.request["PATH_INFO"]
    return response


def test_fines_stand_with_their_total_and_those_that_are_settled_apart(asking):
    client = asking(HANI, FINES)
    words = words_of(answered(client, FINES))
    assert "Total: 400.00 ₪" in words
    assert (
        words.index("Unpaid fines") < words.index("Using a telephone while driving") < words.index("Paid and disputed")
    )
    assert "Source: Traffic fines register" in words
    assert "Ramallah" in words
    assert "رام الله" in words_of(client.get(f"/inquiries/{Inquiry.objects.get().reference}/"))


def test_of_two_vehicles_one_is_chosen_by_its_plate(asking):
    client = asking(RUBA, VEHICLES)
    page = answered(client, VEHICLES)
    words = words_of(page)
    assert "Choose the vehicle" in words
    assert "Licence expired" in words
    assert "Insurance ends on" not in words
    second = words_of(client.get(page.request["PATH_INFO"], {"of": "2"}))
    assert "Ford Transit" in second
    assert "The licence of this vehicle has ended" in second
    for nonsense in ("3", "0", "-1", "x", "9" * 40):
        assert "Insurance ends on" not in words_of(client.get(page.request["PATH_INFO"], {"of": nonsense}))


def test_the_only_vehicle_needs_no_choosing_and_who_has_none_is_told_so(asking, client):
    words = words_of(answered(asking(HANI, VEHICLES), VEHICLES))
    assert "Choose the vehicle" not in words
    assert "Skoda Octavia" in words
    client.logout()
    assert "No vehicle is registered in your name." in words_of(answered(asking(SALMA, VEHICLES), VEHICLES))


def test_dues_and_their_authorities_with_the_reason(asking):
    words = words_of(answered(asking(ADNAN, CLEARANCE), CLEARANCE))
    assert "Not clear" in words
    assert "Property Tax Department" in words
    assert "Total: 2,805.00 ₪" in words


def test_two_registers_of_one_ministry_each_with_its_age(asking):
    page = answered(asking(IBTISAM, ASSISTANCE), ASSISTANCE)
    words = words_of(page)
    assert page.content.decode().count('class="source"') == 2
    assert "Cash transfer programme" in words
    assert "Suspended" in words
    assert set(Inquiry.objects.get().sources) == {"assistance", "case"}


def test_a_lapsed_social_case_is_warned(asking):
    assert "has ended" in words_of(answered(asking(JAMIL, ASSISTANCE), ASSISTANCE))


# the questions that come first
def own_key(client, service, **more):
    page = client.get(f"/en/ask/{service}/", more).content.decode()
    return re.findall(r'name="subject" value="([^"]+)"', page)


def test_who_asks_about_himself_has_no_family_read(asking):
    client = asking(WISAM, INSURANCE)
    (key,) = own_key(client, INSURANCE)
    words = words_of(answered(client, INSURANCE, subject=key))
    assert "Dependants" in words
    assert "Renew it" in words
    assert set(Read.objects.values_list("service", flat=True)) == {"cover"}
    assert not ReadGrant.objects.live().exists()


def test_a_minor_child_may_be_asked_about_and_its_name_stands_above(asking):
    client = asking(WISAM, INSURANCE)
    myself, *children = own_key(client, INSURANCE, whom="family")
    assert myself.startswith("self-")
    assert len(children) == 3
    words = words_of(answered(client, INSURANCE, subject=children[0]))
    kept = Inquiry.objects.get()
    assert kept.subject["tie"] == "child"
    assert kept.subject["name_en"] in words
    assert Read.objects.get(service="cover").subject == kept.subject["national_id"]


def test_a_child_of_age_asks_for_itself(asking):
    client = asking(MAJED, TAWJIHI)
    _myself, *children = own_key(client, TAWJIHI, whom="family")
    assert len(children) == 1  # Mayar, a minor; not Lina, who is eighteen
    words = words_of(answered(client, TAWJIHI, subject=children[0], found_by="record"))
    assert "Mayar" in words
    assert "77.00" in words


@pytest.mark.parametrize("key", ["child-0000000000000000", "900000308", "spouse-1", "self-0", "x" * 5000])
def test_nobody_is_asked_about_by_a_number_or_a_made_up_key(asking, key):
    client = asking(MAJED, TAWJIHI)
    response = client.post(f"/en/ask/{TAWJIHI}/", {"subject": key, "found_by": "record"})
    assert response.status_code == 422
    assert not Inquiry.objects.exists()
    assert not Read.objects.filter(service="results").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"found_by": "record"}, "93.42"),
        ({"found_by": "seat", "exam_year": "2026", "seat_number": "2603 7564"}, "93.42"),
        ({"found_by": "seat", "exam_year": "2025", "seat_number": "26037564"}, "holds none"),
        ({"found_by": "seat", "exam_year": "2026", "seat_number": "26002511"}, "holds none"),
    ],
)
def test_a_result_is_found_by_the_record_or_by_year_and_seat_of_ones_own(asking, typed, said):
    client = asking(LINA, TAWJIHI)
    (key,) = own_key(client, TAWJIHI)
    words = words_of(answered(client, TAWJIHI, subject=key, **typed))
    assert said in words
    assert "Register of tawjihi results" in words


def test_a_failed_examination_says_which_subjects(asking):
    client = asking(MUHANNAD, TAWJIHI)
    words = words_of(answered(client, TAWJIHI, subject=own_key(client, TAWJIHI)[0], found_by="record"))
    assert words.count("Not passed") == 3  # the whole, and two subjects
    assert "next session" in words


def test_what_was_typed_stays_and_nothing_is_asked_when_it_is_wrong(asking):
    client = asking(LINA, TAWJIHI)
    typed = {"subject": own_key(client, TAWJIHI)[0], "found_by": "seat", "exam_year": "1900", "seat_number": "123"}
    response = client.post(f"/en/ask/{TAWJIHI}/", typed)
    words, page = words_of(response), response.content.decode()
    assert response.status_code == 422
    assert "must have 8 digits" in words
    assert "must be 2000 or more" in words
    assert 'value="123"' in page
    assert 'value="1900"' in page
    assert not Read.objects.exists()
    assert not Inquiry.objects.exists()


def test_whom_it_is_about_must_be_said(asking):
    response = asking(LINA, TAWJIHI).post(f"/en/ask/{TAWJIHI}/", {"found_by": "record"})
    assert response.status_code == 422
    assert "Answer “Whose result do you ask about?”" in words_of(response)


def test_an_answer_is_its_askers_alone(asking, client):
    page = answered(asking(HANI, FINES), FINES)
    client.logout()
    sign_in(client, a_person_of_the_cast(RUBA))
    assert client.get(page.request["PATH_INFO"]).status_code == 404
    assert client.post(f"{page.request['PATH_INFO']}go-on/").status_code == 404
