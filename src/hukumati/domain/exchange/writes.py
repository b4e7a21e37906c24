"""Opening the right to tell a registry something, telling it, and keeping the record of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from hukumati.domain.exchange import registries
from hukumati.domain.exchange.facts import (
    Answer,
    RegistryAnswerError,
    RegistryUnreachableError,
    WriteDiffersError,
    WriteNotCovered,
    WriteRefused,
)
from hukumati.domain.exchange.models import Write, WriteGrant, WriteOutcome
from hukumati.domain.exchange.ports import (
    RefusedByRegistryError,
    RegistryAnswer,
    RegistryStatement,
    UnknownToRegistryError,
)
from hukumati.infra.audit import api as audit
from hukumati.infra.ports import adapter
from hukumati.kernel.reference import new_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hukumati.domain.exchange.facts import Statement
    from hukumati.domain.exchange.ports import Registry
    from hukumati.kernel.actor import Actor
    from hukumati.kernel.national_id import NationalId
    from hukumati.kernel.text import Text

UNKNOWN = "unknown_person"  # our word for a registry that knows nobody under this number


@transaction.atomic
def open_write_grant(  # noqa: PLR0913 (a right to write names everything it covers; a shorter list would hide something)
    case_reference: str,
    *,
    name: str,
    subject: NationalId,
    applicant: NationalId,
    registry: str,
    service: str,
    facts: Sequence[str],
    purpose: Text,
    until: datetime,
    by: Actor,
    at: datetime,
) -> None:
    """Give a live case the right to tell a registry these facts about this person. One opened before for the same write ends."""
    WriteGrant.objects.live().filter(case_reference=case_reference, name=name).update(closed_at=at)
    WriteGrant.objects.create(
        case_reference=case_reference,
        name=name,
        subject=subject.digits,
        applicant=applicant.digits,
        registry=registry,
        service=service,
        facts=sorted(facts),
        purpose_ar=purpose.ar,
        purpose_en=purpose.en,
        opened_by=by.label,
        opened_at=at,
        until=until,
    )
    told = {"registry": registry, "service": service, "facts": sorted(facts)}
    audit.write("exchange.write_grant_opened", about=case_reference, by=by, at=at, name=name, **told)


@transaction.atomic
def close_write_grants(case_reference: str, *, at: datetime) -> None:
    """What was to be told is told, or will not be: nothing more may be written for the case."""
    WriteGrant.objects.live().filter(case_reference=case_reference).update(closed_at=at)


def tell(statement: Statement, *, by: Actor, at: datetime) -> Answer:
    """Have a registry enter what a live case has to tell it. Told again, it is found there and entered once.

    The write is committed before anything is said, so it must not run inside an open transaction. Refuses with WriteNotCovered and
    WriteRefused; raises RegistryUnreachableError when it is not known whether it was entered: tell it again.
    """
    write = _record_write(statement, by=by, at=at)
    told = RegistryStatement(
        registry=write.registry,
        service=write.service,
        subject=write.subject,
        facts=write.facts,
        returns=tuple(statement.returns),
        key=write.key,
        reference=write.reference,
        case_reference=write.case_reference,
        asker=by.label,
    )
    said = _speak(write, told, at=at)
    return Answer(said.facts, said.as_of, registries.get_registry(write.registry).name, at, write.reference)


@transaction.atomic(durable=True)
def _record_write(statement: Statement, *, by: Actor, at: datetime) -> Write:
    """The write that is to be told now: the one of an earlier try, unless the registry refused that."""
    grant = _live_grant(statement, at=at)
    former = Write.objects.filter(case_reference=statement.case_reference, name=statement.name)
    last = former.order_by("-id").first()
    if last is not None and not last.outcomes.filter(outcome=WriteOutcome.REFUSED).exists():
        if last.facts != dict(statement.facts) or last.subject != statement.subject.digits:
            raise WriteDiffersError(last.key)
        return last
    key = f"{statement.case_reference}:{statement.name}:{former.count() + 1}"
    try:
        with transaction.atomic():
            write = Write.objects.create(
                reference=new_reference("Z", year=at.year),
                key=key,
                grant=grant,
                case_reference=statement.case_reference,
                name=statement.name,
                subject=statement.subject.digits,
                registry=statement.registry,
                service=statement.service,
                facts=dict(statement.facts),
                told_by_kind=by.kind,
                told_by=by.id,
                told_at=at,
            )
    except IntegrityError as refusal:
        raise WriteNotCovered(statement.case_reference, statement.registry, statement.service) from refusal
    told = {"registry": write.registry, "service": write.service, "facts": sorted(write.facts)}
    audit.write("exchange.write_told", about=write.case_reference, by=by, at=at, write=write.reference, **told)
    return write


def _live_grant(statement: Statement, *, at: datetime) -> WriteGrant:
    """Held until the write is recorded, so that of two tries at once the second finds what the first has recorded."""
    grant = (
        WriteGrant.objects.live()
        .select_for_update()
        .filter(
            case_reference=statement.case_reference,
            name=statement.name,
            subject=statement.subject.digits,
            registry=statement.registry,
            service=statement.service,
            facts__contains=list(statement.facts),
            opened_at__lte=at,
            until__gt=at,
        )
        .first()
    )
    if grant is None or not statement.facts:
        raise WriteNotCovered(statement.case_reference, statement.registry, statement.service)
    return grant


def _speak(write: Write, told: RegistryStatement, *, at: datetime) -> RegistryAnswer:
    """Tell it and record what came of it, whatever it is."""
    port: Registry = adapter("exchange.registry")
    try:
        said = port.tell(told)
    except (RefusedByRegistryError, UnknownToRegistryError) as refusal:
        reason = getattr(refusal, "reason", UNKNOWN)
        _record_outcome(write, WriteOutcome.REFUSED, at=at, reason=reason)
        raise WriteRefused(write.registry, write.service, write.name, reason) from refusal
    except RegistryAnswerError:
        _record_outcome(write, WriteOutcome.WRONG, at=at)
        raise
    except RegistryUnreachableError:
        _record_outcome(write, WriteOutcome.UNREACHABLE, at=at)
        raise
    _record_outcome(write, WriteOutcome.RECORDED, at=at, said=said)
    return said


@transaction.atomic
def _record_outcome(
    write: Write, outcome: str, *, at: datetime, said: RegistryAnswer | None = None, reason: str = ""
) -> None:
    WriteOutcome.objects.create(
        write=write,
        outcome=outcome,
        reason=reason,
        as_of=said.as_of if said else None,
        request_id=said.request_id if said else "",
        recorded_at=at,
    )
