"""Answers to what goes wrong: refusals, faults, and the pages for them. Each says what happened, what was kept, and the way forward.

The pages need no database and no session: they must render when those are what failed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import engines
from django.utils.translation import gettext as _

from hukumati.domain.exchange.api import RegistryUnreachableError
from hukumati.domain.payments.ports import ProviderUnreachableError
from hukumati.infra.http import OutsideUnreachableError
from hukumati.kernel.refusal import Refused
from hukumati.web.ui.refusal_texts import registry_name, words_for
from hukumati.web.ui.templating import in_other_language, scheme_of, url_if_any

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

UNREACHABLE: Final = (RegistryUnreachableError, ProviderUnreachableError, OutsideUnreachableError)
MINUTE_SECONDS: Final = 60
log = structlog.get_logger("hukumati.answers")


@dataclass(frozen=True)
class ErrorPage:
    """What an error page says: in plain words what happened, then what to do. `ways` are (text, address)."""

    status: HTTPStatus
    title: str
    lead: str
    advice: tuple[str, ...] = ()
    icon: str = "circle-alert"
    tone: str = "warn"
    ways: tuple[tuple[str, str], ...] = ()


class RefusalMiddleware:
    """Turns a Refused raised by a view into a page of the right status in the reader's language; so too when the outside is silent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, named: dict[str, Any]) -> HttpResponse | None:
        """No name of ours holds a NUL, and PostgreSQL would break over being asked for one."""
        return page_not_found(request) if any("\x00" in str(name) for name in named.values()) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refused(request, exception)
        if isinstance(exception, UNREACHABLE):
            return unreachable(request, exception)
        return None


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page for a refusal that the view did not show itself."""
    status = status_of(refusal.code)
    log.info("refused", code=refusal.code, status=int(status))
    if status is HTTPStatus.NOT_FOUND:
        return answer(request, not_found_page())
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        made = answer(request, too_many_page(words_for(refusal)))
        made["Retry-After"] = str(getattr(refusal, "retry_seconds", MINUTE_SECONDS))
        return made
    return answer(request, refused_page(refusal.code, words_for(refusal)))


def refused_page(code: str, words: str) -> ErrorPage:
    return ErrorPage(
        status_of(code),
        _("This cannot be done"),
        words,
        (_("Nothing was changed. Go back, or start again from your applications."),),
        icon="octagon-x",
        ways=_ways_home(),
    )


def status_of(code: str) -> HTTPStatus:
    """What is not there and what is not yours look the same from outside: 404."""
    fact = code.rpartition(".")[2]
    if fact.endswith(("not_found", "not_yours")):
        return HTTPStatus.NOT_FOUND
    if fact.startswith("too_many") and fact != "too_many_drafts":
        return HTTPStatus.TOO_MANY_REQUESTS
    if fact.endswith("_unavailable"):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.UNPROCESSABLE_ENTITY


def unreachable(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A system outside ours is silent: say which, that nothing is lost, and when to try again."""
    log.warning("outside_unreachable", fault=type(fault).__name__, which=_which(fault))
    made = answer(request, unreachable_page(fault))
    made["Retry-After"] = str(MINUTE_SECONDS)
    return made


def _which(fault: Exception) -> str:
    return str(getattr(fault, "registry", "") or getattr(fault, "name", ""))


def unreachable_page(fault: Exception) -> ErrorPage:
    again = _("Try again in a few minutes. What you have entered so far is kept.")
    if isinstance(fault, RegistryUnreachableError):
        return ErrorPage(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("No answer now from: %(registry)s") % {"registry": registry_name(fault.registry)},
            _("Your request needs information from there, and it did not come in time. The fault is not yours."),
            (again, _("If it is urgent, any counter of the ministry can help you.")),
            icon="server-off",
            ways=_ways_home(),
        )
    if isinstance(fault, ProviderUnreachableError):
        return ErrorPage(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("The payment service is not answering now"),
            _(
                "We could not reach the payment provider. If you have already paid, the payment is not lost: we ask the provider again by ourselves."
            ),
            (_("Do not pay a second time before your application says that nothing was paid."), again),
            icon="credit-card",
            ways=_ways_home(),
        )
    return ErrorPage(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("A system that we need is not answering now"),
        _("Part of your request is done by another institution's system, and it did not answer in time."),
        (again,),
        icon="server-off",
        ways=_ways_home(),
    )


def not_found_page() -> ErrorPage:
    return ErrorPage(
        HTTPStatus.NOT_FOUND,
        _("This page was not found"),
        _("The address may be mistyped or out of date, or what you look for belongs to another account."),
        (
            _("Check the address, or search for the service you need."),
            _("For your own applications and documents, sign in first."),
        ),
        icon="search-x",
        ways=_ways_home(),
    )


def too_many_page(lead: str = "") -> ErrorPage:
    return ErrorPage(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many tries"),
        lead or _("There were too many tries in a short time. To protect you, we ask you to wait a little."),
        (_("Wait a few minutes and try again. Your account stays as it was."),),
        icon="hourglass",
        ways=_ways_home(),
    )


def forbidden_page() -> ErrorPage:
    return ErrorPage(
        HTTPStatus.FORBIDDEN,
        _("You may not open this page"),
        _("Your account has no permission for it."),
        (_("If you think that you need it for your work, ask your supervisor for the role."),),
        icon="lock",
        ways=_ways_home(),
    )


def form_expired_page() -> ErrorPage:
    return ErrorPage(
        HTTPStatus.FORBIDDEN,
        _("This form has expired"),
        _(
            "For your safety a form can be sent only from the page that we gave you. Nothing was sent and nothing was changed."
        ),
        (
            _("Go back, reload the page and send it again."),
            _("If it happens again, allow cookies for this site: without them we cannot know that it is you."),
        ),
        icon="shield-alert",
        ways=_ways_home(),
    )


def bad_request_page() -> ErrorPage:
    return ErrorPage(
        HTTPStatus.BAD_REQUEST,
        _("We did not understand this request"),
        _("Something in it was damaged, too large, or not meant for this page. Nothing was changed."),
        (_("Go back and try again. A file may have at most 5 MB."),),
        icon="file-x",
        ways=_ways_home(),
    )


def fault_page() -> ErrorPage:
    return ErrorPage(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong on our side"),
        _("The fault is ours and has been recorded. What was already confirmed to you stays valid."),
        (
            _("Try again in a few minutes."),
            _("Before paying again, look at your application: a payment is never lost."),
        ),
        icon="wrench",
        tone="bad",
        ways=(),
    )


def unavailable_page() -> ErrorPage:
    return ErrorPage(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("The portal is being maintained"),
        _("It will be back shortly. Your applications, payments and documents are safe."),
        (_("Try again in a few minutes."),),
        icon="hammer",
    )


def answer(request: HttpRequest | None, page: ErrorPage) -> HttpResponse:
    """Draw an error page. htmx gets the whole page too, and is told to put it in place of the present one."""
    context: dict[str, Any] = {
        "page": page,
        "request_id": getattr(request, "id", ""),
        "in_desk": getattr(request, "face", "") == "desk",
    }
    if request is not None:
        path = request.get_full_path()
        context |= {"here": path, "other_language_url": in_other_language(path), "scheme": scheme_of(request)}
    text = engines["jinja2"].get_template("ui/error.html").render(context)
    made = HttpResponse(text, status=page.status)
    made["Cache-Control"] = "no-store"
    if request is not None and request.headers.get("HX-Request") == "true":
        made["HX-Retarget"], made["HX-Reswap"] = "body", "innerHTML"
    return made


def _ways_home() -> tuple[tuple[str, str], ...]:
    ways = ((_("Home page"), "portal:home"), (_("My applications"), "portal:applications"), (_("Help"), "portal:help"))
    return tuple((text, url_if_any(name)) for text, name in ways if url_if_any(name))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return answer(request, bad_request_page())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return answer(request, forbidden_page())


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    return answer(request, not_found_page())


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away is no fault of the request: 503, and whoever asked is told to come back."""
    if not isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return answer(request, fault_page())
    made = answer(request, unavailable_page())
    made["Retry-After"] = str(MINUTE_SECONDS)
    return made


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.info("csrf_refused", reason=reason)
    return answer(request, form_expired_page())
