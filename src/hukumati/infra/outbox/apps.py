from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "hukumati.infra.outbox"
    label = "outbox"
