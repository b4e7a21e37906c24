"""The application as deployed; one address goes round its middleware."""

from __future__ import annotations

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from hukumati.config.wsgi import application as whole

AROUND = "/around/bare/"

with override_settings(MIDDLEWARE=[]):
    without_middleware = WSGIHandler()


def application(environ, start_response):
    if environ["PATH_INFO"] == AROUND:
        return without_middleware({**environ, "PATH_INFO": AROUND.removeprefix("/around")}, start_response)
    return whole(environ, start_response)
