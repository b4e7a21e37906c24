"""How the installation is: checks that answer in plain words, for people (`hukumati doctor`) and for machines (/healthz, /readyz).

Each check is quick, changes nothing, and never raises.
"""

from __future__ import annotations

from hukumati.infra.health.checks import Finding, check_all, check_ready

__all__ = ["Finding", "check_all", "check_ready"]
