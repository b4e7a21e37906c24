"""What another person is asked: in his inbox, on a page of his own, and on the desk once he has answered."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.tests.births import a_filed_birth, a_newborn, a_parent
from hukumati.processes.applications.tests.builders import pay
from tests.outside import registries  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


def test_the_other_parent_finds_reads_and_answers_what_is_asked():
    mine, other, number = a_newborn(late=True)
    mine, other = a_parent(mine), a_parent(other)
    case = a_filed_birth(mine, number)
    [asked] = applications.list_confirmations(citizen=other)
    theirs, stranger = sign_in(Client(), other), sign_in(Client(), mine)
    for address in (reverse("portal:inbox"), reverse("portal:applications"), reverse("portal:confirmations")):
        assert "تأكيد" in theirs.get(address).content.decode()
    address = reverse("portal:confirmation", args=[asked.reference])
    page = theirs.get(address).content.decode()
    assert all(words in page for words in ("سلمى", "Salma", number, mine.name.ar, asked.digest))
    assert stranger.get(address).status_code == 404
    decline = reverse("portal:decline_confirmation", args=[asked.reference])
    assert theirs.post(decline, {"reason": ""}).status_code == 422
    confirm = reverse("portal:confirm_confirmation", args=[asked.reference])
    assert stranger.post(confirm, {"digest": asked.digest}).status_code == 404
    assert theirs.post(confirm, {"digest": "0" * 64}).status_code == 422
    assert theirs.post(confirm, {"digest": asked.digest}).status_code == 302
    assert theirs.post(decline, {"reason": "لا"}).status_code == 422
    assert asked.digest not in theirs.get(address).content.decode()  # nothing is left to answer
    pay(case, mine)
    clerk = sign_in(Client(), a_staff(role="clerk", institution="interior", office=""))
    desk = clerk.get(reverse("desk:application", args=[case.reference])).content.decode()
    assert asked.party.ar in desk
    assert asked.digest[:16] in desk
