"""What every verb needs to know and to say of a case: by which service it goes, and the words to its applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.notifications import api as notifications
from hukumati.processes.applications.facts import ServiceNotOpen

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.kernel.process import Process
    from hukumati.processes.applications.models import Application


def service_of(row: Application) -> ServiceVersion:
    return catalogue.get_published(row.service_id, version=row.service_version)


def process_of(service: ServiceVersion) -> Process:
    if service.process is None:
        raise ServiceNotOpen(service_id=service.id, stage=service.stage)
    return service.process


def leads_out(service: ServiceVersion, row: Application, verb: str) -> bool:
    return any(step.verb == verb for step in process_of(service).from_state(row.state))


def tell(row: Application, message: str, *, at: datetime, **facts: Any) -> None:
    """The message of that code to the applicant, about his case and in his language."""
    told = {"reference": row.reference, "service": service_of(row).name, **facts}
    notifications.tell(row.account_id, code=message, facts=told, about=row.reference, at=at)
