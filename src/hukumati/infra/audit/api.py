"""The door: write a line, seal, prove, verify."""

from __future__ import annotations

from hukumati.infra.audit.actions import write

__all__ = ["write"]
