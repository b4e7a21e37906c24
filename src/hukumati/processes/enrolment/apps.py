from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "hukumati.processes.enrolment"
    label = "enrolment"
