"""A real installation: behind TLS, secrets from the environment, nothing guessed."""

import os

from django.core.exceptions import ImproperlyConfigured

from hukumati.config.settings.base import *

SECRET_KEY = os.environ["HUKUMATI_SECRET_KEY"]
SECRET_CHARACTERS_MIN = 50


def _require(said: bool, words: str) -> None:  # noqa: FBT001 (a sentence: require this, else say that)
    if not said:
        raise ImproperlyConfigured(words)


_require(
    len(SECRET_KEY) >= SECRET_CHARACTERS_MIN and len(set(SECRET_KEY)) > SECRET_CHARACTERS_MIN // 5,
    f"HUKUMATI_SECRET_KEY must be {SECRET_CHARACTERS_MIN} random characters or more",
)
# It is printed into QR codes and sent to payment providers: a default would be on paper for ever.
_require(PUBLIC_URL.startswith("https://"), "HUKUMATI_PUBLIC_URL must be the https:// address that people reach")
_require(
    "HUKUMATI_HOSTS" in os.environ and "*" not in ALLOWED_HOSTS, "HUKUMATI_HOSTS must name the hosts that are answered"
)
# Behind a proxy that is not counted, the whole country has one address: a hundred wrong passwords would close sign-in for everybody.
_require("HUKUMATI_TRUSTED_PROXIES" in os.environ, "HUKUMATI_TRUSTED_PROXIES must say how many proxies stand in front")
_require(
    not {"HUKUMATI_DEMO_PHONES_URL", "HUKUMATI_DEMO_STAFF_PASSWORD"} & set(os.environ),
    "HUKUMATI_DEMO_… variables belong to the demonstration; a real installation sets none of them",
)

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
