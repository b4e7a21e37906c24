from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "hukumati.domain.delivery"
    label = "delivery"
