from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hukumati.domain.ledger"
    label = "ledger"
