"""The demonstration: one machine, loopback, secrets made at first run and kept in var/."""

import os

from hukumati.config.settings.base import *

SECRET_KEY = os.environ["HUKUMATI_SECRET_KEY"]
DEBUG = False
DEMO = True
LOGGING = {**LOGGING, "shape": "lines"}
PREVIEW = os.environ.get("HUKUMATI_PREVIEW", "")  # the service that `hukumati preview` shows
