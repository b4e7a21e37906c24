"""Everything that changes an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from hukumati.domain.identity import queries
from hukumati.domain.identity.facts import AccountExists, LastSecondFactor, PasswordWrong, SessionNotFound
from hukumati.domain.identity.models import Account, Citizen, RoleHeld, StaffMember
from hukumati.domain.identity.passwords import require_strong
from hukumati.domain.identity.second_factors import activate_totp, credential_name
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.reference import new_reference

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.domain.identity.facts import CitizenFacts, PersonName, Role, StaffFacts
    from hukumati.kernel.national_id import NationalId
    from hukumati.kernel.text import Text

KEY_DIGITS_MAX = 18


@transaction.atomic
def create_citizen(
    *,
    national_id: NationalId,
    name: PersonName,
    birth_date: date,
    mobile: str,
    password: str,
    language: str,
    by: Actor,
    at: datetime,
) -> CitizenFacts:
    """Open the account of somebody whose identity was proven a moment ago. Who proves it is enrolment's business.

    Refuses with AccountExists and PasswordTooWeak.
    """
    account = Account(
        reference=new_reference("U", year=at.year),
        kind=Account.CITIZEN,
        login=national_id.digits,
        mobile=mobile,
        language=language,
        joined_at=at,
        password_changed_at=at,
    )
    require_strong(password, account=account)
    account.set_password(password)
    _save_new(account)
    person = Citizen.objects.create(
        account=account,
        birth_date=birth_date,
        **{part: getattr(name, part) for part in type(name).__dataclass_fields__},
    )
    audit.write("identity.citizen_created", about=account.reference, by=by, at=at)
    return person.facts()


def _save_new(account: Account) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as fault:
        if "login" in str(fault):
            raise AccountExists from None
        raise


@transaction.atomic
def create_staff(  # noqa: PLR0913  (an account is opened with all that is known of the employee)
    *,
    login: str,
    name: Text,
    institution: str,
    office: str,
    password: str,
    totp_secret: str | None,
    national_id: NationalId | None = None,
    by: Actor,
    at: datetime,
) -> StaffFacts:
    """Open an employee's account, without any role yet. Without a TOTP secret, the first sign-in sets one up.

    `national_id` is kept as a keyed hash only, so that nobody decides on a case of their own: see is_one_of.

    Refuses with AccountExists and PasswordTooWeak.
    """
    account = Account(
        reference=new_reference("W", year=at.year),
        kind=Account.STAFF,
        login=login.strip().lower(),
        joined_at=at,
        password_changed_at=at,
    )
    require_strong(password, account=account)
    account.set_password(password)
    _save_new(account)
    StaffMember.objects.create(
        account=account,
        name_ar=name.ar,
        name_en=name.en,
        institution=institution,
        office=office,
        person_key=queries.person_key(national_id.digits) if national_id else "",
    )
    if totp_secret:
        activate_totp(account, secret=totp_secret)
    audit.write("identity.staff_created", about=account.reference, by=by, at=at, institution=institution, office=office)
    return queries.get_staff_by_reference(account.reference)


@transaction.atomic
def grant_role(
    staff_reference: str, *, role: Role, institution: str, by: Actor, at: datetime, office: str = ""
) -> None:
    """Give a role in an institution, or in one of its offices. Giving it twice changes nothing."""
    account = queries.get_account(staff_reference)
    _, is_new = RoleHeld.objects.get_or_create(
        account=account,
        role=role,
        institution=institution,
        office=office,
        revoked_at=None,
        defaults={"granted_at": at, "granted_by": by.label},
    )
    if is_new:
        facts = {"role": str(role), "institution": institution, "office": office}
        audit.write("identity.role_granted", about=staff_reference, by=by, at=at, **facts)


@transaction.atomic
def revoke_role(
    staff_reference: str, *, role: Role, institution: str, by: Actor, at: datetime, office: str = ""
) -> None:
    """End a role. It stays readable that it was held."""
    ended = RoleHeld.objects.filter(
        account__reference=staff_reference, role=role, institution=institution, office=office, revoked_at=None
    ).update(revoked_at=at, revoked_by=by.label)
    if ended:
        facts = {"role": str(role), "institution": institution, "office": office}
        audit.write("identity.role_revoked", about=staff_reference, by=by, at=at, **facts)


@transaction.atomic
def record_public_employee(account_id: int, *, value: bool, at: datetime) -> None:
    """Keep what the registry said about public employment: services in their pilot stage ask for it."""
    person = Citizen.objects.select_related("account").get(account_id=account_id)
    if person.public_employee == value:
        return
    person.public_employee = value
    person.save(update_fields=["public_employee"])
    by = system("exchange.public_employment")
    audit.write("identity.public_employment_recorded", about=person.account.reference, by=by, at=at, value=value)


@transaction.atomic
def set_language(account_id: int, *, language: str, by: Actor, at: datetime) -> None:
    """In which language this person is written to."""
    account = Account.objects.get(pk=account_id)
    account.language = language
    account.save(update_fields=["language"])
    audit.write("identity.language_set", about=account.reference, by=by, at=at, language=language)


@transaction.atomic
def set_email(account_id: int, *, email: str, by: Actor, at: datetime) -> None:
    """Keep an address that was proven by a code, or none."""
    account = Account.objects.get(pk=account_id)
    account.email = email
    account.save(update_fields=["email"])
    audit.write("identity.email_set", about=account.reference, by=by, at=at, removed=not email)


@transaction.atomic
def set_mobile(account_id: int, *, mobile: str, by: Actor, at: datetime) -> None:
    """The number that the civil registry holds now, proven by a code."""
    account = Account.objects.get(pk=account_id)
    account.mobile = mobile
    account.save(update_fields=["mobile"])
    audit.write("identity.mobile_set", about=account.reference, by=by, at=at)


@transaction.atomic
def change_password(account_id: int, *, present: str, wanted: str, keep_session: str, by: Actor, at: datetime) -> None:
    """Change the password and end every other session of the account.

    Refuses with PasswordWrong and PasswordTooWeak.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if not check_password(present, account.password):
        raise PasswordWrong
    _put_password(account, wanted, at=at)
    ended = _end_sessions(account_id, but=keep_session)
    audit.write("identity.password_changed", about=account.reference, by=by, at=at, sessions_ended=ended)


@transaction.atomic
def replace_password(account_id: int, *, wanted: str, by: Actor, at: datetime) -> None:
    """A new password for somebody who proved who they are in another way; every session ends.

    Refuses with PasswordTooWeak.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    _put_password(account, wanted, at=at)
    ended = _end_sessions(account_id, but="")
    audit.write("identity.password_replaced", about=account.reference, by=by, at=at, sessions_ended=ended)


def _put_password(account: Account, password: str, *, at: datetime) -> None:
    require_strong(password, account=account)
    account.set_password(password)
    account.password_changed_at = at
    account.save(update_fields=["password", "password_changed_at"])


def _end_sessions(account_id: int, *, but: str) -> int:
    others = UserSession.objects.filter(user_id=account_id).exclude(session_key=but)
    keys = list(others.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return int(others.delete()[0])


@transaction.atomic
def end_session(account_id: int, key: str, *, by: Actor, at: datetime) -> None:
    """Sign one browser out from afar.

    Refuses with SessionNotFound, also for the session of somebody else.
    """
    known = key.isdecimal() and len(key) <= KEY_DIGITS_MAX
    found = UserSession.objects.filter(user_id=account_id, pk=int(key)).first() if known else None
    if found is None:
        raise SessionNotFound
    Session.objects.filter(session_key=found.session_key).delete()
    found.delete()
    audit.write("identity.session_ended", about=queries.get_reference(account_id), by=by, at=at)


@transaction.atomic
def end_other_sessions(account_id: int, *, keep_session: str, by: Actor, at: datetime) -> int:
    """Sign out everywhere but here."""
    ended = _end_sessions(account_id, but=keep_session)
    reference = queries.get_reference(account_id)
    audit.write("identity.other_sessions_ended", about=reference, by=by, at=at, sessions_ended=ended)
    return ended


@transaction.atomic
def add_passkey(account_id: int, *, name: str, credential: dict[str, object], by: Actor, at: datetime) -> int:
    """Keep a passkey whose registration was verified."""
    data = {"name": name, "credential": credential}
    kept = Authenticator.objects.create(user_id=account_id, type=Authenticator.Type.WEBAUTHN, data=data, created_at=at)
    audit.write("identity.passkey_added", about=queries.get_reference(account_id), by=by, at=at)
    return int(kept.pk)


@transaction.atomic
def remove_passkey(account_id: int, passkey_id: int, *, by: Actor, at: datetime) -> str:
    """Forget a passkey, and say which. Staff keep their last second factor.

    Refuses with LastSecondFactor.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    own = Authenticator.objects.filter(user_id=account_id)
    passkey = own.filter(pk=passkey_id, type=Authenticator.Type.WEBAUTHN).first()
    if passkey is None:
        return ""
    if account.kind == Account.STAFF and own.count() == 1:
        raise LastSecondFactor
    name = credential_name(passkey)
    passkey.delete()
    audit.write("identity.passkey_removed", about=account.reference, by=by, at=at)
    return name


@transaction.atomic
def set_up_totp(account_id: int, *, secret: str, by: Actor, at: datetime) -> None:
    """The employee's app shows codes of this secret from now on; the one before, if any, does not."""
    account = Account.objects.select_for_update().get(pk=account_id)
    activate_totp(account, secret=secret)
    audit.write("identity.totp_set_up", about=account.reference, by=by, at=at)


@transaction.atomic
def record_sign_in(account_id: int, *, authenticated_by: tuple[str, ...], at: datetime) -> None:
    """Somebody came in, and this is how it was proven."""
    account = Account.objects.get(pk=account_id)
    kind = ActorKind.STAFF if account.kind == Account.STAFF else ActorKind.CITIZEN
    by = Actor(kind, account.reference, authenticated_by=authenticated_by)
    audit.write(
        "identity.signed_in", about=account.reference, by=by, at=at, authenticated_by="+".join(authenticated_by)
    )


@transaction.atomic
def record_sign_out(account_id: int, *, session_key: str, by: Actor, at: datetime) -> None:
    """Somebody went out by the door."""
    UserSession.objects.filter(user_id=account_id, session_key=session_key).delete()
    audit.write("identity.signed_out", about=queries.get_reference(account_id), by=by, at=at)


def rename_session(account_id: int, *, old_key: str, new_key: str) -> None:
    """The session got a new key, as it does when the password changes; the list of sessions follows."""
    UserSession.objects.filter(user_id=account_id, session_key=old_key).update(session_key=new_key)


@transaction.atomic
def close_staff(staff_reference: str, *, by: Actor, at: datetime) -> None:
    """The employee left: no sign-in, no session, no role. What they did stays under their reference."""
    account = queries.get_account(staff_reference)
    Account.objects.filter(pk=account.pk, kind=Account.STAFF).update(is_active=False)
    RoleHeld.objects.filter(account=account, revoked_at=None).update(revoked_at=at, revoked_by=by.label)
    ended = _end_sessions(account.pk, but="")
    audit.write("identity.staff_closed", about=staff_reference, by=by, at=at, sessions_ended=ended)


@transaction.atomic
def forget_second_factors(staff_reference: str, *, by: Actor, at: datetime) -> None:
    """The phone was lost, and the employee showed in person who they are: the next sign-in sets a factor up anew."""
    account = queries.get_account(staff_reference)
    Authenticator.objects.filter(user_id=account.pk).delete()
    ended = _end_sessions(account.pk, but="")
    audit.write("identity.second_factors_forgotten", about=staff_reference, by=by, at=at, sessions_ended=ended)


@transaction.atomic
def forget_ended_sessions(*, at: datetime) -> None:
    """Sessions past their end, and what the list of sessions kept about them."""
    Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
