"""What phones, mailboxes and the authenticator show: pages for people, JSON for tests."""

import re
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import moments
from sandbox.bodies import latin_digits
from sandbox.pages import environment, page
from sandbox.phones.authenticator import current_codes
from sandbox.phones.store import PhoneStore

SHOWN_MAX = 200
_CODE = re.compile(r"(?<![0-9A-Za-z-])[0-9]{4,8}(?![0-9A-Za-z-])")


class Screens:
    """Pages over the store."""

    def __init__(self, store: PhoneStore, staff_file: Path | None) -> None:
        self.store, self.staff_file = store, staff_file
        self.templates = environment(Path(__file__).parent / "templates")
        self.templates.filters |= {"copyable": copyable, "local": moments.local}

    def routes(self) -> list[Route]:
        """The pages' addresses."""
        return [
            Route("/", self.phones),
            Route("/mail", self.mails),
            Route("/authenticator", self.authenticator),
            Route("/api/messages", self.messages_json),
            Route("/api/mails", self.mails_json),
            Route("/api/authenticator", self.codes_json),
        ]

    async def phones(self, request: Request) -> Response:
        """Messages by phone."""
        number = _number(request)
        messages = [one for one in self._messages(number) if one["state"] != "accepted"]
        return page(self.templates, "phones.html", current="phones", phones=_by_number(messages), number=number)

    async def mails(self, _request: Request) -> Response:
        """Mails, newest first."""
        return page(self.templates, "mails.html", current="mail", mails=self.store.list_mails(to="", limit=SHOWN_MAX))

    async def authenticator(self, _request: Request) -> Response:
        """Codes of the demonstration's staff."""
        staff = current_codes(self.staff_file)
        return page(self.templates, "authenticator.html", current="authenticator", staff=staff)

    async def messages_json(self, request: Request) -> Response:
        """?to=+970…"""
        return JSONResponse({"messages": self._messages(_number(request))})

    async def mails_json(self, request: Request) -> Response:
        """?to=address"""
        to = request.query_params.get("to", "")[:320]
        return JSONResponse({"mails": self.store.list_mails(to=to, limit=SHOWN_MAX)})

    async def codes_json(self, _request: Request) -> Response:
        """The same codes for tests."""
        return JSONResponse({"staff": current_codes(self.staff_file)})

    def _messages(self, number: str) -> list[dict[str, Any]]:
        return self.store.list_messages(to=number, limit=SHOWN_MAX)


def copyable(text: str) -> Markup:
    """The text, with each code in a box that one click selects whole."""
    shown, end = Markup(), 0
    for code in _CODE.finditer(text):
        shown += escape(text[end : code.start()])
        shown += Markup('<bdi class="copy number">{}</bdi>').format(code.group())
        end = code.end()
    return shown + escape(text[end:])


def _number(request: Request) -> str:
    # "+" in a query string is read as a space; people and tests both write it plainly.
    asked = latin_digits(request.query_params.get("to", ""))[:20]
    digits = re.sub(r"[^0-9]", "", asked)
    if digits.startswith("0"):
        digits = "970" + digits[1:]
    return f"+{digits}" if digits else ""


def _by_number(messages: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for message in messages:
        grouped.setdefault(message["to"], []).append(message)
    return grouped
