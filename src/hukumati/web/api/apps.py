from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "hukumati.web.api"
    label = "api"
