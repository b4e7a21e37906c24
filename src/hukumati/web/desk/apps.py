from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hukumati.web.desk"
    label = "desk"
