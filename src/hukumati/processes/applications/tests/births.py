"""Newborns of the sandbox for tests: a parent's application to register one, ready to be sent, and the other parent."""

from __future__ import annotations

import json
import urllib.request
from datetime import date

from django.utils.timezone import now

from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import a_citizen
from hukumati.infra import ports
from hukumati.kernel.national_id import NationalId
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.tests.builders import acting, published

BIRTH = "interior.birth_certificate_new"
PAGES = ("notification", "newborn", "name", "other_parent", "certificate")
USUAL = {"first_name_ar": "سلمى", "first_name_latin": "Salma"}
USED: set[str] = set()


def control(path, body=None):
    """Speak to the sandbox's registries beside the exchange: faults, and who has which trait."""
    address = ports.adapter("exchange.registry")._security_server
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(
        f"{address}/control{path}", data=data, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def a_newborn(*, late=False):
    """(parent, other parent, notification number) of a newborn whom no test has used yet."""
    trait = "late_newborn" if late else "fresh_newborn"
    people = control(f"/people?trait={trait}&limit=200")["people"]
    found = next(one for one in people if one["notification"] not in USED)
    USED.add(found["notification"])
    return found["national_id"], found["other_parent"], found["notification"]


def a_parent(national_id):
    known = identity.find_citizen_by_national_id(NationalId(national_id))
    return known or a_citizen(national_id=NationalId(national_id), birth_date=date(1990, 1, 1))


def a_birth_draft(citizen, number, *, name=USUAL):
    published(BIRTH)
    case = applications.start(BIRTH, citizen=citizen, by=acting(citizen), at=now())
    case = _gathered(_saved(case, "notification", {"notification_number": number}), citizen)
    case = _saved(case, "newborn", {})
    case = _gathered(_saved(case, "name", name), citizen)
    field = applications.service_of(case).form.find_field("other_parent")
    [other] = applications.offered_parties(field, applications.known_facts(case))
    case = _saved(case, "other_parent", {"other_parent": other.key})
    return _saved(case, "certificate", {"language": "both"})


def a_filed_birth(citizen, number, **more):
    draft = a_birth_draft(citizen, number, **more)
    return applications.submit(draft, revision=draft.revision, citizen=citizen, by=acting(citizen), at=now())


def _saved(case, page, typed):
    return applications.save_answers(case, page=page, typed=typed, at=now())


def _gathered(case, citizen):
    for read in applications.service_of(case).reads:
        case = applications.fetch(case, read.name, by=acting(citizen), at=now())
    return case
