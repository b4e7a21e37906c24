from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "hukumati.domain.notifications"
    label = "notifications"
