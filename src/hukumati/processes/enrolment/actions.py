"""From three facts on a card to an account: checked against the civil registry, proven by a code, closed by a password."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from django.db import transaction

from hukumati.domain.exchange import api as exchange
from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.infra.audit import api as audit
from hukumati.infra.jobs import enqueue
from hukumati.kernel.actor import Actor, system
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.reference import new_reference
from hukumati.processes.enrolment import rules
from hukumati.processes.enrolment.facts import Aim, EnrolmentOver, NotEnrollable, ResendTooSoon
from hukumati.processes.enrolment.models import Enrolment

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.exchange.facts import IdentityMatch
    from hukumati.domain.identity.facts import CitizenFacts
    from hukumati.processes.enrolment.facts import Claim, EnrolmentFacts

PURPOSE: Final = "enrolment"
BY: Final = system("enrolment")
EMPLOYMENT_JOB: Final = "hukumati.processes.enrolment.jobs.learn_public_employment"


def start(claim: Claim, *, aim: Aim, address: str, language: str, at: datetime) -> EnrolmentFacts:
    """Ask the civil registry whether number, birth date and card belong together, and send a code to the phone it holds.

    Refuses with NotEnrollable (one answer for every reason) and TooManyTries; raises RegistryUnreachableError, and then
    the try does not count.
    """
    spent = _spend(claim.national_id.digits, address, at=at)
    reference = new_reference("E", year=at.year)
    try:
        match = exchange.check_identity(
            reference,
            national_id=claim.national_id,
            birth_date=claim.birth_date,
            card_issued_on=claim.card_issued_on,
            by=BY,
            at=at,
        )
    except exchange.RegistryUnreachableError:
        for name, subject in spent:
            identity.give_back(name, subject)
        raise
    if match is None or not match.mobile:
        raise NotEnrollable
    return _begin(reference, match, aim=aim, language=language, at=at)


def _spend(digits: str, address: str, *, at: datetime) -> list[tuple[str, str]]:
    spent = [
        ("enrolment_by_address", address, rules.BY_ADDRESS),
        ("enrolment_by_national_id", digits, rules.BY_NATIONAL_ID),
        ("enrolment_by_national_id_a_day", digits, rules.BY_NATIONAL_ID_A_DAY),
    ]
    for name, subject, allowance in spent:
        identity.spend(name, subject, allowance=allowance, at=at)
    return [(name, subject) for name, subject, _ in spent]


def _begin(reference: str, match: IdentityMatch, *, aim: Aim, language: str, at: datetime) -> EnrolmentFacts:
    citizen = identity.find_citizen_by_national_id(match.national_id)
    if not rules.may_go_on(aim, has_account=citizen is not None):
        if citizen is not None:
            _warn_owner(citizen, reference=reference, at=at)
        raise NotEnrollable
    return _open(reference, match, aim=aim, language=citizen.language if citizen else language, at=at)


@transaction.atomic
def _warn_owner(citizen: CitizenFacts, *, reference: str, at: datetime) -> None:
    """The page stays silent about the account; its owner hears of the try, once an hour at most."""
    try:
        identity.spend("sign_up_tried", citizen.reference, allowance=identity.Allowance(1, 3600), at=at)
    except identity.TooManyTries:
        return
    notifications.tell(citizen.account_id, code="sign_up.tried", facts={}, about="", at=at)
    audit.write("enrolment.tried_again", about=citizen.reference, by=BY, at=at, enrolment=reference)


@transaction.atomic
def _open(reference: str, match: IdentityMatch, *, aim: Aim, language: str, at: datetime) -> EnrolmentFacts:
    name = identity.PersonName(
        match.first_ar,
        match.father_ar,
        match.grandfather_ar,
        match.family_ar,
        match.first_latin,
        match.father_latin,
        match.grandfather_latin,
        match.family_latin,
    )
    enrolment = Enrolment.objects.create(
        reference=reference,
        aim=aim,
        national_id=match.national_id.digits,
        name=asdict(name),
        birth_date=match.birth_date,
        mobile=match.mobile,
        language=language,
        started_at=at,
        code_sent_at=at,
        expires_at=at + rules.LIVES,
    )
    _send_code(enrolment, at=at)
    audit.write("enrolment.started", about=reference, by=BY, at=at, aim=str(aim))
    return enrolment.facts()


def _send_code(enrolment: Enrolment, *, at: datetime) -> None:
    """Counted apart from the codes of signing in: who has a copy of somebody's card must not use up theirs."""
    number = enrolment.national_id
    identity.spend("enrolment_codes", number, allowance=identity.CODES_BY_ACCOUNT, at=at)
    identity.spend("enrolment_codes_a_day", number, allowance=identity.CODES_BY_ACCOUNT_A_DAY, at=at)
    notifications.send_new_code(
        PURPOSE,
        bound_to=enrolment.reference,
        to=enrolment.mobile,
        text_code=f"{enrolment.aim}.code",
        at=at,
        language=enrolment.language,
    )


@transaction.atomic
def resend_code(reference: str, *, at: datetime) -> None:
    """Send another code; the one before is dead. Refuses with EnrolmentOver, ResendTooSoon and TooManyTries."""
    enrolment = _lock(reference, state=Enrolment.CODE_SENT, at=at)
    wait = rules.resend_wait(enrolment.code_sent_at, at=at)
    if wait:
        raise ResendTooSoon(seconds_left=wait)
    _send_code(enrolment, at=at)
    enrolment.code_sent_at = at
    enrolment.save(update_fields=["code_sent_at"])


def confirm(reference: str, *, typed: str, at: datetime) -> EnrolmentFacts:
    """Take the code. Refuses with CodeWrong, CodeExpired and EnrolmentOver."""
    with transaction.atomic():
        _lock(reference, state=Enrolment.CODE_SENT, at=at)
    identity.use_code(PURPOSE, bound_to=reference, typed=typed, at=at)
    with transaction.atomic():
        enrolment = _lock(reference, state=Enrolment.CODE_SENT, at=at)
        enrolment.state = Enrolment.CONFIRMED
        enrolment.save(update_fields=["state"])
        audit.write("enrolment.confirmed", about=reference, by=BY, at=at)
    return enrolment.facts()


@transaction.atomic
def finish(reference: str, *, password: str, language: str, at: datetime) -> CitizenFacts:
    """Open the account, or give it its new password. Works once.

    Refuses with PasswordTooWeak, EnrolmentOver and AccountExists.
    """
    enrolment = _lock(reference, state=Enrolment.CONFIRMED, at=at)
    enrolling = Actor(BY.kind, reference, authenticated_by=("civil_registry", "sms_code"))
    if enrolment.aim == Aim.SIGN_UP:
        citizen = _open_account(enrolment, password=password, language=language, by=enrolling, at=at)
    else:
        citizen = _reset(enrolment, password=password, by=enrolling, at=at)
    enrolment.state, enrolment.finished_at = Enrolment.FINISHED, at
    enrolment.save(update_fields=["state", "finished_at"])
    return citizen


def _open_account(enrolment: Enrolment, *, password: str, language: str, by: Actor, at: datetime) -> CitizenFacts:
    citizen = identity.create_citizen(
        national_id=NationalId(enrolment.national_id),
        name=enrolment.person(),
        birth_date=enrolment.birth_date,
        mobile=enrolment.mobile,
        password=password,
        language=language,
        by=by,
        at=at,
    )
    notifications.tell(citizen.account_id, code="welcome", facts={}, about=enrolment.reference, at=at)
    enqueue(EMPLOYMENT_JOB, account_id=citizen.account_id, reference=enrolment.reference)
    return citizen


def _reset(enrolment: Enrolment, *, password: str, by: Actor, at: datetime) -> CitizenFacts:
    citizen = identity.find_citizen_by_national_id(NationalId(enrolment.national_id))
    if citizen is None:
        raise EnrolmentOver
    identity.replace_password(citizen.account_id, wanted=password, by=by, at=at)
    if citizen.mobile != enrolment.mobile:
        identity.set_mobile(citizen.account_id, mobile=enrolment.mobile, by=by, at=at)
        notifications.warn_phone(
            citizen.mobile, text_code="mobile.changed", reference=f"{enrolment.reference}-old", at=at
        )
    notifications.tell(citizen.account_id, code="password.changed", facts={}, about="", at=at)
    return citizen


def _lock(reference: str, *, state: str, at: datetime) -> Enrolment:
    enrolment = Enrolment.objects.locked().filter(reference=reference, state=state, expires_at__gt=at).first()
    if enrolment is None:
        raise EnrolmentOver
    return enrolment
