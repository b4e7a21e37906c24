"""Who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.crypto import salted_hmac

from hukumati.domain.identity.facts import AccountNotFound, PasskeyFacts, SessionFacts
from hukumati.domain.identity.models import Account, Citizen, StaffMember
from hukumati.domain.identity.second_factors import credential_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hukumati.domain.identity.facts import CitizenFacts, StaffFacts
    from hukumati.kernel.national_id import NationalId


def get_account(reference: str) -> Account:
    account = Account.objects.filter(reference=reference).first()
    if account is None:
        raise AccountNotFound
    return account


def get_reference(account_id: int) -> str:
    """The public name of an account."""
    reference = Account.objects.filter(pk=account_id).values_list("reference", flat=True).first()
    if reference is None:
        raise AccountNotFound
    return reference


def find_citizen(account_id: int) -> CitizenFacts | None:
    """The citizen behind an account that can sign in."""
    person = Citizen.objects.with_account().filter(account_id=account_id).first()
    return person.facts() if person else None


def get_citizen(account_id: int) -> CitizenFacts:
    """Refuses with AccountNotFound."""
    found = find_citizen(account_id)
    if found is None:
        raise AccountNotFound
    return found


def get_citizen_by_reference(reference: str) -> CitizenFacts:
    """Refuses with AccountNotFound."""
    person = Citizen.objects.with_account().filter(account__reference=reference).first()
    if person is None:
        raise AccountNotFound
    return person.facts()


def find_citizen_by_national_id(national_id: NationalId) -> CitizenFacts | None:
    """The citizen with this identity number, if there is an account."""
    person = Citizen.objects.with_account().filter(account__login=national_id.digits).first()
    return person.facts() if person else None


def find_staff(account_id: int) -> StaffFacts | None:
    """The employee behind an account that can sign in, with the roles that hold now."""
    member = StaffMember.objects.with_account().prefetch_related("account__roles_held").filter(account_id=account_id)
    found = member.first()
    return found.facts() if found else None


def get_staff_by_reference(reference: str) -> StaffFacts:
    """Refuses with AccountNotFound."""
    members = StaffMember.objects.with_account().prefetch_related("account__roles_held")
    found = members.filter(account__reference=reference).first()
    if found is None:
        raise AccountNotFound
    return found.facts()


def find_staff_by_login(login: str) -> StaffFacts | None:
    """The employee with this staff code."""
    members = StaffMember.objects.with_account().prefetch_related("account__roles_held")
    found = members.filter(account__login=login).first()
    return found.facts() if found else None


def list_staff(*, institution: str = "", limit: int = 200) -> list[StaffFacts]:
    """Employees, optionally of one institution, by staff code."""
    members = StaffMember.objects.with_account().prefetch_related("account__roles_held").order_by("account__login")
    if institution:
        members = members.filter(institution=institution)
    return [member.facts() for member in members[:limit]]


def list_sessions(account_id: int) -> list[SessionFacts]:
    """Browsers that are signed in now, the last seen first."""
    listed = list(UserSession.objects.filter(user_id=account_id).order_by("-last_seen_at")[:50])
    alive = set(
        Session.objects.filter(session_key__in=[one.session_key for one in listed]).values_list(
            "session_key", flat=True
        )
    )
    return [
        SessionFacts(
            key=str(one.pk),
            session_key=one.session_key,
            signed_in_at=one.created_at,
            seen_at=one.last_seen_at,
            ip=one.ip,
            browser=one.user_agent,
        )
        for one in listed
        if one.session_key in alive
    ]


def list_passkeys(account_id: int) -> list[PasskeyFacts]:
    """The passkeys of an account, the newest first."""
    kept = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.WEBAUTHN).order_by("-created_at")
    return [PasskeyFacts(int(one.pk), credential_name(one), one.created_at, one.last_used_at) for one in kept]


def has_totp(account_id: int) -> bool:
    """Whether an authenticator app is set up."""
    return bool(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).exists())


def has_second_factor(account_id: int) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user_id=account_id, type__in=kinds).exists())


def find_person(account: object) -> CitizenFacts | StaffFacts | None:
    """Who stands behind the user that Django's session named."""
    if not isinstance(account, Account):
        return None
    if account.kind == Account.CITIZEN:
        return account.citizen.facts() if hasattr(account, "citizen") else None
    return account.staff_member.facts() if hasattr(account, "staff_member") else None


def get_user(account_id: int) -> Account:
    """The account as Django's sessions want it. For opening a session, and nothing else."""
    return Account.objects.get(pk=account_id)


def note_seen(session_key: str, *, at: datetime) -> None:
    """Remember when a signed-in browser was last here."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=at)


def is_one_of(staff_reference: str, people: Collection[str]) -> bool:
    """Whether the employee is one of these people (ID numbers). False when the account does not know who the employee is."""
    known = StaffMember.objects.filter(account__reference=staff_reference).values_list("person_key", flat=True).first()
    return bool(known) and known in {person_key(digits) for digits in people}


def is_same_person(one: str, other: str) -> bool:
    """Whether two accounts of employees belong to one person. False when either account does not know who its employee is."""
    rows = StaffMember.objects.filter(account__reference__in={one, other}).exclude(person_key="")
    keys = list(rows.values_list("person_key", flat=True))
    return one == other or (len(keys) > 1 and len(set(keys)) == 1)


def person_key(digits: str) -> str:
    """An ID number under a key of this installation: it can be compared, not read back."""
    return salted_hmac("identity.person", digits, algorithm="sha256").hexdigest()
