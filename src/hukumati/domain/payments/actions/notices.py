"""The inbox of notices. A notice only rings the bell: what is true is asked of the provider, so a forged one can do nothing at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hukumati.domain.payments import rules
from hukumati.domain.payments.actions.attempts import ask_quietly, note_unreachable
from hukumati.domain.payments.actions.refunds import send_refund, settle_refund
from hukumati.domain.payments.actions.settlement import settle
from hukumati.domain.payments.facts import NoticeOutcome, RefundState
from hukumati.domain.payments.models import Attempt, Notice, Refund
from hukumati.domain.payments.ports import (
    AttemptRef,
    NoticeUnreadableError,
    ProviderUnreachableError,
    RawNotice,
    RefundOutcome,
    RefundTold,
    SignatureInvalidError,
)
from hukumati.domain.payments.providers import provider_of
from hukumati.domain.payments.refusals import NoticeForged, NoticeMalformed, NoticeTooLarge
from hukumati.infra.audit import api as audit
from hukumati.kernel.actor import provider as provider_actor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hukumati.domain.payments.ports import NoticeWord

BODY_BYTES_MAX = 64_000
HEADERS_MAX = 40
HEADER_CHARACTERS_MAX = 500
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
FORGED_KEPT_MAX = 200
FORGED_KEPT_PER = timedelta(hours=1)
WAITING_FOR = timedelta(seconds=30)
WAITING_AT_ONCE_MAX = 100
ENDS = {
    RefundTold.TAKEN: RefundState.SENT,
    RefundTold.CONFIRMED: RefundState.CONFIRMED,
    RefundTold.FAILED: RefundState.FAILED,
}
# A repeated notice is acted on again until the first was seen through: the process may have died in between.
UNFINISHED = (NoticeOutcome.WAITING, NoticeOutcome.MISMATCHED)


def take_notice(provider: str, *, body: bytes, headers: Mapping[str, str], at: datetime) -> None:
    """Keep what was sent, then ask the provider about what it tells of. Returns once all of it is committed.

    Refuses with NoticeTooLarge, NoticeForged (kept, changes nothing) and NoticeMalformed (kept). The same notice again is no news.
    """
    if len(body) > BODY_BYTES_MAX:
        raise NoticeTooLarge
    raw = RawNotice(body, {name.lower(): value for name, value in headers.items()}, at)
    try:
        word = provider_of(provider).read_notice(raw)
    except (SignatureInvalidError, ProviderUnreachableError) as fault:  # nobody signs for a provider without an address
        _keep_forged(provider, raw)
        raise NoticeForged from fault
    except NoticeUnreadableError as fault:
        _keep(provider, raw, outcome=NoticeOutcome.MALFORMED, decided_at=at)
        raise NoticeMalformed from fault
    notice = _keep_word(provider, raw, word)
    _keep_capture(provider, word)
    if notice.outcome in UNFINISHED or word.refund_told:
        _act_on(notice, word, at=at)


def answer_waiting(*, at: datetime) -> None:
    """Bells that rang while the provider did not answer: ask again."""
    rung = Notice.objects.filter(outcome=NoticeOutcome.WAITING, received_at__lt=at - WAITING_FOR).order_by("pk")
    for notice in rung[:WAITING_AT_ONCE_MAX]:
        attempt = (
            Attempt.objects.filter(reference=notice.about, provider=notice.provider).select_related("charge").first()
        )
        if Refund.objects.filter(reference=notice.about).exists():
            send_refund(notice.about, at=at)
            _decide(notice, NoticeOutcome.APPLIED, at=at)
        elif attempt is not None:
            ask_quietly(attempt, at=at)
        else:
            # Whoever took it died before saying so.
            _decide(notice, NoticeOutcome.UNKNOWN_REFERENCE, at=at)


def _act_on(notice: Notice, word: NoticeWord, *, at: datetime) -> None:
    if word.refund_reference:
        _act_on_refund(notice, word, at=at)
        return
    attempt = Attempt.objects.filter(reference=word.reference, provider=notice.provider).first()
    if attempt is None:
        _decide(notice, NoticeOutcome.UNKNOWN_REFERENCE, at=at)
        return
    known_as = AttemptRef(attempt.reference, attempt.provider_payment_id or word.payment_id)
    try:
        truth = provider_of(notice.provider).look_up(known_as)
    except ProviderUnreachableError:
        # The bell stays rung: the jobs ask again, about this attempt and about notices that wait.
        note_unreachable(attempt.reference, at=at)
        return
    if not rules.notice_agrees(word, truth) or word.capture_id not in ("", attempt.provider_capture_id):
        _decide(notice, NoticeOutcome.MISMATCHED, at=at)
    settle(attempt.reference, truth, by=provider_actor(notice.provider), at=at)


def _act_on_refund(notice: Notice, word: NoticeWord, *, at: datetime) -> None:
    refund = Refund.objects.filter(reference=word.refund_reference, attempt__provider=notice.provider).first()
    if refund is None:
        _decide(notice, NoticeOutcome.UNKNOWN_REFERENCE, at=at)
        return
    agrees = (word.amount_minor, word.currency) == (refund.amount_minor, refund.currency)
    if word.refund_told is None:
        send_refund(refund.reference, at=at)
    elif agrees:
        agrees = _believe(refund, word.refund_told, at=at)
    _decide(notice, NoticeOutcome.APPLIED if agrees else NoticeOutcome.MISMATCHED, at=at)


def _believe(refund: Refund, told: RefundTold, *, at: datetime) -> bool:
    """Nobody can be asked how this refund ended, so the signed word counts. False when it contradicts the end that is on record."""
    said = RefundOutcome(told, refund.provider_refund_id, refund.reference, refund.amount_minor)
    settle_refund(refund.reference, said, by=provider_actor(refund.attempt.provider), at=at)
    refund.refresh_from_db()
    return refund.state == ENDS[told]


@transaction.atomic
def _keep_capture(provider: str, word: NoticeWord) -> None:
    """What a refund will have to name. Kept before anybody is asked, and again when the notice comes again: looking up never tells it.

    A word over other figures than we asked for names money that is not this payment's. The first name stays, and one name pays one attempt.
    """
    if not word.capture_id:
        return
    attempt = (
        Attempt.objects.locked().filter(reference=word.reference, provider=provider, provider_capture_id="").first()
    )
    if attempt is None or (word.amount_minor, word.currency) != (attempt.amount_minor, attempt.currency):
        return
    if not Attempt.objects.filter(provider=provider, provider_capture_id=word.capture_id).exists():
        attempt.provider_capture_id = word.capture_id
        attempt.save(update_fields=["provider_capture_id"])


@transaction.atomic
def _decide(notice: Notice, outcome: NoticeOutcome, *, at: datetime) -> None:
    if not Notice.objects.filter(pk=notice.pk, outcome=NoticeOutcome.WAITING).update(outcome=outcome, decided_at=at):
        return
    if outcome != NoticeOutcome.APPLIED:
        actor = provider_actor(notice.provider)
        audit.write(f"payments.notice_{outcome}", about=notice.about, by=actor, at=at, notice=notice.notice_id)


def _keep_word(provider: str, raw: RawNotice, word: NoticeWord) -> Notice:
    kept, _ = Notice.objects.get_or_create(
        provider=provider,
        notice_id=word.notice_id,
        defaults=_row(raw)
        | {"kind": word.kind, "about": word.refund_reference or word.reference, "outcome": NoticeOutcome.WAITING},
    )
    return kept


@transaction.atomic
def _keep_forged(provider: str, raw: RawNotice) -> None:
    """Kept for whoever investigates, but not without end: a flood must not fill the disk."""
    since = raw.received_at - FORGED_KEPT_PER
    if Notice.objects.filter(provider=provider, verified=False, received_at__gt=since).count() >= FORGED_KEPT_MAX:
        return
    _keep(provider, raw, verified=False, outcome=NoticeOutcome.FORGED, decided_at=raw.received_at)
    audit.write("payments.notice_forged", about=provider, by=provider_actor("unknown"), at=raw.received_at)


def _keep(provider: str, raw: RawNotice, **facts: Any) -> Notice:
    return Notice.objects.create(provider=provider, **(_row(raw) | facts))


def _row(raw: RawNotice) -> dict[str, Any]:
    kept = {name: value[:HEADER_CHARACTERS_MAX] for name, value in raw.headers.items() if name not in SECRET_HEADERS}
    return {
        "body": raw.body,
        "headers": dict(list(kept.items())[:HEADERS_MAX]),
        "verified": True,
        "received_at": raw.received_at,
    }
