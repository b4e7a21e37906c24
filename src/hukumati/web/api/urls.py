from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.api import health
from hukumati.web.api.pages import notices

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("callbacks/payments/<slug:provider>", notices.take, name="payment_notice"),
]
