"""`hukumati staff …`: how a real installation gets its first employee."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.backend import AccountBackend
from hukumati.domain.identity.tests.builders import a_staff

pytestmark = pytest.mark.django_db


def staff(*words):
    out = StringIO()
    call_command("staff", *words, stdout=out)
    return out.getvalue()


def test_an_employee_is_added_with_a_password_shown_once_and_given_a_role():
    said = staff(
        "add",
        "Interior.Clerk",
        "--name-ar",
        "سامر",
        "--name-en",
        "Samer",
        "--institution",
        "interior",
        "--office",
        "nablus",
        "--national-id",
        "900000019",
    )
    password = re.search(r"only now: (\S+)", said).group(1)
    assert AccountBackend().authenticate(None, username="interior.clerk", password=password, kind="staff")
    reference = identity.find_staff_by_login("interior.clerk").reference
    assert identity.is_one_of(reference, {"900000019", "900000027"})
    assert not identity.is_one_of(reference, {"900000027"})
    staff("grant", "interior.clerk", "clerk", "--institution", "interior", "--office", "nablus")
    assert identity.find_staff_by_login("interior.clerk").roles == {identity.Role.CLERK}
    assert "clerk@interior/nablus" in staff("list")
    staff("revoke", "interior.clerk", "clerk", "--institution", "interior", "--office", "nablus")
    assert identity.find_staff_by_login("interior.clerk").roles == frozenset()
    with pytest.raises(CommandError, match="already"):
        staff(
            "add",
            "interior.clerk",
            "--name-ar",
            "س",
            "--name-en",
            "S",
            "--institution",
            "interior",
            "--national-id",
            "900000019",
        )


def test_who_left_cannot_sign_in():
    samer = a_staff(role="clerk")
    staff("close", samer.login)
    assert identity.find_staff_by_login(samer.login) is None
    with pytest.raises(CommandError, match="no open staff account"):
        staff("reset", samer.login)


def test_a_lost_second_factor_is_set_up_anew():
    samer = a_staff(role="clerk")
    staff("reset", samer.login)
    assert not identity.has_second_factor(samer.account_id)
