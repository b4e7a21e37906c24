"""A real installation does not start on anything that was only meant for a demonstration."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest

SOUND = {
    "HUKUMATI_SECRET_KEY": secrets.token_urlsafe(50),
    "HUKUMATI_PUBLIC_URL": "https://hukumati.example",
    "HUKUMATI_HOSTS": "hukumati.example",
    "HUKUMATI_TRUSTED_PROXIES": "1",
}


def start(**differing: str | None) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("HUKUMATI_", "DJANGO_"))}
    environment = inherited | {name: value for name, value in (SOUND | differing).items() if value is not None}
    command = [sys.executable, "-c", "import hukumati.config.settings.production"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_sound_environment_starts() -> None:
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUKUMATI_SECRET_KEY", None),
        ("HUKUMATI_SECRET_KEY", ""),
        ("HUKUMATI_SECRET_KEY", "only-for-tests"),
        ("HUKUMATI_SECRET_KEY", "x" * 60),
        ("HUKUMATI_PUBLIC_URL", None),
        ("HUKUMATI_PUBLIC_URL", "http://hukumati.example"),
        ("HUKUMATI_HOSTS", None),
        ("HUKUMATI_HOSTS", "*"),
        ("HUKUMATI_TRUSTED_PROXIES", None),
        ("HUKUMATI_DEMO_STAFF_PASSWORD", "known to all"),
    ],
)
def test_a_default_or_a_demonstrations_value_is_refused_by_its_name(name: str, value: str | None) -> None:
    done = start(**{name: value})
    assert (done.returncode, name[:14] in done.stderr.splitlines()[-1]) == (1, True)
