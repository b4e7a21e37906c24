from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "hukumati.domain.identity"
    label = "identity"
