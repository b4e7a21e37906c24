"""The `hukumati` command: thin over Django's commands."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hukumati.config.settings.production")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
