"""The SMS gateway's interface, and the pages that show what arrived."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.bodies import Refusal, answer_refusal, parse_object, read_raw, require_bearer, text_field
from sandbox.faults import COMMON, Fault, Faults, FaultsMiddleware, control_routes
from sandbox.phones.mailbox import open_mailbox
from sandbox.phones.screens import Screens
from sandbox.phones.store import PhoneStore

SHARED_STATIC = Path(__file__).parents[1] / "static"
TEXT_CHARACTERS_MAX = 1_000
MOBILE = re.compile(r"\+97[02]5[0-9]{8}")
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

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        mailbox = await open_mailbox(store, smtp)
        yield
        mailbox.close()
        gateway.end()

    return Starlette(
        routes=[
            Route("/health", _health),
            *gateway.routes(),
            *Screens(store, staff_file).routes(),
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


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "up"})


class _Gateway:
    """The operator that takes messages and brings them to phones."""

    def __init__(self, store: PhoneStore, faults: Faults, api_key: str) -> None:
        self.store, self.faults, self.api_key = store, faults, api_key
        self.on_the_way: set[asyncio.Task[None]] = set()

    def routes(self) -> list[Route]:
        """The interface's addresses."""
        return [
            Route("/v1/messages", self.send, methods=["POST"]),
            Route("/v1/messages/{message_id}", self.look_up),
        ]

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
