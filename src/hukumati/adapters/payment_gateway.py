"""A gateway for cards and wallets: the payer types the card on its page, or approves in the wallet on the telephone; never here.

Speaks the gateway's JSON over HTTP, interface version 1. The two products differ in how a payment begins and in the list of a day.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hukumati.adapters.payment_answers import moment, object_, objects, segment, text, understanding, whole
from hukumati.domain.payments.ports import (
    NoticeUnreadableError,
    NoticeWord,
    Outcome,
    PayerUnknownError,
    ProviderUnreachableError,
    RefundOutcome,
    RefundTold,
    SettledLine,
    SignatureInvalidError,
    Started,
    Told,
)
from hukumati.infra.http import Client, OutsideUnreachableError
from hukumati.kernel.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from hukumati.domain.payments.ports import AttemptRef, RawNotice, Request
    from hukumati.infra.http import Response
    from hukumati.kernel.money import Money

NAME: Final = "payment gateway"
LIMITS: Final = Limits(connect_seconds=2, total_seconds=6, attempts_max=2, body_bytes_max=2_000_000)
SIGNATURE_HEADER: Final = "x-gateway-signature"
SIGNED_WITHIN_SECONDS: Final = 300
NOT_FOUND: Final = 404
UNPROCESSABLE: Final = 422
SAID: Final = {
    "created": Told.WAITING,
    "pending": Told.WAITING,
    "paid": Told.PAID,
    "declined": Told.DECLINED,
    "cancelled": Told.CANCELLED,
    "expired": Told.EXPIRED,
}
SAID_OF_REFUND: Final = {"pending": RefundTold.TAKEN, "paid": RefundTold.CONFIRMED, "failed": RefundTold.FAILED}

REFUND_REFUSED: Final = frozenset({400, 404, 409, 422})
"""The gateway understood what was asked, and says no."""


class _Gateway:
    """What both products share of the port PaymentProvider."""

    product: ClassVar[str]

    def __init__(self, *, base_url: str, api_key: str, notice_key: str, merchant: str, notice_url: str) -> None:
        self._client = Client(base_url, limits=LIMITS, headers={"authorization": f"Bearer {api_key}"}, name=NAME)
        self._notice_key = notice_key.encode()
        self._merchant = merchant
        self._notice_url = notice_url

    def _begin(self, request: Request, **more: str) -> Response:
        """The reference is the idempotency key: the gateway answers a repeated start with the first payment."""
        asked = {
            "method": self.product,
            "merchant": self._merchant,
            "reference": request.reference,
            "amount_minor": request.amount.amount_minor,
            "currency": request.amount.currency,
            "description": request.description.in_(request.language),
            "locale": request.language,
            "notice_url": self._notice_url,
        }
        headers = {"Idempotency-Key": request.reference}
        return self._ask("POST", "/v1/payments", json=asked | more, headers=headers)

    def read_notice(self, notice: RawNotice) -> NoticeWord:
        """The signature is checked over the bytes as they came, before anything is read from them."""
        _verify(notice, key=self._notice_key)
        try:
            said = object_(json.loads(notice.body))
            return NoticeWord(
                notice_id=text(said, "notice_id"),
                kind=text(said, "type"),
                reference=text(said, "reference"),
                payment_id=text(said, "payment_id"),
                amount_minor=whole(said, "amount_minor"),
                currency=text(said, "currency"),
                refund_reference=text(said, "refund_reference") if "refund_reference" in said else "",
            )
        except (ValueError, RecursionError) as fault:
            raise NoticeUnreadableError(str(fault)) from fault

    def look_up(self, attempt: AttemptRef) -> Outcome:
        """By the gateway's own id when we know it, else by our reference."""
        if attempt.payment_id:
            answer = self._ask("GET", f"/v1/payments/{segment(attempt.payment_id, name=NAME)}")
            return Outcome(Told.UNHEARD_OF) if answer.status == NOT_FOUND else _outcome(self._json(answer))
        answer = self._ask("GET", "/v1/payments", params={"reference": attempt.reference})
        with understanding(NAME):
            known = [_outcome(object_(each)) for each in objects(self._json(answer), "payments")]
        return next(
            (said for said in known if said.told == Told.PAID), known[-1] if known else Outcome(Told.UNHEARD_OF)
        )

    def refund(self, attempt: AttemptRef, *, amount: Money, refund_reference: str) -> RefundOutcome:
        """The refund reference is the gateway's idempotency key. A refusal of the refund is a refund that failed.

        Anything else that is no answer (we are not let in, asked too often, the gateway is at fault) says nothing about it: it is asked again.
        """
        path = f"/v1/payments/{segment(attempt.payment_id, name=NAME)}/refunds"
        asked = {"refund_reference": refund_reference, "amount_minor": amount.amount_minor}
        answer = self._ask("POST", path, json=asked, headers={"Idempotency-Key": refund_reference})
        if answer.status in REFUND_REFUSED:
            return RefundOutcome(RefundTold.FAILED, "", refund_reference, amount.amount_minor, reason=_reason(answer))
        return _refund_outcome(self._json(answer))

    def look_up_refund(self, refund_id: str) -> RefundOutcome:
        return _refund_outcome(self._json(self._ask("GET", f"/v1/refunds/{segment(refund_id, name=NAME)}")))

    def list_settled(self, on: date) -> Sequence[SettledLine]:
        said = self._json(self._ask("GET", f"/v1/settlements/{on.isoformat()}", params={"method": self.product}))
        with understanding(NAME):
            return [_settled(object_(line)) for line in objects(said, "lines")]

    def _ask(self, method: str, path: str, **asked: Any) -> Response:
        try:
            answer = self._client.request(method, path, **asked)
        except OutsideUnreachableError as fault:
            raise ProviderUnreachableError(str(fault)) from fault
        return answer

    def _json(self, answer: Response) -> dict[str, Any]:
        with understanding(NAME):
            if not answer.ok:
                raise ValueError(f"status {answer.status}")
            return object_(answer.json())


class HostedCard(_Gateway):
    """Cards, on the gateway's own page."""

    product = "card"

    def start(self, request: Request) -> Started:
        said = self._json(self._begin(request, return_url=request.return_url))
        with understanding(NAME):
            return Started(text(said, "payment_id"), moment(said, "expires_at"), text(said, "hosted_url", 2000))


class PushWallet(_Gateway):
    """Wallets: the gateway asks the payer's telephone, and the payer says yes or no there."""

    product = "wallet"

    def start(self, request: Request) -> Started:
        answer = self._begin(request, mobile=request.payer_mobile)
        if answer.status == UNPROCESSABLE and _is_about_payer(answer):
            raise PayerUnknownError("no_wallet")
        said = self._json(answer)
        with understanding(NAME):
            return Started(text(said, "payment_id"), moment(said, "expires_at"))


def _verify(notice: RawNotice, *, key: bytes) -> None:
    parts = dict(part.partition("=")[::2] for part in notice.headers.get(SIGNATURE_HEADER, "").split(","))
    signed_at, signature = parts.get("t", "").strip(), parts.get("v1", "").strip()
    if not key or not (signed_at.isascii() and signed_at.isdigit() and len(signed_at) <= 12):  # noqa: PLR2004 (seconds of 30,000 years)
        raise SignatureInvalidError("no signature")
    wanted = hmac.new(key, f"{signed_at}.".encode() + notice.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise SignatureInvalidError("signature differs")
    if abs(notice.received_at.timestamp() - int(signed_at)) > SIGNED_WITHIN_SECONDS:
        raise SignatureInvalidError("signed too long ago, or ahead")


def _outcome(said: Mapping[str, Any]) -> Outcome:
    with understanding(NAME):
        state = text(said, "state")
        if state not in SAID:
            raise ValueError(f"state {state[:20]!r}")
        return Outcome(
            told=SAID[state],
            reference=text(said, "reference"),
            payment_id=text(said, "payment_id"),
            amount_minor=whole(said, "amount_minor"),
            currency=text(said, "currency"),
            paid_at=moment(said, "paid_at") if said.get("paid_at") else None,
            reason=text(said, "reason") if said.get("reason") else "",
            card_last_four=text(said, "card_last4") if said.get("card_last4") else "",
            redirect_url=text(said, "hosted_url", 2000) if said.get("hosted_url") else "",
            expires_at=moment(said, "expires_at") if said.get("expires_at") else None,
        )


def _refund_outcome(said: Mapping[str, Any]) -> RefundOutcome:
    with understanding(NAME):
        state = text(said, "state")
        if state not in SAID_OF_REFUND:
            raise ValueError(f"refund state {state[:20]!r}")
        return RefundOutcome(
            told=SAID_OF_REFUND[state],
            refund_id=text(said, "refund_id"),
            refund_reference=text(said, "refund_reference"),
            amount_minor=whole(said, "amount_minor"),
        )


class TerminalAcquirer(_Gateway):
    """The acquirer of the counters' card terminals. A terminal speaks to it by itself: we only ask what it settled."""

    product = "terminal"

    def __init__(self, *, base_url: str, api_key: str) -> None:
        super().__init__(base_url=base_url, api_key=api_key, notice_key="", merchant="", notice_url="")

    def start(self, request: Request) -> Started:
        raise ProviderUnreachableError(f"{request.reference}: a terminal begins payments itself")

    def read_notice(self, notice: RawNotice) -> NoticeWord:  # noqa: ARG002 (whatever it says)
        raise SignatureInvalidError("the acquirer of terminals sends no notices")


def _settled(said: Mapping[str, Any]) -> SettledLine:
    return SettledLine(
        payment_id=text(said, "payment_id"),
        reference=text(said, "reference"),
        kind=text(said, "kind"),
        amount_minor=whole(said, "amount_minor"),
        fee_minor=whole(said, "fee_minor"),
        currency=text(said, "currency"),
        at=moment(said, "at"),
        refund_reference=text(said, "refund_reference") if "refund_reference" in said else "",
    )


def _reason(answer: Response) -> str:
    try:
        said = object_(answer.json())
        return text(said, "code") if "code" in said else text(said, "error")
    except ValueError:
        return f"status_{answer.status}"


def _is_about_payer(answer: Response) -> bool:
    """No wallet belongs to the number, or no network has such a number."""
    try:
        said = object_(answer.json())
    except ValueError:
        return False
    return said.get("code") == "wallet_unknown" or said.get("field") == "mobile"
