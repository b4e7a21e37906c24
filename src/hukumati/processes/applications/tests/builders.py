"""Cases for tests: a citizen of the sandbox's cast, a draft with answers, a filed case, a paid one."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import now

from hukumati.domain.catalogue.tests.builders import published  # noqa: F401 (tests take it from here)
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import a_citizen, a_staff
from hukumati.domain.payments import api as payments
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.national_id import NationalId
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import progress

CERTIFICATE = "interior.birth_certificate_copy"
LICENCE = "transport.driving_licence_status"
SALMA, OMAR, RAZAN = "900000019", "900000084", "900000118"  # the cast: complete record, incomplete record, no licence
ANSWERS = {
    "record": {},
    "certificate": {"language": "ar", "copies": "2"},
    "receiving": {"pick_up": "download"},
}


def a_person_of_the_cast(national_id=SALMA):
    known = identity.find_citizen_by_national_id(NationalId(national_id))
    return known or a_citizen(national_id=NationalId(national_id), birth_date=date(1989, 4, 18))


def acting(citizen):
    return Actor(ActorKind.CITIZEN, citizen.reference, authenticated_by=("password", "sms_code"))


def a_draft(citizen, *, answers=ANSWERS, subject="self"):
    """A draft that is ready to be sent."""
    by = acting(citizen)
    case = applications.start(CERTIFICATE, citizen=citizen, by=by, at=now())
    service = applications.service_of(case)
    case = applications.fetch(case, "family", by=by, at=now())
    people = applications.allowed_subjects(service, case, myself=applications.subject_of(citizen))
    key = next(person.key for person in people if person.tie == subject)
    case = applications.choose_subject(case, key=key, citizen=citizen, by=by, at=now())
    case = applications.fetch(case, "record", by=by, at=now())
    for page, typed in answers.items():
        case = applications.save_answers(case, page=page, typed=typed, at=now())
    return case


def a_filed_case(citizen, **more):
    draft = a_draft(citizen, **more)
    return applications.submit(draft, revision=draft.revision, citizen=citizen, by=acting(citizen), at=now())


def pay(case, citizen):
    """Take the fee in cash, as a cashier does, and let the case hear of it."""
    receipt = take_the_fee(case, citizen)
    progress.confirm_payment(case.reference, receipt=receipt.reference, at=now())
    return receipt


def take_the_fee(case, citizen):
    """The ledger has the money; the case has not heard of it."""
    charge = payments.find_open_charge(case.reference)
    handoff = payments.start_attempt(
        charge.reference, payments.Wish(payments.Way.CASH, return_url="", language="ar"), by=acting(citizen), at=now()
    )
    cashier = a_cashier()
    drawer = payments.find_open_drawer(cashier.id) or payments.open_drawer(
        office="post-nablus", float_minor=0, by=cashier, at=now()
    )
    return payments.take_cash(handoff.pay_code, drawer=drawer.reference, by=cashier, at=now())


def a_cashier():
    return acting_staff(a_staff(role=identity.Role.CASHIER, institution="post", office="post-nablus"))


def a_clerk(institution="interior", role=identity.Role.CLERK, national_id=None):
    return acting_staff(a_staff(role=role, institution=institution, office="", national_id=national_id))


def acting_staff(staff):
    roles = frozenset(str(role) for role in staff.roles)
    return Actor(ActorKind.STAFF, staff.reference, roles=roles, institution=staff.institution, office=staff.office)
