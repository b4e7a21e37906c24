from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "hukumati.domain.payouts"
    label = "payouts"
