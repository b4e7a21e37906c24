"""What both faces share: appearance, the app's manifest and worker, and, for demonstrations and tests, the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import path

from hukumati.web.ui import app, appearance, gallery

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("appearance/", appearance.scheme, name="scheme"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("sw.js", app.worker, name="worker"),
]
if settings.DEMO:
    urlpatterns += [
        path("ui/gallery/", gallery.components, name="gallery"),
        path("ui/gallery/signed-in/", gallery.signed_in, name="gallery_signed_in"),
        path("ui/gallery/desk/", gallery.desk, name="gallery_desk"),
        path("ui/gallery/suggestions/", gallery.suggestions, name="gallery_suggestions"),
        path("ui/gallery/errors/<slug:name>/", gallery.error, name="gallery_error"),
    ]
