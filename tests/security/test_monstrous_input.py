"""Input that breaks what reads it: numbers of thousands of digits, JSON nested a hundred thousand deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hukumati.domain.identity.tests.builders import a_citizen, sign_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
MONSTROUS = "9" * 5_000


@pytest.mark.parametrize(
    ("address", "name", "status"),
    [("/account/sessions/end/", "session", 404), ("/account/passkeys/remove/", "passkey", 302)],
)
@pytest.mark.parametrize("number", [MONSTROUS, "9" * 18, "9" * 30, "٩" * 18])
def test_a_number_that_is_no_number_is_answered_like_an_unknown_one(client: Client, address: str, name: str, status: int, number: str) -> None:
    sign_in(client, a_citizen())
    assert client.post(address, {name: number}).status_code == status


@pytest.mark.parametrize("address", ["/sign-in/passkey/", "/desk/sign-in/passkey/"])
def test_a_credential_without_an_end_opens_nothing(client: Client, address: str) -> None:
    assert client.post(address, {"credential": "[" * 200_000}).status_code == 422
