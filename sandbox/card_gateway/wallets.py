"""The wallet on a telephone, as a page: what it is asked for, and the owner's yes with a PIN or no."""

import re
import sqlite3
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import Refusal, latin_digits, read_form
from sandbox.card_gateway.bank import EMPTY_WALLET_PIN, WALLET_PIN, Bank
from sandbox.card_gateway.hosted import amount_text, merchant_text, texts
from sandbox.card_gateway.store import OPEN_STATES
from sandbox.outbound import post_json
from sandbox.pages import environment, page

SMS_SECONDS_MAX = 2
_PIN = re.compile(r"[0-9]{4}")


class Wallets:
    """Routes under /wallet."""

    def __init__(self, bank: Bank, *, sms_url: str, sms_key: str) -> None:
        self.bank, self.store = bank, bank.store
        self.sms_url, self.sms_key = sms_url, sms_key
        self.templates = environment(Path(__file__).parent / "templates")

    def routes(self) -> list[Route]:
        return [
            Route("/wallet/{mobile}", self.wallet, methods=["GET"]),
            Route("/wallet/{mobile}/{payment_id}", self.answer, methods=["POST"]),
        ]

    async def tell(self, mobile: str, payment: sqlite3.Row, origin: str) -> None:
        """The push, here a message with the wallet's address. Whoever misses it finds the request in the wallet all the same."""
        words = texts()[str(payment["locale"])]
        amount = amount_text(payment["amount_minor"], payment["currency"])
        url = f"{origin}/wallet/{mobile}?lang={payment['locale']}"
        await post_json(
            f"{self.sms_url}/v1/messages",
            {
                "to": mobile,
                "text": words["wallet_sms"].format(
                    amount=amount, merchant=merchant_text(payment["merchant"], words), url=url
                ),
                "reference": f"push-{payment['payment_id']}",
            },
            headers={"Authorization": f"Bearer {self.sms_key}"},
            timeout_seconds=SMS_SECONDS_MAX,
        )

    async def wallet(self, request: Request) -> Response:
        """What waits, and what was decided."""
        return self._page(request)

    async def answer(self, request: Request) -> Response:
        """A PIN, or `reject`."""
        form = await read_form(request)
        payment = self.store.find_payment(request.path_params["payment_id"])
        push = self.store.find_push(payment["payment_id"]) if payment is not None else None
        if payment is None or push is None or push["mobile"] != request.path_params["mobile"]:
            return self._page(request, trouble="wallet_unknown", status=404)
        if payment["state"] not in OPEN_STATES:
            return self._page(request, trouble="wallet_ended", status=409)
        if "reject" in form:
            self.bank.reject(payment["payment_id"])
            return _back(request)
        pin = latin_digits(form.get("pin", [""])[0]).strip()[:20]
        if not _PIN.fullmatch(pin):
            return self._page(request, trouble="pin_invalid", status=422)
        payment = self.bank.approve(payment["payment_id"], pin, at=moments.now())
        if payment["state"] in OPEN_STATES:
            return self._page(request, trouble="pin_wrong", status=422)
        if payment["state"] == "paid" and self.bank.goes_silent():
            raise Refusal(504, "no_answer", "The wallet did not answer.")
        return _back(request)

    def _page(self, request: Request, *, trouble: str = "", status: int = 200) -> Response:
        mobile, asked = request.path_params["mobile"], request.query_params.get("lang", "")
        language = asked if asked in texts() else "ar"
        rows = [
            {
                "id": row["payment_id"],
                "open": row["state"] in OPEN_STATES,
                "state": row["state"],
                "merchant": merchant_text(row["merchant"], texts()[language]),
                "description": row["description"],
                "reference": row["reference"],
                "amount": amount_text(row["amount_minor"], row["currency"]),
                "until": moments.local(row["expires_at"])[:16],
            }
            for row in self.store.list_pushes(mobile)
        ]
        return page(
            self.templates,
            "wallet.html",
            status=status,
            t=texts()[language],
            language=language,
            path=f"/wallet/{mobile}",
            mobile=mobile,
            rows=rows,
            trouble=trouble,
            pins=(WALLET_PIN, EMPTY_WALLET_PIN),
        )


def _back(request: Request) -> Response:
    language = request.query_params.get("lang", "")
    url = f"/wallet/{request.path_params['mobile']}?lang={language if language in texts() else 'ar'}"
    return RedirectResponse(url, status_code=303, headers={"Cache-Control": "no-store"})
