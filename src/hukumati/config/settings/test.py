"""The tests: real PostgreSQL, fast password hashing, plain static names."""

from hukumati.config.settings.base import *

SECRET_KEY = "only-for-tests"  # noqa: S105
DEBUG = False
DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
DATABASES["default"]["OPTIONS"].pop("pool")
OUTBOUND_HOSTS = frozenset({"127.0.0.1"})  # simulators stand on ports of their own choice
LOGGING = {"shape": "lines", "level": "WARNING"}
SIGN_INS_A_SECOND = 10_000.0  # a test signs in as often as it likes
