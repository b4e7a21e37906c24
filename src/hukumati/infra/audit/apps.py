from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hukumati.infra.audit"
    label = "audit"
