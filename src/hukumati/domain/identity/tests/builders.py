"""People for tests: `a_citizen()`, `a_staff(role=…)`, and how they come to be signed in."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, date, datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.models import Account
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.national_id import NationalId
from hukumati.kernel.text import Text

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
PASSWORD = "olive-press-harvest-7"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SAMER = Text("سامر عوض", "Samer Awad")
_numbers = itertools.count(1)


def a_national_id() -> NationalId:
    """A number whose check digit holds, from the range that belongs to nobody."""
    body = f"9{next(_numbers) + 1_000_000:07d}"[:8]
    return next(number for digit in "0123456789" if (number := NationalId(body + digit)).check_digit_holds)


def a_name(first="ليلى", latin="Laila"):
    return identity.PersonName(first, "خالد", "محمود", "النجار", latin, "Khaled", "Mahmoud", "Al-Najjar")


def a_citizen(
    *,
    national_id=None,
    name=None,
    birth_date=date(1990, 5, 17),
    mobile="+970599000111",
    language="ar",
    password=PASSWORD,
    public_employee=False,
    email="",
    at=NOON,
):
    facts = identity.create_citizen(
        national_id=national_id or a_national_id(),
        name=name or a_name(),
        birth_date=birth_date,
        mobile=mobile,
        password=password,
        language=language,
        by=system("tests"),
        at=at,
    )
    if public_employee:
        identity.record_public_employee(facts.account_id, value=True, at=at)
    if email:
        identity.set_email(facts.account_id, email=email, by=system("tests"), at=at)
    return identity.get_citizen(facts.account_id)


def a_staff(
    *,
    role=None,
    roles=(),
    login=None,
    institution="interior",
    office="ramallah",
    name=SAMER,
    password=PASSWORD,
    totp_secret=TOTP_SECRET,
    national_id=None,
    at=NOON,
):
    facts = identity.create_staff(
        national_id=national_id,
        login=login or f"staff{next(_numbers)}",
        name=name,
        institution=institution,
        office=office,
        password=password,
        totp_secret=totp_secret,
        by=system("tests"),
        at=at,
    )
    for held in [*roles, *([role] if role else [])]:
        identity.grant_role(
            facts.reference, role=identity.Role(held), institution=institution, office=office, by=system("tests"), at=at
        )
    return identity.get_staff_by_reference(facts.reference)


def actor_of(who) -> Actor:
    if isinstance(who, identity.CitizenFacts):
        return Actor(ActorKind.CITIZEN, who.reference, authenticated_by=("password", "sms_code"))
    return Actor(
        ActorKind.STAFF,
        who.reference,
        roles=frozenset(map(str, who.roles)),
        institution=who.institution,
        office=who.office,
        authenticated_by=("password", "totp"),
    )


def sign_in(client, who):
    """Give Django's test client the session that a sign-in just now would have left."""
    account = Account.objects.get(pk=who.account_id)
    staff = account.kind == Account.STAFF
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "hukumati.domain.identity.backend.AccountBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session["face"] = "desk" if staff else "portal"
    session["signed_in_at"] = session["seen_at"] = time.time()
    second = (
        {"method": "mfa", "type": "totp", "at": time.time()} if staff else {"method": "sms_code", "at": time.time()}
    )
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}, second]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    client.cookies["hukumati_desk" if staff else "hukumati_portal"] = session.session_key
    UserSession.objects.create(user=account, session_key=session.session_key, ip="127.0.0.1", user_agent="a browser")
    return client
