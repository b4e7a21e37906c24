"""Accounts: opened once, guarded by a password worth the name, changed only with an audit line."""

import pytest

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import NOON, PASSWORD, a_citizen, a_staff, actor_of
from hukumati.kernel.actor import system

pytestmark = pytest.mark.django_db


def test_a_citizen_is_found_by_identity_number_and_reference():
    laila = a_citizen()
    assert identity.find_citizen_by_national_id(laila.national_id) == laila
    assert identity.get_citizen_by_reference(laila.reference) == laila
    assert laila.name.ar == "ليلى خالد محمود النجار"
    assert laila.name.latin == "Laila Khaled Mahmoud Al-Najjar"


def test_nobody_gets_two_accounts():
    laila = a_citizen()
    with pytest.raises(identity.AccountExists):
        a_citizen(national_id=laila.national_id)


@pytest.mark.parametrize(
    ("password", "fault"), [("short-7", "too_short"), ("password1", "too_common"), ("x" * 129, "too_long")]
)
def test_weak_passwords_are_refused_by_name(password, fault):
    with pytest.raises(identity.PasswordTooWeak) as refusal:
        a_citizen(password=password)
    assert fault in refusal.value.faults


def test_a_password_may_not_be_the_identity_number():
    laila = a_citizen()
    with pytest.raises(identity.PasswordTooWeak):
        identity.change_password(
            laila.account_id,
            present=PASSWORD,
            wanted=laila.national_id.digits,
            keep_session="",
            by=actor_of(laila),
            at=NOON,
        )


def test_a_role_is_held_until_it_is_revoked_and_counts_only_in_its_office():
    samer = a_staff(role="clerk")
    assert samer.roles == {identity.Role.CLERK}
    identity.grant_role(samer.reference, role=identity.Role.AUDITOR, institution="health", by=system("tests"), at=NOON)
    samer = identity.get_staff_by_reference(samer.reference)
    assert samer.roles == {identity.Role.CLERK}
    assert samer.has_role(identity.Role.AUDITOR, institution="health", office="anywhere")
    assert not samer.has_role(identity.Role.CLERK, institution="interior", office="nablus")
    identity.revoke_role(
        samer.reference,
        role=identity.Role.CLERK,
        institution="interior",
        office="ramallah",
        by=system("tests"),
        at=NOON,
    )
    assert identity.get_staff_by_reference(samer.reference).roles == frozenset()


def test_change_of_password_needs_the_present_one():
    laila = a_citizen()
    with pytest.raises(identity.PasswordWrong):
        identity.change_password(
            laila.account_id,
            present="not it at all",
            wanted="a-new-and-long-one",
            keep_session="",
            by=actor_of(laila),
            at=NOON,
        )


def test_public_employment_is_kept():
    assert a_citizen(public_employee=True).public_employee is True
