"""The portal's addresses. Identifiers are references, never database ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.portal import account_urls, documents_urls, payment_urls
from hukumati.web.portal.pages import (
    about,
    applications,
    applying,
    assistance,
    confirmations,
    home,
    inquiries,
    money,
    payment_policy,
    programs,
    progress,
    renewal,
    search,
    services,
    topics,
    waiting,
)

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

app_name = "portal"

CATALOGUE: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("services/", services.list_page, name="services"),
    path("services/<str:service_id>/", services.page, name="service"),
    path("services/<str:service_id>/schema.json", programs.form_schema, name="service_schema"),
    path("services/<str:service_id>/answers.json", programs.check_answers, name="service_answers"),
    path("institutions/<slug:institution_id>/", topics.institution_page, name="institution"),
    path("categories/<slug:category_id>/", topics.category_page, name="category"),
    path("life-events/<slug:event_id>/", topics.life_event_page, name="life_event"),
    path("progress/", progress.page, name="progress"),
    path("money/", money.page, name="money"),
    path("payment-policy/", payment_policy.page, name="payment_policy"),
    path("search/", search.results, name="search"),
    path("search/suggestions/", search.suggestions, name="search_suggestions"),
]

APPLYING: list[URLPattern | URLResolver] = [
    path("start/<str:service_id>/", applying.start, name="start"),
    path("applications/", applications.list_page, name="applications"),
    path("applications/<str:reference>/", applications.page, name="application"),
    path("applications/<str:reference>/continue/", applying.resume, name="resume"),
    path("applications/<str:reference>/renew/", renewal.renew, name="renew"),
    path("applications/<str:reference>/whom/", applying.whom, name="whom"),
    path("applications/<str:reference>/form/<slug:page_id>/", applying.questions, name="questions"),
    path("applications/<str:reference>/uploads/<str:upload>/", applying.upload, name="upload"),
    path("applications/<str:reference>/check/", applying.check, name="check"),
    path("applications/<str:reference>/send/", applying.send, name="send"),
    path("applications/<str:reference>/help/", assistance.page, name="help_at_counter"),
    path("applications/<str:reference>/withdraw/", applications.withdraw, name="withdraw"),
    path("confirmations/", confirmations.list_page, name="confirmations"),
    path("confirmations/<str:reference>/", confirmations.page, name="confirmation"),
    path("confirmations/<str:reference>/confirm/", confirmations.confirm, name="confirm_confirmation"),
    path("confirmations/<str:reference>/decline/", confirmations.decline, name="decline_confirmation"),
    path("ask/<str:service_id>/", inquiries.ask, name="ask"),
    path("waiting/<str:service_id>/", waiting.to_ask, name="waiting"),
    path("inquiries/waiting/<str:reference>/", inquiries.queued, name="queued_inquiry"),
    path("inquiries/<str:reference>/", inquiries.page, name="inquiry"),
    path("inquiries/<str:reference>/go-on/", inquiries.go_on, name="go_on"),
]

ABOUT: list[URLPattern | URLResolver] = [
    path("help/", about.help_page, name="help"),
    path("privacy/", about.privacy, name="privacy"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("offline/", about.offline, name="offline"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *CATALOGUE,
    *ABOUT,
    *account_urls.urlpatterns,
    *documents_urls.urlpatterns,
    *payment_urls.urlpatterns,
    *APPLYING,
]
