"""Card terminals at counters, as a page: an amount in, a slip out. What a cashier at the desk types comes from here."""

import re
import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import Refusal, read_form
from sandbox.card_gateway.statements import minor_of, shekels
from sandbox.card_gateway.store import GatewayStore
from sandbox.pages import environment, page

TERMINAL = re.compile(r"[0-9]{8}")
TEMPLATES = environment(Path(__file__).parent / "templates")


class Terminals:
    """Routes under /terminal."""

    def __init__(self, store: GatewayStore) -> None:
        self.store = store

    def routes(self) -> list[Route]:
        """A page for each terminal."""
        return [
            Route("/terminal/{terminal}", self.show, methods=["GET"]),
            Route("/terminal/{terminal}", self.use, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The last slips, and what to press."""
        terminal = _terminal(request)
        rows = [
            {**dict(row), "sum": shekels(abs(row["amount_minor"])), "back": row["amount_minor"] < 0}
            for row in self.store.list_slips(terminal)
        ]
        return page(TEMPLATES, "terminal.html", terminal=terminal, rows=rows)

    async def use(self, request: Request) -> Response:
        """Take a card for an amount, or give it back."""
        terminal = _terminal(request)
        form = await read_form(request)
        minor = minor_of(form.get("amount", [""])[0])
        self.store.add_slip(
            {
                "terminal": terminal,
                "number": f"{secrets.randbelow(10**12):012}",
                "authorisation": f"{secrets.randbelow(10**6):06}",
                "card_last4": "0023",
                "amount_minor": -minor if form.get("back") else minor,
                "at": moments.iso(moments.now()),
            }
        )
        return RedirectResponse(f"/terminal/{terminal}", status_code=303, headers={"Cache-Control": "no-store"})


def _terminal(request: Request) -> str:
    terminal = str(request.path_params["terminal"])
    if not TERMINAL.fullmatch(terminal):
        raise Refusal(404, "terminal_unknown", "A terminal's number has 8 digits.")
    return terminal
