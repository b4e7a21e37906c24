"""What the pages say is there, is there: links, settings, decisions, tests that are named, commands of runbooks."""

from __future__ import annotations

import re
import shlex
from functools import cache

import pytest
from click.testing import CliRunner

from hukumati.config.command import hukumati
from hukumati.infra import ports
from tests.architecture.source import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "sandbox" / "README.md"])
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
TEST_FILE = re.compile(r"`((?:src|tests|sandbox)/[\w/]+\.py)`")
SETTING = re.compile(r"""environ(?:\.get)?[\[(]\s*"([A-Z_]+)\"""")
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def _name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page):
    targets = (target.partition("#")[0] for target in LINK.findall(page.read_text()))
    inside = [target for target in targets if target and "://" not in target and not target.endswith(".png")]
    assert [target for target in inside if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_tests_that_are_named_exist(page):
    assert [file for file in TEST_FILE.findall(page.read_text()) if not (ROOT / file).exists()] == []


def test_every_setting_stands_in_the_read_me():
    told = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text()))
    read = {name for file in (ROOT / "src").rglob("*.py") for name in SETTING.findall(file.read_text())}
    assert "HUKUMATI_SECRET_KEY" in read
    assert sorted(read - told) == []


def test_no_setting_is_told_that_nothing_reads():
    code = "".join(file.read_text() for file in (ROOT / "src").rglob("*.py"))
    told = set(re.findall(r"^\| .*", (ROOT / "README.md").read_text(), re.MULTILINE))
    names = {name for row in told for name in re.findall(r"`(HUKUMATI_[A-Z_]+)`", row)}
    assert sorted(name for name in names if f'"{name}"' not in code) == []


def test_every_decision_is_listed_and_says_when_to_undo_it():
    folder = ROOT / "docs" / "adr"
    listed = (folder / "README.md").read_text()
    decisions = sorted(folder.glob("0*.md"))
    assert [int(file.name[:4]) for file in decisions] == list(range(1, len(decisions) + 1))
    assert [file.name for file in decisions if f"({file.name})" not in listed] == []
    assert [file.name for file in decisions if "**Do not undo without**" not in file.read_text()] == []


def test_every_runbook_is_listed():
    listed = (ROOT / "docs" / "runbooks" / "README.md").read_text()
    assert [file.name for file in RUNBOOKS if file.name != "README.md" and f"({file.name})" not in listed] == []


@cache
def _commands():
    """Each command of the runbooks' blocks, once."""
    found = {}
    for page in RUNBOOKS:
        for block in BLOCK.findall(page.read_text()):
            for line in re.split(r"\n(?=hukumati)", block.strip()):
                found.setdefault(line, page.stem)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", _commands(), ids=lambda command: f"{_commands()[command]}: {command[:60]}")
@pytest.mark.usefixtures("own_keys_and_files")
def test_commands_of_runbooks_run(command, monkeypatch):
    program, *arguments = shlex.split(command)
    assert program == "hukumati"
    if arguments[0] == "shell":
        exec(compile(arguments[-1], command, "exec"), {})  # as `shell -c` does, on the test's database
        return
    monkeypatch.setenv("COLUMNS", "200")
    done = CliRunner().invoke(hukumati, arguments, prog_name="hukumati")
    unwell = arguments == ["doctor"] and done.exit_code == 1  # nothing runs beside a test, and doctor says so
    assert unwell or (done.exit_code == 0 and done.exception is None), done.output


@pytest.fixture
def own_keys_and_files(tmp_path, settings):
    """Keys, documents and checkpoints of a test lie in its own folder."""
    wired = {name: {**port, "options": {**port["options"]}} for name, port in settings.PORTS.items()}
    for port in wired.values():
        if "directory" in port["options"]:
            port["options"]["directory"] = str(tmp_path / "kept")
    settings.PORTS = wired
    ports.adapter.cache_clear()
    yield
    ports.adapter.cache_clear()
