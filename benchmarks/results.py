"""Where results go: printed as they come, kept in results.json by section, and told in RESULTS.md. A section that runs alone replaces only itself."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEPT, TOLD = HERE / "results.json", HERE / "RESULTS.md"
ORDER = (
    "pages",
    "journeys",
    "ledger",
    "ledger_growth",
    "documents",
    "audit",
    "demonstration",
    "catalogue",
    "tables",
    "results_day",
    "notices",
    "money_faults",
    "broken_rules",
)
QUICK = "--quick"
HEAD = """# Results

Made by `make bench`; `python -m benchmarks pages` runs one alone and replaces only its section. With `--quick` a benchmark runs for moments and keeps nothing.
Everything runs on one machine: clients, web, worker, database and the simulators of the outside share its processors. A ratio compares within the same run.
"""


def is_quick() -> bool:
    return QUICK in sys.argv


def numbers() -> list[str]:
    """What was asked on the command line, without switches."""
    return [word for word in sys.argv[1:] if not word.startswith("-")]


@dataclass
class Table:
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append([str(cell) for cell in cells])
        print(" | ".join(self.rows[-1]), flush=True)


@dataclass
class Aim:
    name: str
    got: float
    goal: float
    unit: str
    at_most: bool

    @property
    def met(self) -> bool:
        return self.got <= self.goal if self.at_most else self.got >= self.goal


class Section:
    """One benchmark's results."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title = name, title
        self.tables: list[Table] = []
        self.notes: list[str] = []
        self.aims: list[Aim] = []
        self.busy = os.getloadavg()[0]
        print(f"== {title}", flush=True)

    def table(self, *columns: str) -> Table:
        self.tables.append(Table(list(columns)))
        print(" | ".join(columns), flush=True)
        return self.tables[-1]

    def note(self, words: str) -> None:
        self.notes.append(words)
        print(words, flush=True)

    def aim(self, name: str, got: float, goal: float, unit: str = "", *, at_most: bool = True) -> None:
        self.aims.append(Aim(name, round(got, 3), goal, unit, at_most))
        print(_told_aim(self.aims[-1]), flush=True)

    def save(self) -> None:
        if is_quick():
            return
        kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        kept[self.name] = {
            "title": self.title,
            "at": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "commit": _commit(),
            "machine": _machine(),
            "busy": round(self.busy, 1),
            "tables": [asdict(table) for table in self.tables],
            "notes": self.notes,
            "aims": [asdict(aim) for aim in self.aims],
        }
        KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        TOLD.write_text(_told(kept))


def _told(kept: dict) -> str:
    sections = [kept[name] for name in ORDER if name in kept]
    aims = [_told_aim(Aim(**aim)) for section in sections for aim in section["aims"]]
    parts = [HEAD]
    if aims:
        parts.append(
            "## Against the aims\n\n| aim | got | goal | ratio | met |\n|---|---|---|---|---|\n"
            + "\n".join(aims)
            + "\n"
        )
    return "\n".join([*parts, *map(_told_section, sections)])


def _told_section(section: dict) -> str:
    busy = f"; {section['busy']} processes were already running or waiting" if section["busy"] >= 0.5 else ""
    parts = [f"## {section['title']}\n", f"{section['at']}, commit {section['commit']}; {section['machine']}{busy}.\n"]
    for table in section["tables"]:
        rows = [table["columns"], ["---"] * len(table["columns"]), *table["rows"]]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n")
    if section["notes"]:
        parts.append("\n".join(f"- {note}" for note in section["notes"]) + "\n")
    return "\n".join(parts)


def _told_aim(aim: Aim) -> str:
    sign = "at most" if aim.at_most else "at least"
    unit = f" {aim.unit}" if aim.unit else ""
    ratio = f"{aim.got / aim.goal:.2f}" if aim.goal else "–"
    return f"| {aim.name} | {aim.got:,.4g}{unit} | {sign} {aim.goal:g}{unit} | {ratio} | {'yes' if aim.met else 'no'} |"


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=HERE, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "../src", "../services", "../sandbox")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + (" with changes" if changed else "")


def _machine() -> str:
    memory = int(Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0]) / 1024**2
    return f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
