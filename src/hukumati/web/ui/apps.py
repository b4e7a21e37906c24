from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "hukumati.web.ui"
    label = "ui"
