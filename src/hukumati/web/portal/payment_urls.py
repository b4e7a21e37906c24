"""Addresses of paying and of receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.portal.pages import payment, receipts

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("pay/<str:charge>/", payment.pay, name="pay"),
    path("pay/<str:charge>/return/", payment.pay_return, name="pay_return"),
    path("pay/<str:charge>/cash/", payment.pay_cash, name="pay_cash"),
    path("pay/<str:charge>/wallet/", payment.pay_wallet, name="pay_wallet"),
    path("pay/<str:charge>/transfer/", payment.pay_transfer, name="pay_transfer"),
    path("receipts/<str:receipt>/", receipts.receipt, name="receipt"),
    path("receipts/<str:receipt>/file/", receipts.pdf, name="receipt_pdf"),
    path("refunds/<str:refund>/", receipts.refund, name="refund"),
]
