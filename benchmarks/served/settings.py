"""As the demonstration, with the log in the shape of production: one JSON object a line, which the benchmark reads."""

from hukumati.config.settings.demo import *  # noqa: F403
from hukumati.config.settings.demo import LOGGING

ROOT_URLCONF = "benchmarks.served.urls"
WSGI_APPLICATION = "benchmarks.served.wsgi.application"
LOGGING = {**LOGGING, "shape": "json"}
