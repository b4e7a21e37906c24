"""What every installation shares. Each value that an installation may differ in comes from the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

ROOT = Path(__file__).resolve().parents[4]
PACKAGE = ROOT / "src" / "hukumati"
VAR = Path(os.environ.get("HUKUMATI_VAR", ROOT / "var"))
SERVICES_DIR = Path(os.environ.get("HUKUMATI_SERVICES", ROOT / "services"))


def database_from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # Trying to connect is given up soon, and begun anew by the next request: with the pool's own five minutes its pauses grow while the
            # database is away, and go on after it is back (22 s after an outage of 35 s, against 1.5 s).
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10, "reconnect_timeout": 5},
            # Workers of one query are for reading a whole table: to start them takes longer than any page's question.
            "options": "-c statement_timeout=15000 -c lock_timeout=4000 -c max_parallel_workers_per_gather=0",
        },
    }


DATABASES = {
    "default": database_from_url(os.environ.get("DATABASE_URL", "postgresql://hukumati@127.0.0.1:5432/hukumati"))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "hukumati.infra.audit",
    "hukumati.infra.outbox",
    "hukumati.infra.turns",
    "hukumati.domain.identity",
    "hukumati.domain.uploads",
    "hukumati.domain.catalogue",
    "hukumati.domain.exchange",
    "hukumati.domain.ledger",
    "hukumati.domain.payments",
    "hukumati.domain.policies",
    "hukumati.domain.payouts",
    "hukumati.domain.treasury",
    "hukumati.domain.documents",
    "hukumati.domain.delivery",
    "hukumati.domain.notifications",
    "hukumati.processes.enrolment",
    "hukumati.processes.applications",
    "hukumati.web.ui",
    "hukumati.web.portal",
    "hukumati.web.desk",
    "hukumati.web.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "procrastinate.contrib.django",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "hukumati.infra.logs.requests.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "hukumati.web.ui.faces.FaceSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "hukumati.web.ui.sizes.BodySizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hukumati.web.ui.faces.FaceCsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hukumati.web.ui.access.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "hukumati.web.ui.answers.RefusalMiddleware",
]

ROOT_URLCONF = "hukumati.config.urls"
WSGI_APPLICATION = "hukumati.config.wsgi.application"

FACES = [PACKAGE / "web" / face / "templates" for face in ("ui", "portal", "desk", "api")]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": FACES,
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "hukumati.web.ui.templating.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "hukumati.web.ui.templating.page_context",
                "hukumati.web.desk.navigation.desk_context",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / face / "locale" for face in ("ui", "portal", "desk", "api")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Hebron"
FORMAT_MODULE_PATH = ["hukumati.web.ui.formats"]

AUTH_USER_MODEL = "identity.Account"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_FINDERS = [
    "hukumati.web.ui.assets.MadeFilesFinder",  # the joined stylesheet and the fonts, made in VAR / "assets"
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hukumati.web.ui.answers.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": [
        "default",
        "hukumati-inert",
        "hukumati-worker",
    ],  # the only doors for markup and scripts: web/ui/static/ui/ui.js
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
REQUEST_BYTES_MAX = 6_000_000  # a document of 5 MB and what a form adds; so no upload ever lies on the disk

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGGING_CONFIG = "hukumati.infra.logs.configure.configure"
LOGGING = {"shape": "json", "level": "INFO"}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# The institution that signs receipts for all others: whoever keeps the single account.
RECEIPTS_ISSUED_BY = "finance"
PUBLIC_URL = os.environ.get("HUKUMATI_PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = os.environ.get("HUKUMATI_HOSTS", "127.0.0.1,localhost").split(",")

from hukumati.config.settings.identity import *  # noqa: E402
from hukumati.config.wiring import *  # noqa: E402
