from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "hukumati.domain.treasury"
    label = "treasury"
