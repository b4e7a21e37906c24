from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "hukumati.web.portal"
    label = "portal"
