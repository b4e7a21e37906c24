"""From the answer into paying it: fines are chosen, paid in one payment, and the register of fines is told. On the sandbox's registries."""

from __future__ import annotations

import json
import re
import urllib.request
from itertools import count

import pytest
from django.utils.timezone import now

from hukumati.domain.catalogue.tests.builders import published
from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity.tests.builders import sign_in
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import recording
from hukumati.processes.applications.tests.builders import a_clerk, a_person_of_the_cast, acting, pay
from hukumati.web.portal.tests.test_inquiries import FINES, answered, words_of
from tests.outside import registries

__all__ = ["registries"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries"), pytest.mark.slow]
_debtors = count(400)


@pytest.fixture
def debtor(registries):
    """Somebody with two unpaid fines or more whom no other test has made pay."""
    while True:
        query = f"trait=unpaid_fines&limit=1&offset={next(_debtors)}"
        with urllib.request.urlopen(f"{registries}/control/people?{query}", timeout=10) as answer:
            row = json.load(answer)["people"][0]
        citizen = a_person_of_the_cast(row["national_id"])
        if len(unpaid_of(citizen)) > 1:
            return citizen


def unpaid_of(citizen):
    published(FINES)
    told = applications.ask(FINES, citizen=citizen, by=acting(citizen), at=now()).facts["traffic"]["fines"]
    return [fine for fine in told if fine["state"] == "unpaid"]


def gone_on(client, citizen):
    """The draft that the answer led to, and the page on which fines are chosen."""
    sign_in(client, citizen)
    page = answered(client, FINES)
    assert "Pay those you choose" in words_of(page)
    choosing = client.post(f"{page.request['PATH_INFO']}go-on/", follow=True)
    assert choosing.request["PATH_INFO"].endswith("/form/choose/")
    return choosing.request["PATH_INFO"].split("/")[-4], choosing


def filed(client, citizen, chosen):
    reference, page = gone_on(client, citizen)
    checked = client.post(page.request["PATH_INFO"], {"to_settle": chosen}, follow=True)
    revision = re.search(r'name="revision" value="(\d+)"', checked.content.decode()).group(1)
    client.post(f"/en/applications/{reference}/send/", {"revision": revision})
    return applications.get_own(reference, citizen=citizen)


def test_the_chosen_fine_is_paid_and_the_register_knows_it(client, debtor):
    first, *others = unpaid_of(debtor)
    case = filed(client, debtor, [first["number"]])
    charge = payments.find_open_charge(case.reference)
    assert [(line.code, line.amount.amount_minor, line.article) for line in charge.lines] == [
        (f"fine:{first['number']}", first["amount_minor"], first["article"])
    ]
    receipt = pay(case, debtor)
    assert applications.get_own(case.reference, citizen=debtor).state == "to_record"
    recording.record(case.reference, at=now())
    settled = applications.get_own(case.reference, citizen=debtor)
    assert (settled.state, settled.evidence["settlement"].facts) == ("settled", {"settled": [first["number"]]})
    assert "application.recorded" in {message.code for message in notifications.list_messages(case.reference)}
    told = exchange.list_writes_about(debtor.national_id)[0]
    assert told.facts == {"numbers": [first["number"]], "receipt": receipt.number}
    assert [fine["number"] for fine in unpaid_of(debtor)] == [fine["number"] for fine in others]


def test_a_fine_that_the_register_will_not_take_goes_to_a_clerk_and_the_money_back(client, debtor):
    first = unpaid_of(debtor)[0]
    cases = [filed(client, debtor, [first["number"]]) for _twice in range(2)]
    for case in cases:
        pay(case, debtor)
        recording.record(case.reference, at=now())
    twice = applications.get_own(cases[1].reference, citizen=debtor)
    assert twice.state == "in_review"
    clerk = a_clerk(institution="transport")
    applications.take(twice.reference, by=clerk, at=now())
    applications.refuse(twice.reference, reason="سُدّدت من قبل", by=clerk, at=now())
    assert applications.get_own(twice.reference, citizen=debtor).state == "refused"
    assert payments.list_refunds(payments.list_charges(twice.reference)[0].reference)


def test_nothing_chosen_and_fines_of_others_are_refused(client, debtor):
    _reference, page = gone_on(client, debtor)
    for chosen in ([], ["70000000"]):
        assert client.post(page.request["PATH_INFO"], {"to_settle": chosen}).status_code == 422
