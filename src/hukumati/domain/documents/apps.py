from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "hukumati.domain.documents"
    label = "documents"
