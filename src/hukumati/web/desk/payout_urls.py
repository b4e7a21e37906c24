"""Addresses of payouts and of the accounts they go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.desk.pages import beneficiaries, payouts

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("payouts/", payouts.list_page, name="payouts"),
    path("payouts/propose/", payouts.propose, name="payout_propose"),
    path("payouts/accounts/", beneficiaries.list_page, name="beneficiaries"),
    path("payouts/accounts/new/", beneficiaries.new, name="beneficiary_new"),
    path("payouts/accounts/<str:reference>/", beneficiaries.one, name="beneficiary"),
    path("payouts/accounts/<str:reference>/approve/", beneficiaries.approve, name="beneficiary_approve"),
    path("payouts/accounts/<str:reference>/end/", beneficiaries.end, name="beneficiary_end"),
    path("payouts/<str:reference>/", payouts.one, name="payout"),
    path("payouts/<str:reference>/approve/", payouts.approve, name="payout_approve"),
    path("payouts/<str:reference>/reject/", payouts.reject, name="payout_reject"),
    path("payouts/<str:reference>/order.xml", payouts.order, name="payout_order"),
]
