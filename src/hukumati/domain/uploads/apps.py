from django.apps import AppConfig


class UploadsConfig(AppConfig):
    name = "hukumati.domain.uploads"
    label = "uploads"
