from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "hukumati.domain.policies"
    label = "policies"
