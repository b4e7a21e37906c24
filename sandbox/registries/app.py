"""The HTTP face of the registries."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.bodies import Refusal, answer_refusal
from sandbox.faults import COMMON, Fault, Faults, FaultsMiddleware, control_routes
from sandbox.pages import environment, page
from sandbox.population.identity_numbers import generated_number
from sandbox.registries import people_list
from sandbox.registries.ministries import MEMBERS, all_subsystems
from sandbox.registries.newborns import NEWBORNS_SCHEMA, Newborns
from sandbox.registries.records import Records
from sandbox.registries.writes import LOST, REFUSED, WRITES_SCHEMA, Writes
from sandbox.registries.xroad import LOG_SCHEMA, SecurityServer
from sandbox.sqlite_file import open_file

SHARED_STATIC = Path(__file__).parents[1] / "static"
READS_MAX = 200
ANOTHER = generated_number(0)
FAULTS = (
    *COMMON,
    Fault("down_members", "some", "These members' systems do not answer their security server.", choices=MEMBERS),
    Fault(
        "wrong",
        "choice",
        "Answers are garbage, lack their content, or are about another person.",
        choices=("garbage", "empty", "other_person"),
    ),
    Fault(
        "writes",
        "choice",
        "What is to be written is refused, or is written and the answer is lost.",
        choices=(REFUSED, LOST),
    ),
)


def create_app(population: sqlite3.Connection, data_dir: Path) -> Starlette:
    """The whole simulator over an open population."""
    faults = Faults(FAULTS)
    log = open_file(data_dir / "registries.sqlite", LOG_SCHEMA + WRITES_SCHEMA + NEWBORNS_SCHEMA)
    writes = Writes(log, lambda: str(faults["writes"]))
    store = Records(population, writes, Newborns(log))
    server = SecurityServer(all_subsystems(store), log, lambda member: member in faults["down_members"])
    templates = environment(Path(__file__).parent / "templates")

    async def message(request: Request) -> Response:
        answer = await server.answer(request)
        return _spoiled(answer, faults["wrong"])

    async def health(_request: Request) -> Response:
        states = {member: "down" if member in faults["down_members"] else "up" for member in MEMBERS}
        return JSONResponse({"status": "up", "members": states})

    async def reads(_request: Request) -> Response:
        rows = log.execute("select * from reads order by rowid desc limit ?", (READS_MAX,)).fetchall()
        return JSONResponse({"reads": [dict(row) for row in rows]})

    async def people(request: Request) -> Response:
        return JSONResponse({"people": people_list.list_people(store, request)})

    async def home(_request: Request) -> Response:
        return page(templates, "people.html", walks=people_list.cast_page_walks())

    return Starlette(
        routes=[
            Route("/", home),
            Route("/health", health),
            Route("/r1/{rest:path}", message, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            *control_routes("registries", faults),
            Route("/control/reads", reads),
            Route("/control/people", people),
            Mount("/static", StaticFiles(directory=SHARED_STATIC)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
            Middleware(FaultsMiddleware, faults=faults),
        ],
        exception_handlers={Refusal: answer_refusal},
    )


def _spoiled(answer: Response, wrong: str) -> Response:
    if answer.status_code != 200 or not wrong:
        return answer
    spoil = {"garbage": _cut_off, "empty": _emptied, "other_person": _about_another}[wrong]
    kept = {name: value for name, value in answer.headers.items() if name.lower() != "content-length"}
    return Response(spoil(bytes(answer.body)), status_code=200, headers=kept)


def _cut_off(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _emptied(_body: bytes) -> bytes:
    return b"{}"


def _about_another(body: bytes) -> bytes:
    """The same answer under somebody else's number, wherever it says whose it is."""
    told: dict[str, Any] = json.loads(body)
    for facts in (told, told.get("attributes", {})):
        for name in {"national_id", "about"} & set(facts):
            facts[name] = ANOTHER
    return json.dumps(told, ensure_ascii=False).encode()
