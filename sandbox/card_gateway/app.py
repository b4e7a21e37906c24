"""The HTTP face of the gateway: cards, wallets, and the bank behind them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.bodies import Refusal, answer_refusal
from sandbox.card_gateway.bank import Bank
from sandbox.card_gateway.hosted import HostedPages
from sandbox.card_gateway.merchants import MerchantInterface
from sandbox.card_gateway.notices import Notices
from sandbox.card_gateway.orders import Orders
from sandbox.card_gateway.settings import GatewaySettings
from sandbox.card_gateway.statements import BANK_FAULT, Statements
from sandbox.card_gateway.store import GatewayStore
from sandbox.card_gateway.terminals import Terminals
from sandbox.card_gateway.wallets import Wallets
from sandbox.faults import COMMON, Fault, Faults, FaultsMiddleware, control_routes

SHARED_STATIC = Path(__file__).parents[1] / "static"
FAULTS = (
    *COMMON,
    Fault("wrong", "choice", "Notices tell a wrong amount or currency.", choices=("amount", "currency")),
    Fault("drop", "switch", "Notices are never sent."),
    Fault("double", "switch", "Every notice is sent twice."),
    Fault("reorder", "switch", "A later notice overtakes an earlier one."),
    Fault("delay_seconds", "seconds", "Notices are sent this much later.", seconds_max=300),
    Fault("life_seconds", "seconds", "New payments expire this soon; 0 means 15 minutes.", seconds_max=900),
    Fault("forge", "switch", "Before each notice, a forged one with a bad signature is sent."),
    BANK_FAULT,
    Fault("charge_then_timeout", "switch", "The card is charged, then neither page nor notice answers."),
)


def create_app(data_dir: Path, settings: GatewaySettings) -> Starlette:
    """The whole simulator."""
    faults = Faults(FAULTS)
    store = GatewayStore(data_dir / "card_gateway.sqlite")
    notices = Notices(store, faults, settings.hmac_key)
    bank = Bank(store, notices, faults)
    pages = HostedPages(bank, sms_url=settings.sms_url, sms_key=settings.sms_api_key)
    statements = Statements(store, faults)
    wallets = Wallets(bank, sms_url=settings.sms_url, sms_key=settings.sms_api_key)
    merchants = MerchantInterface(
        bank, api_key=settings.api_key, notice_hosts=settings.notice_hosts, tell_wallet=wallets.tell
    )

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "up"})

    async def sent(request: Request) -> Response:
        return JSONResponse({"notices": store.list_notices(request.path_params["payment_id"])})

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sending = asyncio.create_task(notices.send_for_ever())
        yield
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending

    return Starlette(
        routes=[
            Route("/health", health),
            *merchants.routes(),
            *pages.routes(),
            *wallets.routes(),
            *statements.routes(),
            *Terminals(store).routes(),
            *Orders(store, statements, api_key=settings.api_key).routes(),
            *control_routes("card_gateway", faults),
            Route("/control/notices/{payment_id}", sent),
            Mount("/static/gateway", StaticFiles(directory=Path(__file__).parent / "static")),
            Mount("/static", StaticFiles(directory=SHARED_STATIC)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
            Middleware(FaultsMiddleware, faults=faults),
        ],
        exception_handlers={Refusal: answer_refusal},
        lifespan=lifespan,
    )
