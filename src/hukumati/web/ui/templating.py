"""Jinja2 for our pages: the environment and what every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

if TYPE_CHECKING:
    from django.http import HttpRequest


def environment(**options: Any) -> Environment:
    made = Environment(**{**options, "undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"], "trim_blocks": True, "lstrip_blocks": True})  # noqa: S701 (Django passes autoescape=True)
    made.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext)  # type: ignore[attr-defined]
    made.globals.update(static=static, url=reverse)
    return made


def page_context(request: HttpRequest) -> dict[str, Any]:
    return {"language": translation.get_language() or "ar"}
