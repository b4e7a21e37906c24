"""Another person whose word a case needs: who may be asked, what he is shown, and what his word is fixed to. Pure: values in, values out."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import sdk
from hukumati.kernel.process import By
from hukumati.kernel.text import Text
from hukumati.processes.applications.facts import SubjectFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hukumati.domain.catalogue.facts import Facts, Field, ServiceVersion


def person_of(tie: Mapping[str, Any]) -> SubjectFacts:
    """Somebody's relative, as the civil registry tells of him."""
    name_ar = sdk.full_name(tie["name_ar"])
    return SubjectFacts(
        national_id=tie["national_id"],
        tie=tie["kind"],
        name=Text(name_ar, sdk.full_name(tie["name_latin"]) or name_ar),
        birth_date=date.fromisoformat(tie["birth_date"]) if tie.get("birth_date") else None,
        minor=bool(tie.get("minor")),
        alive=bool(tie.get("alive", True)),
    )


def offered(field: Field, facts: Facts) -> list[SubjectFacts]:
    """Who may be asked: living adults with an allowed tie, and where the form says among whom, only those."""
    told = sdk.fact_at(facts, field.fact) or []
    named = {sdk.fact_at(facts, path) for path in field.among}
    people = [person_of(tie) for tie in told if tie["kind"] in field.ties]
    return [
        person
        for person in people
        if person.alive and not person.minor and (not field.among or person.national_id in named)
    ]


def chosen(service: ServiceVersion, facts: Facts) -> SubjectFacts | None:
    """Whom the applicant named, if the registry still knows him so."""
    field = service.form.find_kind(sdk.FieldKind.PARTY)
    if field is None:
        return None
    answer = sdk.fact_at(facts, f"answers.{field.id}")
    return next((person for person in offered(field, facts) if person.key == answer), None)


def shown(service: ServiceVersion, facts: Facts) -> dict[str, Any]:
    """What he is asked to agree to, by field of the form: nothing else of the case reaches him."""
    party = service.form.find_kind(sdk.FieldKind.PARTY)
    fields = [field for field in service.form.fields if party and field.id in party.shows]
    return {field.id: _shown(field, facts) for field in fields}


def _shown(field: Field, facts: Facts) -> Any:
    """A fact that stands in two scripts is shown, and fixed, in both."""
    value = sdk.fact_at(facts, field.fact or f"answers.{field.id}")
    return {"ar": value, "en": sdk.fact_at(facts, field.in_english)} if field.in_english else value


def digest(case_reference: str, party: SubjectFacts, asked: Mapping[str, Any], *, service: ServiceVersion) -> str:
    """A hash of who was asked what, by which version of the service: the word given is a word on exactly this."""
    fixed = {
        "case": case_reference,
        "party": party.national_id,
        "asked": dict(asked),
        "service": service.id,
        "version": service.version,
        "content": service.content_sha256,
    }
    return sha256(json.dumps(fixed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def asks_within_days(service: ServiceVersion, state: str) -> int:
    """How long this state waits for the other person; 0 when it does not wait for one."""
    steps = service.process.from_state(state) if service.process else ()
    if not any(step.by == By.PARTY for step in steps):
        return 0
    return max(step.within_days for step in steps if step.by == By.CLOCK)
