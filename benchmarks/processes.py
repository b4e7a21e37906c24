"""What processes used, as the kernel tells it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hukumati.config.demo.installation import Installation

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def roots(installation: Installation) -> dict[str, int]:
    """The parts of an installation that runs, each by the process that began it."""
    return {
        "database": installation.database.server.process.pid,
        "sandbox": installation.sandbox.process.pid,
        "web": installation.web.process.pid,
        "worker": installation.worker.process.pid,
    }


def family(process_id: int) -> list[int]:
    """A process and all that descend from it."""
    try:
        tasks = list(Path(f"/proc/{process_id}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []  # it ended while we looked
    return [process_id, *(one for child in children for one in family(child))]


def megabytes(process_id: int) -> float:
    """Proportional set size: shared pages are divided among those who share them."""
    for line in Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def cpu_seconds(process_id: int) -> float:
    """Of a family, children that have ended included."""
    return sum(_cpu_of_one(one) for one in family(process_id))


def _cpu_of_one(process_id: int) -> float:
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(fields[place]) for place in (11, 12, 13, 14)) / TICKS_A_SECOND
