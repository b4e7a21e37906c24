"""Addresses of the cash desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.desk.pages import cashier, cashier_refunds

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("cashier/", cashier.desk, name="cashier"),
    path("cashier/open/", cashier.open_drawer, name="cashier_open"),
    path("cashier/charge/", cashier.confirm, name="cashier_confirm"),
    path("cashier/take/", cashier.take, name="cashier_take"),
    path("cashier/slip/", cashier.take_slip, name="cashier_slip"),
    path("cashier/refund/", cashier_refunds.refund, name="cashier_refund"),
    path("cashier/pay-out/", cashier_refunds.pay_out, name="cashier_pay_out"),
    path("cashier/close/", cashier.close, name="cashier_close"),
    path("cashier/receipts/<str:reference>/", cashier.receipt, name="cashier_receipt"),
    path("cashier/drawers/<str:reference>/", cashier.drawer, name="cashier_drawer"),
]
