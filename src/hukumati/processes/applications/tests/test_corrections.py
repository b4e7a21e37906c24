"""After a return the case is judged as it is now: by the registers' answers about the corrected answers."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.utils.timezone import now

from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import drafts
from hukumati.processes.applications.tests.births import _gathered, _saved, a_filed_birth, a_parent, control
from hukumati.processes.applications.tests.builders import a_clerk, acting, pay
from hukumati.processes.applications.tests.test_births import confirm, state_of
from tests.outside import registries  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registries")]


def test_a_correction_that_turns_a_timely_birth_into_a_late_one_is_not_filed_for_the_small_fee(monkeypatch):
    newborn = control("/people?trait=fresh_newborn&limit=1")["people"][0]
    mine, other = a_parent(newborn["national_id"]), a_parent(newborn["other_parent"])
    unusual = {"first_name_ar": "سلمى", "first_name_latin": "Salmaaah"}
    case = a_filed_birth(mine, newborn["notification"], name=unusual)
    confirm(other)
    pay(case, mine)
    clerk = a_clerk()
    applications.take(case.reference, by=clerk, at=now())
    applications.return_for_correction(case.reference, reason="x", by=clerk, at=now())
    really = drafts.exchange.ask

    def of_a_birth_long_ago(question, **more):
        """The register about another notification of the same parents."""
        if question.service != "notifications":
            return really(question, **more)
        first = dataclasses.replace(question, parameters={"number": newborn["notification"]})
        said = really(first, **more)
        born = (now() - timedelta(days=90)).date().isoformat()
        return dataclasses.replace(said, facts={**said.facts, "born_on": born, "number": "77777777"})

    monkeypatch.setattr(drafts.exchange, "ask", of_a_birth_long_ago)
    case = applications.get_own(case.reference, citizen=mine)
    case = _gathered(_saved(case, "notification", {"notification_number": "77777777"}), mine)
    with pytest.raises(applications.FeeWouldChange):
        applications.resubmit(case, note="", by=acting(mine), at=now())
    assert state_of(case) == "returned"
