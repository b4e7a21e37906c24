"""The door of receipts."""

from __future__ import annotations

from hukumati.processes.receipts.actions import KIND, download
from hukumati.processes.receipts.facts import Standing
from hukumati.processes.receipts.queries import get_standing

__all__ = ["KIND", "Standing", "download", "get_standing"]
