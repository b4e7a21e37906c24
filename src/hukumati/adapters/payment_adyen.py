"""Adyen as a provider for cards: Pay by Link and refunds of its Checkout API, version 71, and its standard notices.

Written to the published contract, never tried against Adyen itself. What the contract gives, and what it does not:

- The truth about a payment is its link, asked by the link's id: `completed` is paid. A refused try leaves the link `active`, so nobody is told that
  he was declined; a payer who turns back is waited for until the link expires. The status `paid` is listed without a meaning: it is no proof.
- Nothing is found by our reference. An answer to a start that was lost is found by starting again with the same idempotency key.
- A refund names the payment's own reference, and only the notice of the payment tells it. Until that came, no refund can be sent.
- A refund cannot be looked up. Its end is told by a notice, and by nothing else.
- There is no list of a day: Adyen gives it as a report, outside this interface.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final, NoReturn

from hukumati.adapters.payment_answers import is_identifier, moment, object_, segment, text, understanding, whole
from hukumati.domain.payments.ports import (
    NoticeUnreadableError,
    NoticeWord,
    Outcome,
    ProviderUnreachableError,
    RefundOutcome,
    RefundTold,
    SignatureInvalidError,
    Started,
    Told,
)
from hukumati.infra.http import Client, OutsideUnreachableError
from hukumati.kernel.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from hukumati.domain.payments.ports import AttemptRef, RawNotice, Request, SettledLine
    from hukumati.infra.http import Response
    from hukumati.kernel.money import Money

NAME: Final = "adyen"
LIMITS: Final = Limits(connect_seconds=2, total_seconds=8, attempts_max=2, body_bytes_max=500_000)
CREATED: Final = 201
UNPROCESSABLE: Final = 422
URL_MAX: Final = 2000
DESCRIPTION_MAX: Final = 280
IN_PROGRESS: Final = "704"
"""The error code of a request whose twin is still being worked on: it says nothing about the refund."""

LOCALES: Final = {"ar": "ar", "en": "en-US"}
SAID: Final = {
    "active": Told.WAITING,
    "paymentPending": Told.WAITING,
    "paid": Told.WAITING,
    "completed": Told.PAID,
    "expired": Told.EXPIRED,
}
SAID_OF_REFUND: Final = {
    ("REFUND", "true"): RefundTold.CONFIRMED,
    ("REFUND", "false"): RefundTold.FAILED,
    ("REFUND_FAILED", "true"): RefundTold.FAILED,
    ("REFUNDED_REVERSED", "true"): RefundTold.FAILED,
}
ABOUT_REFUNDS: Final = frozenset(event for event, _ in SAID_OF_REFUND)


class AdyenCheckout:
    """The port PaymentProvider over Adyen. `base_url` ends in the version; `notice_key` is the hexadecimal key of the notices' signatures."""

    def __init__(self, *, base_url: str, api_key: str, notice_key: str, merchant: str) -> None:
        self._client = Client(base_url, limits=LIMITS, headers={"x-api-key": api_key}, name=NAME)
        self._notice_key = _key(notice_key)
        self._merchant = merchant

    def start(self, request: Request) -> Started:
        """A link that is good for one payment by card, captured by itself, or it could not be given back.

        The reference is the idempotency key, and all that is sent follows from the request: the same start is the same link.
        """
        asked = {
            "merchantAccount": self._merchant,
            "reference": request.reference,
            "amount": _amount(request.amount),
            "description": request.description.in_(request.language)[:DESCRIPTION_MAX],
            "shopperLocale": LOCALES.get(request.language, LOCALES["en"]),
            "returnUrl": request.return_url,
            "allowedPaymentMethods": ["scheme"],
            "reusable": False,
            "manualCapture": False,
        }
        if request.pay_until is not None:
            asked["expiresAt"] = request.pay_until.astimezone(UTC).isoformat(timespec="seconds")
        headers = {"Idempotency-Key": request.reference}
        answer = self._ask("POST", "/paymentLinks", json=asked, headers=headers)
        with understanding(NAME):
            said = self._mine(_read(answer, CREATED), reference=request.reference)
            if (said["amount"].get("value"), said["amount"].get("currency")) != (
                request.amount.amount_minor,
                request.amount.currency,
            ):
                raise ValueError("a link over another amount")
            return Started(text(said, "id"), moment(said, "expiresAt"), text(said, "url", URL_MAX))

    def read_notice(self, notice: RawNotice) -> NoticeWord:
        """Only the eight signed values are told on, and where to ask: of the rest nothing is known.

        The signature stands inside the body, so what cannot be read is nobody's notice. Adyen signs no time: a notice that comes again is known by
        its id, which is made of signed values. It sends one item a notice; of several, all signed, none is taken.
        """
        items = _items(notice.body)
        for item in items:
            _verify(item, key=self._notice_key)
        if len(items) != 1:
            raise NoticeUnreadableError(f"{len(items)} items in one notice")
        try:
            return self._word(items[0])
        except ValueError as fault:
            raise NoticeUnreadableError(str(fault)) from fault

    def _word(self, item: Mapping[str, Any]) -> NoticeWord:
        # Values are joined by colons and not escaped: a value with a colon in it could be another notice, cut elsewhere.
        if any(":" in part for part in _signed(item)):
            raise ValueError("a colon in a signed value")
        if text(item, "merchantAccountCode") != self._merchant:
            raise ValueError("of another merchant account")
        event, success, psp_reference = text(item, "eventCode"), text(item, "success"), text(item, "pspReference")
        if success not in {"true", "false"}:
            raise ValueError("success is neither true nor false")
        amount, about = object_(item.get("amount")), text(item, "merchantReference")
        is_refund = event in ABOUT_REFUNDS
        return NoticeWord(
            notice_id=f"{event}:{psp_reference}:{success}",
            kind=event,
            reference="" if is_refund else about,
            payment_id="" if is_refund else _link_id(item),
            amount_minor=whole(amount, "value"),
            currency=text(amount, "currency"),
            refund_reference=about if is_refund else "",
            refund_told=SAID_OF_REFUND.get((event, success)),
            capture_id=psp_reference if (event, success) == ("AUTHORISATION", "true") else "",
            claims={"success": success},
        )

    def look_up(self, attempt: AttemptRef) -> Outcome:
        """The link, by its id. Without an id no link ever left Adyen for us: nobody has its page, and nobody is asked.

        The contract has no answer for a link that does not exist, so such an answer tells nothing.
        """
        if not attempt.payment_id:
            return Outcome(Told.UNHEARD_OF)
        answer = self._ask("GET", f"/paymentLinks/{segment(attempt.payment_id, name=NAME)}")
        with understanding(NAME):
            said = self._mine(_read(answer, 200), reference=attempt.reference)
            told = SAID.get(text(said, "status"))
            if told is None:
                raise ValueError("an unknown status")
            return Outcome(
                told=told,
                reference=text(said, "reference"),
                payment_id=text(said, "id"),
                amount_minor=whole(said["amount"], "value"),
                currency=text(said["amount"], "currency"),
                paid_at=moment(said, "updatedAt") if told == Told.PAID and said.get("updatedAt") else None,
                redirect_url=text(said, "url", URL_MAX),
                expires_at=moment(said, "expiresAt") if said.get("expiresAt") else None,
            )

    def refund(self, attempt: AttemptRef, *, amount: Money, refund_reference: str) -> RefundOutcome:
        """Taken, never more: Adyen judges later, and tells it by a notice. The refund reference is the idempotency key.

        Adyen keeps a key for days, not for ever: whoever hears nothing for a week looks there before anything is sent again.
        """
        if not attempt.capture_id:
            raise ProviderUnreachableError("adyen: the payment's own reference has not been told yet")
        path = f"/payments/{segment(attempt.capture_id, name=NAME)}/refunds"
        asked = {"merchantAccount": self._merchant, "amount": _amount(amount), "reference": refund_reference}
        answer = self._ask("POST", path, json=asked, headers={"Idempotency-Key": refund_reference})
        refusal = _refusal(answer)
        if refusal:
            return RefundOutcome(RefundTold.FAILED, "", refund_reference, amount.amount_minor, reason=refusal)
        with understanding(NAME):
            said = self._mine(_read(answer, CREATED), reference=refund_reference)
            if (text(said, "status"), text(said, "paymentPspReference")) != ("received", attempt.capture_id):
                raise ValueError("an answer about something else")
            if text(said["amount"], "currency") != amount.currency:
                raise ValueError("an answer in another currency")
            return RefundOutcome(
                RefundTold.TAKEN, text(said, "pspReference"), refund_reference, whole(said["amount"], "value")
            )

    def look_up_refund(self, refund_id: str) -> NoReturn:  # noqa: ARG002
        """Always unreachable: the contract has no such question. The notice of the refund tells its end."""
        raise ProviderUnreachableError("adyen: a refund cannot be looked up, its notice tells its end")

    def list_settled(self, on: date) -> Sequence[SettledLine]:  # noqa: ARG002
        """Always unreachable: the list of a day is a report, which this interface does not give."""
        raise ProviderUnreachableError("adyen: this interface has no settlement list")

    def _mine(self, said: dict[str, Any], *, reference: str) -> dict[str, Any]:
        """An answer about somebody else is no answer."""
        if (text(said, "merchantAccount"), text(said, "reference")) != (self._merchant, reference):
            raise ValueError("an answer about something else")
        return said | {"amount": object_(said.get("amount"))}

    def _ask(self, method: str, path: str, **asked: Any) -> Response:
        try:
            return self._client.request(method, path, **asked)
        except OutsideUnreachableError as fault:
            raise ProviderUnreachableError(str(fault)) from fault


def _amount(amount: Money) -> dict[str, Any]:
    """Adyen counts our currencies in the same minor units, the dinar in thousandths."""
    return {"value": amount.amount_minor, "currency": amount.currency}


def _read(answer: Response, wanted: int) -> dict[str, Any]:
    if answer.status != wanted:
        raise ValueError(f"status {answer.status}")
    return object_(answer.json())


def _refusal(answer: Response) -> str:
    """The code of a refusal that is final; empty when this is none. What may be tried again, or is tried just now, refuses nothing."""
    if answer.status != UNPROCESSABLE or answer.headers.get("transient-error", "").lower() == "true":
        return ""
    try:
        said = object_(answer.json())
        code = text(said, "errorCode")
    except (ValueError, RecursionError):
        return ""
    return code if said.get("errorType") == "validation" and code != IN_PROGRESS else ""


def _key(hexadecimal: str) -> bytes:
    """No key when it is not one: then nobody is believed."""
    try:
        return bytes.fromhex(hexadecimal)
    except ValueError:
        return b""


def _items(body: bytes) -> list[dict[str, Any]]:
    try:
        items = object_(json.loads(body)).get("notificationItems")
        told = (
            [object_(object_(item).get("NotificationRequestItem")) for item in items] if isinstance(items, list) else []
        )
    except (ValueError, RecursionError) as fault:
        raise SignatureInvalidError("nothing that could be signed") from fault
    if not told:
        raise SignatureInvalidError("nothing that could be signed")
    return told


def _verify(item: Mapping[str, Any], *, key: bytes) -> None:
    more = item.get("additionalData")
    signature = more.get("hmacSignature") if isinstance(more, dict) else None
    if not key or not isinstance(signature, str):
        raise SignatureInvalidError("no signature")
    try:
        wanted = base64.b64encode(hmac.new(key, ":".join(_signed(item)).encode(), hashlib.sha256).digest())
        given = signature.encode()
    except ValueError as fault:  # half a character
        raise SignatureInvalidError("nothing that could be signed") from fault
    if not hmac.compare_digest(wanted, given):
        raise SignatureInvalidError("signature differs")


def _signed(item: Mapping[str, Any]) -> list[str]:
    """The eight values in Adyen's order. Its own libraries join them as they are; an older rule to escape colons was never kept."""
    amount = item.get("amount")
    parts = {**item, "value": None, "currency": None}
    if isinstance(amount, dict):
        parts |= {"value": amount.get("value"), "currency": amount.get("currency")}
    names = "pspReference originalReference merchantAccountCode merchantReference value currency eventCode success"
    return ["" if parts.get(name) is None else str(parts[name]) for name in names.split()]


def _link_id(item: Mapping[str, Any]) -> str:
    """Where to ask; not signed, so it is only asked by, and an answer about another reference is none."""
    link_id = object_(item.get("additionalData")).get("paymentLinkId", "")
    return link_id if isinstance(link_id, str) and is_identifier(link_id) else ""
