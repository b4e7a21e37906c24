"""What happened to a case, in the citizen's words. States and verbs are never shown as they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hukumati.kernel.process import By
from hukumati.processes.applications import api as applications

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.processes.applications.facts import ApplicationFacts, TimelineFacts

TITLES: Mapping[str, Callable[[], str]] = {
    "start": lambda: _("Draft opened"),
    "allow_help": lambda: _("Help at a counter allowed"),
    "choose_helping": lambda: _("Person chosen with help at a counter"),
    "answer_helping": lambda: _("A page filled in with help at a counter"),
    "renew": lambda: _("Draft carried over to the service's new version"),
    "submit": lambda: _("Application sent"),
    "pay": lambda: _("Fee paid"),
    "expire": lambda: _("Closed because its time ran out"),
    "confirm": lambda: _("Confirmed by the other person"),
    "decline": lambda: _("Not confirmed by the other person"),
    "record": lambda: _("Entered in the register"),
    "record_refused": lambda: _("Not entered in the register"),
    "withdraw": lambda: _("Withdrawn by the applicant"),
    "accept": lambda: _("Accepted by the clerk"),
    "refuse": lambda: _("Refused"),
    "return_for_correction": lambda: _("Returned for correction"),
    "resubmit": lambda: _("Correction sent"),
    "issue": lambda: _("Document issued and signed"),
    "download": lambda: _("Document downloaded"),
    "hand_over": lambda: _("Document handed over at the counter"),
    "close": lambda: _("Closed"),
}
BAD = frozenset({"refuse", "expire", "decline", "record_refused"})
LAPSED: Mapping[By, Callable[[], str]] = {
    By.PARTY: lambda: _("Closed because it was not confirmed in time"),
    By.LEDGER: lambda: _("Closed because the fee was not paid in time"),
}

PROOFS: Mapping[str, Callable[[], str]] = {
    "password": lambda: _("password"),
    "sms_code": lambda: _("code by SMS"),
    "passkey": lambda: _("passkey"),
    "totp": lambda: _("authenticator app"),
}


TIES: Mapping[str, Callable[[], str]] = {
    "self": lambda: _("The applicant himself or herself"),
    "child": lambda: _("The applicant's child"),
    "parent": lambda: _("The applicant's parent"),
    "spouse": lambda: _("The applicant's spouse"),
}


def tie_in_words(tie: str) -> str:
    """How the person the case is for is tied to the applicant, by the civil registry."""
    return TIES[tie]() if tie in TIES else tie


def proofs_in_words(authenticated_by: Sequence[str]) -> str:
    """How the applicant was authenticated when he filed the case, for the clerk: on the case, not on the account."""
    return _(", ").join(PROOFS[name]() if name in PROOFS else name for name in authenticated_by) or _("Not recorded")


def shown_timeline(
    service: ServiceVersion, case: ApplicationFacts, timeline: Sequence[TimelineFacts]
) -> list[dict[str, Any]]:
    """Entries for the timeline component: what has happened, and what the case waits for now."""
    entries: list[dict[str, Any]] = [
        {
            "title": _title(service, entry),
            "at": entry.at,
            "text": entry.reason,
            "tone": "bad" if entry.verb in BAD else "done",
        }
        for entry in timeline
    ]
    if case.closed_at is None:
        entries.append({"title": state_text(service, case.state), "tone": "now"})
    return entries


def state_text(service: ServiceVersion, state: str) -> str:
    """The service's own words for its state."""
    return service.state_text(state).in_(get_language() or "ar")


def state_tag(service: ServiceVersion, state: str) -> tuple[str, str]:
    """(words, tone) for the tag component: ok at a good end, bad at a refusal, warn when it waits for the citizen."""
    if service.process is not None and state in service.process.end:
        good = any(step.to == state and step.verb in ("download", "hand_over") for step in service.process.steps)
        closed_well = good or any(step.to == state and step.verb == "close" for step in service.process.steps)
        refused = any(step.to == state and step.verb == "refuse" for step in service.process.steps)
        return state_text(service, state), "ok" if closed_well else "bad" if refused else "neutral"
    steps = service.process.from_state(state) if service.process else ()
    if any(step.verb in ("download", "hand_over") for step in steps):
        return state_text(service, state), "ok"
    waits = applications.waits_for(service, state)
    tone = "warn" if By.CITIZEN in waits and By.CLERK not in waits else "info"
    return state_text(service, state), tone


def _title(service: ServiceVersion, entry: TimelineFacts) -> str:
    """The verb in words; what ran out says for whom the case had waited."""
    if entry.verb == "expire":
        waited_for = applications.waits_for(service, entry.from_state) & set(LAPSED)
        return LAPSED[min(waited_for)]() if waited_for else TITLES["expire"]()
    return TITLES[entry.verb]() if entry.verb in TITLES else entry.verb.replace("_", " ")
