"""Giving up and paying in the same moment: either the case ends unpaid, or the money is there and the case goes on."""

import threading

import pytest
from django.db import connection
from django.utils.timezone import now

from hukumati.domain.payments import api as payments
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.models import Application
from hukumati.processes.applications.tests.builders import (
    CERTIFICATE,
    a_cashier,
    a_filed_case,
    a_person_of_the_cast,
    acting,
    published,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registries")]


@pytest.mark.parametrize("attempt", range(6))
def test_a_withdrawal_and_a_cashier_at_once_never_end_a_paid_case(attempt):
    published(CERTIFICATE)
    salma, cashier = a_person_of_the_cast(), a_cashier()
    case = a_filed_case(salma)
    charge = payments.find_open_charge(case.reference)
    handoff = payments.start_attempt(
        charge.reference, payments.Wish(payments.Way.CASH, return_url="", language="ar"), by=acting(salma), at=now()
    )
    drawer = payments.open_drawer(office="post-nablus", float_minor=0, by=cashier, at=now())
    barrier, refused = threading.Barrier(2), []

    def at_once(verb):
        barrier.wait()
        try:
            verb()
        except (payments.FeeAlreadyPaid, payments.ChargeVoid, payments.CashCodeUnknown) as refusal:
            refused.append(refusal.code)
        connection.close()

    verbs = (
        lambda: applications.withdraw(case, by=acting(salma), at=now()),
        lambda: payments.take_cash(handoff.pay_code, drawer=drawer.reference, by=cashier, at=now()),
    )
    threads = [threading.Thread(target=at_once, args=(verb,)) for verb in (verbs if attempt % 2 else verbs[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome = (Application.objects.get(reference=case.reference).state, payments.get_charge(charge.reference).state)
    assert outcome in {("withdrawn", "void"), ("to_pay", "paid")}
    assert len(refused) == 1
