"""What can go wrong on request: each simulator names its faults, this module bounds, shows and applies them."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.bodies import Refusal, parse_object, read_form, read_raw
from sandbox.pages import environment, page

HANG_SECONDS_MAX = 60
EXEMPT = ("/control", "/static")


@dataclass(frozen=True)
class Fault:
    """One thing that can be switched on."""

    name: str
    kind: Literal["switch", "seconds", "choice", "some"]
    meaning: str
    seconds_max: int = 60
    choices: tuple[str, ...] = ()

    def quiet(self) -> Any:
        """The value when nothing is wrong."""
        return {"switch": False, "seconds": 0.0, "choice": "", "some": []}[self.kind]

    def parse(self, value: object) -> Any:
        """The value as asked, or a refusal."""
        if not self._allows(value):
            raise Refusal(422, "fault_invalid", self.describe(), fault=self.name)
        return sorted(set(value)) if isinstance(value, list) else value

    def _allows(self, value: object) -> bool:
        if self.kind == "switch":
            return isinstance(value, bool)
        if self.kind == "seconds":
            return isinstance(value, int | float) and value is not True and 0 <= value <= self.seconds_max
        if self.kind == "choice":
            return value == "" or value in self.choices
        return isinstance(value, list) and all(one in self.choices for one in value)

    def describe(self) -> str:
        """What a caller may set."""
        allowed = {
            "switch": "true or false",
            "seconds": f"a number from 0 to {self.seconds_max}",
            "choice": "one of: (empty), " + ", ".join(self.choices),
            "some": "a list of: " + ", ".join(self.choices),
        }[self.kind]
        return f"{self.name}: {allowed}. {self.meaning}"


COMMON = (
    Fault("slow_seconds", "seconds", "Every answer waits this long.", seconds_max=30),
    Fault("down", "switch", "Every request is answered 503."),
    Fault("hang", "switch", f"Requests are held and never answered (cut after {HANG_SECONDS_MAX} s)."),
)


@dataclass
class Faults:
    """What is wrong at present."""

    known: tuple[Fault, ...]
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Nothing is wrong any more."""
        self.values = {fault.name: fault.quiet() for fault in self.known}

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def change(self, wanted: dict[str, Any]) -> None:
        """Set the named faults, all or none; {"reset": true} first clears everything."""
        wanted = dict(wanted)
        clear = wanted.pop("reset", False)
        by_name = {fault.name: fault for fault in self.known}
        unknown = sorted(set(wanted) - set(by_name))
        if unknown or not isinstance(clear, bool):
            raise Refusal(422, "fault_unknown", "Known faults: " + ", ".join(by_name), unknown=unknown)
        parsed = {name: by_name[name].parse(value) for name, value in wanted.items()}
        if clear:
            self.reset()
        self.values |= parsed


class FaultsMiddleware:
    """Applies slow, down and hang to everything but the control endpoints."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self.app, self.faults = app, faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(EXEMPT):
            await self.app(scope, receive, send)
            return
        if self.faults["hang"]:
            await self._hold()
        if self.faults["slow_seconds"]:
            await asyncio.sleep(self.faults["slow_seconds"])
        if self.faults["down"] or self.faults["hang"]:
            refusal = JSONResponse({"code": "down", "message": "Out of service."}, status_code=503)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _hold(self) -> None:
        # A reset lets waiting callers go, so that a test does not leave sockets behind.
        for _ in range(HANG_SECONDS_MAX * 10):
            if not self.faults["hang"]:
                return
            await asyncio.sleep(0.1)


def control_routes(name: str, faults: Faults) -> list[Route]:
    """GET and POST /control: JSON for programs, a page for people."""
    templates = environment(Path(__file__).parent / "templates")

    async def show(request: Request) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse(faults.values)
        return page(templates, "control.html", name=name, faults=faults)

    async def change(request: Request) -> Response:
        if request.headers.get("content-type", "").startswith("application/json"):
            faults.change(parse_object(await read_raw(request)))
            return JSONResponse(faults.values)
        faults.change(_from_form(faults, await read_form(request)))
        return RedirectResponse("/control", status_code=303)

    return [
        Route("/control", show, methods=["GET"]),
        Route("/control", change, methods=["POST"]),
    ]


def _from_form(faults: Faults, form: dict[str, list[Any]]) -> dict[str, Any]:
    if "reset" in form:
        return {"reset": True}
    return {fault.name: _form_value(fault, form.get(fault.name, [])) for fault in faults.known}


def _form_value(fault: Fault, given: list[Any]) -> Any:
    first = given[0] if given else ""
    if fault.kind == "switch":
        return bool(given)
    if fault.kind == "seconds":
        try:
            return float(first or 0)
        except (TypeError, ValueError):
            return first
    return list(given) if fault.kind == "some" else first
