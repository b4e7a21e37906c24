"""Addresses of documents, their paper copies and their verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.portal.pages import documents, verify

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("documents/", documents.list_page, name="documents"),
    path("documents/<str:reference>/", documents.page, name="document"),
    path("documents/<str:reference>/file/", documents.pdf, name="document_pdf"),
    path("pick-up/<str:reference>/", documents.pick_up, name="pick_up"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify_code, name="verify_code"),
]
