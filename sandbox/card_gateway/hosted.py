"""The pages a payer sees: card, challenge, end. They work without JavaScript."""

import sqlite3
import tomllib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import latin_digits, read_form
from sandbox.card_gateway.bank import TRIES_MAX, Bank
from sandbox.card_gateway.cards import clean, faults_in, known_cards
from sandbox.card_gateway.store import OPEN_STATES
from sandbox.outbound import post_json
from sandbox.pages import environment, page

SMS_SECONDS_MAX = 5
CODE_SENT = "sent"
_DECIMALS = {"ILS": 2, "USD": 2, "JOD": 3}
_SIGNS = {"ILS": "₪", "USD": "$", "JOD": "JOD"}


@cache
def texts() -> dict[str, dict[str, str]]:
    """Words of the pages by language."""
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


def amount_text(amount_minor: int, currency: str) -> str:
    """60.00 ₪"""
    decimals = _DECIMALS[currency]
    whole, part = divmod(amount_minor, 10**decimals)
    return f"{whole:,}.{part:0{decimals}} {_SIGNS[currency]}"


def merchant_text(merchant: str, words: dict[str, str]) -> str:
    """The merchant as payers know it; one without such a name is called as it calls itself."""
    return words.get(f"merchant_{merchant}", merchant)


def return_address(payment: sqlite3.Row) -> str:
    """Where the payer goes back to."""
    joint = "&" if urlsplit(payment["return_url"]).query else "?"
    return f"{payment['return_url']}{joint}payment_id={payment['payment_id']}"


class HostedPages:
    """Routes under /pay."""

    def __init__(self, bank: Bank, *, sms_url: str, sms_key: str) -> None:
        self.bank, self.store = bank, bank.store
        self.sms_url, self.sms_key = sms_url, sms_key
        self.templates = environment(Path(__file__).parent / "templates")

    def routes(self) -> list[Route]:
        """The pages' addresses."""
        return [
            Route("/pay/{payment_id}", self.card_form, methods=["GET"]),
            Route("/pay/{payment_id}", self.take_card, methods=["POST"]),
            Route("/pay/{payment_id}/challenge", self.challenge_form, methods=["GET"]),
            Route("/pay/{payment_id}/challenge", self.take_code, methods=["POST"]),
            Route("/pay/{payment_id}/code", self.send_again, methods=["POST"]),
            Route("/pay/{payment_id}/cancel", self.cancel, methods=["POST"]),
        ]

    async def card_form(self, request: Request) -> Response:
        """Number, expiry, code, name."""
        payment = self._find(request)
        if payment is None or payment["state"] not in OPEN_STATES:
            return self._ended(request, payment)
        if payment["state"] == "pending":
            return self._to_challenge(request, payment)
        return self._card_page(request, payment, typed=None, wrong={})

    async def take_card(self, request: Request) -> Response:
        """The form sent."""
        form = await read_form(request)
        payment = self._find(request)
        if payment is None or payment["state"] not in OPEN_STATES:
            return self._ended(request, payment)
        typed = clean(*(_text(form, name) for name in ("number", "expiry", "cvc", "name")))
        wrong = faults_in(typed, moments.today())
        if wrong:
            return self._card_page(request, payment, typed=typed, wrong=wrong, status=422)
        payment = self.bank.present_card(payment["payment_id"], known_cards()[typed.number])
        if payment["state"] != "pending":
            return _see_other(return_address(payment))
        await self._send_code(request, payment)
        return self._to_challenge(request, payment)

    async def challenge_form(self, request: Request) -> Response:
        """The code the bank sent."""
        payment = self._find(request)
        if payment is None or payment["state"] not in OPEN_STATES:
            return self._ended(request, payment)
        if payment["state"] == "created":
            return _see_other(f"/pay/{payment['payment_id']}?{request.url.query}")
        trouble = "sms_down" if payment["challenge_code"] is None else ""
        return self._challenge_page(request, payment, trouble=trouble)

    async def take_code(self, request: Request) -> Response:
        """The code typed."""
        form = await read_form(request)
        payment = self._find(request)
        if payment is None or payment["state"] != "pending" or payment["challenge_code"] is None:
            return await self.challenge_form(request)
        code = latin_digits(_text(form, "code"))[:20].replace(" ", "").strip()
        payment = self.bank.answer_challenge(payment["payment_id"], code, at=moments.now())
        if payment["state"] == "pending":
            return self._challenge_page(request, payment, trouble="code_wrong", status=422)
        if payment["state"] == "paid" and self.bank.goes_silent(known_cards()[payment["card_number"]]):
            return self._page(request, "timeout.html", payment, status=504, back=payment["return_url"])
        return _see_other(return_address(payment))

    async def send_again(self, request: Request) -> Response:
        """A new code by SMS."""
        payment = self._find(request)
        if payment is None or payment["state"] != "pending":
            return await self.challenge_form(request)
        trouble = await self._send_code(request, payment)
        if trouble == CODE_SENT:
            return self._to_challenge(request, payment)
        payment = self.store.get_payment(payment["payment_id"])
        return self._challenge_page(request, payment, trouble=trouble, status=503 if trouble == "sms_down" else 422)

    async def cancel(self, request: Request) -> Response:
        """The payer turns back."""
        payment = self._find(request)
        if payment is None or payment["state"] not in OPEN_STATES:
            return self._ended(request, payment)
        return _see_other(return_address(self.bank.cancel(payment["payment_id"])))

    async def _send_code(self, request: Request, payment: sqlite3.Row) -> str:
        sending = self.bank.new_code(payment["payment_id"], at=moments.now())
        if sending is None:
            return "no_more_codes"
        code, number = sending
        words = texts()[_language(request, payment)]
        amount = amount_text(payment["amount_minor"], payment["currency"])
        answer = await post_json(
            f"{self.sms_url}/v1/messages",
            {
                "to": known_cards()[payment["card_number"]].mobile,
                "text": words["sms"].format(
                    amount=amount, merchant=merchant_text(payment["merchant"], words), code=code
                ),
                "reference": f"challenge-{payment['payment_id']}-{number}",
            },
            headers={"Authorization": f"Bearer {self.sms_key}"},
            timeout_seconds=SMS_SECONDS_MAX,
        )
        return CODE_SENT if answer.accepted else "sms_down"

    def _find(self, request: Request) -> sqlite3.Row | None:
        return self.store.find_payment(request.path_params["payment_id"])

    def _to_challenge(self, request: Request, payment: sqlite3.Row) -> Response:
        return _see_other(f"/pay/{payment['payment_id']}/challenge?lang={_language(request, payment)}")

    def _card_page(
        self, request: Request, payment: sqlite3.Row, *, typed: Any, wrong: dict[str, str], status: int = 200
    ) -> Response:
        cards = list(known_cards().values())
        return self._page(request, "card.html", payment, status=status, typed=typed, wrong=wrong, cards=cards)

    def _challenge_page(self, request: Request, payment: sqlite3.Row, *, trouble: str, status: int = 200) -> Response:
        return self._page(
            request,
            "challenge.html",
            payment,
            status=status,
            trouble=trouble,
            left=TRIES_MAX - payment["challenge_tries"],
            mobile_end=known_cards()[payment["card_number"]].mobile[-3:],
        )

    def _ended(self, request: Request, payment: sqlite3.Row | None) -> Response:
        if payment is None:
            return self._page(request, "unknown.html", None, status=404)
        return self._page(request, "ended.html", payment, status=409, back=return_address(payment))

    def _page(
        self, request: Request, template: str, payment: sqlite3.Row | None, *, status: int = 200, **facts: Any
    ) -> Response:
        language = _language(request, payment)
        origin = ""
        if payment is not None:
            facts["amount"] = amount_text(payment["amount_minor"], payment["currency"])
            parts = urlsplit(payment["return_url"])
            origin = f"{parts.scheme}://{parts.netloc}"
        return page(
            self.templates,
            template,
            status=status,
            form_target=origin,
            t=texts()[language],
            language=language,
            payment=payment,
            path=request.url.path,
            **facts,
        )


def _language(request: Request, payment: sqlite3.Row | None) -> str:
    asked = request.query_params.get("lang", "")
    if asked in texts():
        return asked
    return str(payment["locale"]) if payment is not None else "ar"


def _text(form: dict[str, list[str]], name: str) -> str:
    return form.get(name, [""])[0]


def _see_other(url: str) -> Response:
    return RedirectResponse(url, status_code=303, headers={"Cache-Control": "no-store"})
