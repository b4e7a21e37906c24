from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "hukumati.domain.catalogue"
    label = "catalogue"
