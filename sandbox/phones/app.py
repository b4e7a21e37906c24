"""The SMS gateway's interface, and the pages that show what arrived."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.bodies import Refusal, answer_refusal, latin_digits, parse_object, read_raw, require_bearer, text_field
from sandbox.faults import COMMON, Fault, Faults, FaultsMiddleware, control_routes
from sandbox.pages import environment, page
from sandbox.phones.authenticator import current_codes
from sandbox.phones.mailbox import open_mailbox
from sandbox.phones.store import PhoneStore

SHARED_STATIC = Path(__file__).parents[1] / "static"
TEXT_CHARACTERS_MAX = 1_000
SHOWN_MAX = 200
MOBILE = re.compile(r"\+97[02]5[0-9]{8}")
_CODE = re.compile(r"(?<![0-9A-Za-z-])[0-9]{4,8}(?![0-9A-Za-z-])")
FAULTS = (
    *COMMON,
    Fault("lose", "switch", "Messages are accepted and never arrive."),
    Fault("delay_seconds", "seconds", "Messages arrive this much later.", seconds_max=300),
)


def create_app(data_dir: Path, *, api_key: str, smtp: socket.socket, staff_file: Path | None) -> Starlette:
    """The whole simulator."""
    store = PhoneStore(data_dir / "phones.sqlite")
    faults = Faults(FAULTS)
    gateway = _Gateway(store, faults, api_key)
    templates = environment(Path(__file__).parent / "templates")
    templates.filters["copyable"] = copyable

    async def phones(request: Request) -> Response:
        number = _number(request)
        messages = [one for one in store.list_messages(to=number, limit=SHOWN_MAX) if one["state"] != "accepted"]
        return page(templates, "phones.html", current="phones", phones=_by_number(messages), number=number)

    async def mails(_request: Request) -> Response:
        return page(templates, "mails.html", current="mail", mails=store.list_mails(to="", limit=SHOWN_MAX))

    async def authenticator(_request: Request) -> Response:
        return page(templates, "authenticator.html", current="authenticator", staff=current_codes(staff_file))

    async def messages_json(request: Request) -> Response:
        return JSONResponse({"messages": store.list_messages(to=_number(request), limit=SHOWN_MAX)})

    async def mails_json(request: Request) -> Response:
        to = request.query_params.get("to", "")[:320]
        return JSONResponse({"mails": store.list_mails(to=to, limit=SHOWN_MAX)})

    async def codes_json(_request: Request) -> Response:
        return JSONResponse({"staff": current_codes(staff_file)})

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "up"})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        mailbox = await open_mailbox(store, smtp)
        yield
        mailbox.close()
        gateway.end()

    return Starlette(
        routes=[
            Route("/", phones),
            Route("/mail", mails),
            Route("/authenticator", authenticator),
            Route("/health", health),
            Route("/v1/messages", gateway.send, methods=["POST"]),
            Route("/v1/messages/{message_id}", gateway.look_up),
            Route("/api/messages", messages_json),
            Route("/api/mails", mails_json),
            Route("/api/authenticator", codes_json),
            *control_routes("phones", faults),
            Mount("/static", StaticFiles(directory=SHARED_STATIC)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
            Middleware(FaultsMiddleware, faults=faults),
        ],
        exception_handlers={Refusal: answer_refusal},
        lifespan=lifespan,
    )


class _Gateway:
    """The operator that takes messages and brings them to phones."""

    def __init__(self, store: PhoneStore, faults: Faults, api_key: str) -> None:
        self.store, self.faults, self.api_key = store, faults, api_key
        self.on_the_way: set[asyncio.Task[None]] = set()

    async def send(self, request: Request) -> Response:
        require_bearer(request, self.api_key)
        body = parse_object(await read_raw(request))
        to = text_field(body, "to", length_max=20)
        if not MOBILE.fullmatch(to):
            raise Refusal(422, "number_invalid", "The number must be a mobile number like +970591234567.", field="to")
        message = self.store.accept_message(
            to=to,
            text=text_field(body, "text", length_max=TEXT_CHARACTERS_MAX),
            reference=text_field(body, "reference", length_max=100),
            state="accepted",
        )
        if message["state"] == "accepted":
            self._bring(message["message_id"])
        return JSONResponse(self._told(message["message_id"]), status_code=202)

    async def look_up(self, request: Request) -> Response:
        require_bearer(request, self.api_key)
        return JSONResponse(self.store.get_message(request.path_params["message_id"]))

    def _told(self, message_id: str) -> dict[str, Any]:
        message = self.store.get_message(message_id)
        return {"message_id": message_id, "state": message["state"]}

    def _bring(self, message_id: str) -> None:
        if self.faults["lose"]:
            self.store.set_state(message_id, "lost")
        elif self.faults["delay_seconds"]:
            task = asyncio.create_task(self._bring_later(message_id, self.faults["delay_seconds"]))
            self.on_the_way.add(task)
            task.add_done_callback(self.on_the_way.discard)
        else:
            self.store.set_state(message_id, "delivered")

    async def _bring_later(self, message_id: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.store.set_state(message_id, "delivered")

    def end(self) -> None:
        """What is still on its way stays `accepted`."""
        for task in self.on_the_way:
            task.cancel()


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
