"""The part of `make check` that needs the project loaded: templates, migrations, texts, settings. Prints what is wrong; silent gates are well."""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hukumati.config.settings.test")

import django
from django.apps import apps
from django.core.management import call_command, get_commands
from django.template import TemplateSyntaxError, engines

from hukumati.config.messages import list_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def templates() -> Iterator[str]:
    """Every Jinja template compiles, and includes and extends what exists."""
    engine = engines["jinja2"]
    for name in engine.env.list_templates(filter_func=lambda name: not name.endswith((".png", ".svg"))):
        try:
            engine.get_template(name)
        except (TemplateSyntaxError, UnicodeDecodeError) as fault:
            yield f"{name}: {fault}"


def migrations() -> Iterator[str]:
    """The models say nothing that no migration does."""
    said = io.StringIO()
    labels = [config.label for config in apps.get_app_configs() if config.name.startswith("hukumati.")]
    try:
        with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # no database is needed for this
            call_command("makemigrations", *labels, check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        yield f"models have changed without a migration:\n{said.getvalue()}"


def messages() -> Iterator[str]:
    """Every text of the faces has its Arabic."""
    yield from list_faults()


def services() -> Iterator[str]:
    """Every service folder proves itself."""
    if "services" not in get_commands():
        yield "the command `services` is missing"
        return
    said = io.StringIO()
    try:
        call_command("services", "check", stdout=said, stderr=said)
    except (SystemExit, django.core.management.CommandError) as fault:
        yield f"{said.getvalue()}{fault}"


# `django check` would ask a database, and here is none.
DEPLOYMENT_CHECK = """
import sys, django
from django.core import checks
django.setup()
found = checks.run_checks(include_deployment_checks=True, databases=[])
sys.exit("\\n".join(str(one) for one in found if one.level >= checks.WARNING and not one.is_silenced()) or 0)
"""


def settings() -> Iterator[str]:
    """A real installation's settings pass Django's own check."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hukumati.config.settings.production",
        "HUKUMATI_SECRET_KEY": secrets.token_urlsafe(50),
        "HUKUMATI_PUBLIC_URL": "https://hukumati.example",
        "HUKUMATI_HOSTS": "hukumati.example",
        "HUKUMATI_TRUSTED_PROXIES": "1",
    }
    command = [sys.executable, "-W", "error::DeprecationWarning", "-c", DEPLOYMENT_CHECK]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        yield done.stderr[-4000:]


GATES: tuple[Callable[[], Iterator[str]], ...] = (templates, migrations, messages, services, settings)


def main() -> int:
    django.setup()
    wrong = 0
    for gate in GATES:
        faults = list(gate())
        sys.stdout.write(f"· {gate.__name__}\n" + "".join(f"    {fault}\n" for fault in faults))
        wrong += len(faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
