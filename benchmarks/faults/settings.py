"""The demonstration, with what the run needs inside its processes. No installation can reach this: it lives beside the benchmarks."""

from __future__ import annotations

from hukumati.config.settings.demo import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.faults.inside.Inside"]  # noqa: F405
