"""A real installation: behind TLS, secrets from the environment, nothing guessed."""

import os

from hukumati.config.settings.base import *

SECRET_KEY = os.environ["HUKUMATI_SECRET_KEY"]
DEBUG = False
DEMO = False
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the load balancer, inside
SECURE_HSTS_SECONDS = 2 * 365 * 86400
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # the protection is there: FaceCsrfMiddleware is Django's, with a cookie for each face
    "security.W021",  # browsers' preload lists are for the operator to decide, and are hard to leave
]
