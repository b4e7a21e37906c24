"""The portal as an installable app: its manifest, and the worker that shows a page of ours when there is no connection."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hukumati.web.ui import assets, fonts
from hukumati.web.ui.access import public
from hukumati.web.ui.writing import language

if TYPE_CHECKING:
    from django.http import HttpRequest

KEPT_FILES: Final = (
    assets.STYLESHEET,
    "ui/ui.js",
    "ui/img/mark.svg",
    "ui/img/tatreez.svg",
    "ui/img/stars.svg",
    *(f"{assets.FONTS}/{name}" for name in fonts.FILE_NAMES),
)
DAY_SECONDS: Final = 86400


@public
@require_GET
def manifest(_request: HttpRequest) -> HttpResponse:
    """What the phone needs to put the portal among its apps."""
    arabic = language() == "ar"
    start = "/" if arabic else "/en/"
    answer = JsonResponse(
        {
            "id": start,
            "name": _("Hukumati, government services"),
            "short_name": _("Hukumati"),
            "description": _("Government services in one place"),
            "lang": language(),
            "dir": "rtl" if arabic else "ltr",
            "start_url": start,
            "scope": "/",
            "display": "standalone",
            "background_color": "#fbfaf7",
            "theme_color": "#023520",
            "categories": ["government"],
            "icons": [
                _picture("icon-192.png", 192),
                _picture("icon-512.png", 512),
                {**_picture("icon-maskable-512.png", 512), "purpose": "maskable"},
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
    answer["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    return answer


def _picture(name: str, size: int) -> dict[str, Any]:
    return {"src": static(f"ui/img/{name}"), "sizes": f"{size}x{size}", "type": "image/png"}


@public
@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may serve every page. It keeps public files only: no page of a person is ever stored."""
    facts = json.dumps({"offline": _offline_pages(), "kept": [static(name) for name in KEPT_FILES]}, sort_keys=True)
    version = hashlib.sha256((facts + _content_mark()).encode()).hexdigest()[:16]
    script = render_to_string("ui/worker.js", {"facts": facts, "version": version}, using=None)
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _offline_pages() -> dict[str, str]:
    pages = {}
    for code in ("ar", "en"):
        with translation.override(code):
            try:
                pages[code] = reverse("portal:offline")
            except NoReverseMatch:
                continue
    return pages


def _content_mark() -> str:
    """Where file names carry no hash (development, tests), the stylesheet's own bytes tell versions apart."""
    if not static(assets.STYLESHEET).endswith(assets.STYLESHEET):
        return ""
    return hashlib.sha256(assets.joined_styles().encode()).hexdigest()
