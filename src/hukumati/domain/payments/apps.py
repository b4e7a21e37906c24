from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "hukumati.domain.payments"
    label = "payments"
