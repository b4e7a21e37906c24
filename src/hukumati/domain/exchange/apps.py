from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "hukumati.domain.exchange"
    label = "exchange"
