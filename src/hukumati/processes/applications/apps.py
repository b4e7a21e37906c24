from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "hukumati.processes.applications"
    label = "applications"
