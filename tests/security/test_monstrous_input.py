"""Input that breaks what reads it: numbers of thousands of digits, JSON nested a hundred thousand deep."""

import pytest

from hukumati.domain.identity.tests.builders import a_citizen, sign_in

pytestmark = pytest.mark.django_db
MONSTROUS = "9" * 5_000


@pytest.mark.parametrize(
    ("address", "name", "status"),
    [("/account/sessions/end/", "session", 404), ("/account/passkeys/remove/", "passkey", 302)],
)
@pytest.mark.parametrize("number", [MONSTROUS, "9" * 18, "9" * 30, "٩" * 18])
def test_a_number_that_is_no_number_is_answered_like_an_unknown_one(client, address, name, status, number):
    sign_in(client, a_citizen())
    assert client.post(address, {name: number}).status_code == status


@pytest.mark.parametrize("address", ["/sign-in/passkey/", "/desk/sign-in/passkey/"])
def test_a_credential_without_an_end_opens_nothing(client, address):
    assert client.post(address, {"credential": "[" * 200_000}).status_code == 422
