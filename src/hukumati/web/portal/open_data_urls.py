"""Addresses of the open data, which speak no language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.portal.pages import open_data

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "open_data"
urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue.csv", open_data.table, name="table"),
    path("catalogue.jsonld", open_data.linked, name="linked"),
    path("catalogue/dataset.jsonld", open_data.data_set, name="data_set"),
]
