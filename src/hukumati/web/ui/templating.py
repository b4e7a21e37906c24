"""Jinja2 for our pages: the environment and what every page knows."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from hukumati.web.ui import writing
from hukumati.web.ui.fields import Field, Option, fields_of, problems_of
from hukumati.web.ui.icons import icon

if TYPE_CHECKING:
    from django.http import HttpRequest

SCHEMES: Final = ("auto", "light", "dark")
SCHEME_COOKIE: Final = "scheme"
ENGLISH: Final = "/en/"
ADDRESSES_MAX: Final = 512


def environment(**options: Any) -> Environment:
    """Strict: a name that a template does not know is an error, not an empty space."""
    made = Environment(  # noqa: S701 (Django passes autoescape=True)
        **{
            **options,
            "undefined": StrictUndefined,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    i18n: Any = made  # the extension adds this method
    i18n.install_gettext_callables(
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    made.filters.update(writing.FILTERS)
    made.globals.update(
        static=static,
        url=url,
        url_if_any=url_if_any,
        worker_url=worker_url,
        icon=icon,
        language=writing.language,
        fields_of=fields_of,
        problems_of=problems_of,
        Field=Field,
        Option=Option,
    )
    return made


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page: `url("portal:application", reference)`."""
    if not args and not kwargs:
        return _address(name, writing.language(), settings.ROOT_URLCONF)
    return reverse(name, args=args, kwargs=kwargs)


def url_if_any(name: str) -> str:
    """The address, or nothing when this installation has no such page: a menu leaves the entry out."""
    try:
        return _address(name, writing.language(), settings.ROOT_URLCONF)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=ADDRESSES_MAX)
def _address(name: str, _language: str, _urlconf: str) -> str:
    """A menu asks for thirty addresses a page; without arguments they differ by language only."""
    return reverse(name)


def worker_url() -> str:
    """One worker for both languages, at the root: its place limits which pages it may serve."""
    with translation.override("ar"):
        return url_if_any("ui:worker")


def in_other_language(full_path: str) -> str:
    """The same page in the other language, with its query: `/services/?q=x` <-> `/en/services/?q=x`."""
    if full_path.startswith(ENGLISH):
        return full_path.removeprefix("/en")
    return ENGLISH + full_path.lstrip("/")


def scheme_of(request: HttpRequest) -> str:
    """Light, dark, or as the device says."""
    chosen = request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in SCHEMES else "auto"


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows. Nothing here asks the database before a template asks for it: error pages must render without one."""
    return {
        "scheme": scheme_of(request),
        "here": request.get_full_path(),
        "other_language_url": in_other_language(request.get_full_path()),
        "demo": bool(getattr(settings, "DEMO", False)),
        "preview": getattr(settings, "PREVIEW", ""),
        "unread_count": cache(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    citizen = getattr(request, "citizen", None)
    if not citizen:
        return 0
    from hukumati.domain.notifications import api as notifications

    return notifications.count_unread(citizen.account_id)
