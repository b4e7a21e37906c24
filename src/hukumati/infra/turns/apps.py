from django.apps import AppConfig


class TurnsConfig(AppConfig):
    name = "hukumati.infra.turns"
    label = "turns"
