"""The command and the demonstration as an operator meets them: right, wrong, interrupted."""

from __future__ import annotations

import os
import secrets
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hukumati.config.demo import addresses, supervisor
from hukumati.config.demo.children import Command, Starts
from hukumati.config.demo.secrets import NAMES, keep_secrets

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("HUKUMATI_", "DJANGO_"))}
    command = [sys.executable, "-m", "hukumati.config.command", *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=clean | {"PYTHONPATH": "src"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_lists_the_commands():
    done = run("--help")
    assert done.returncode == 0
    assert {"demo", "doctor", "worker", "migrate", "services"} <= set(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dcotor"], "Did you mean: doctor?"),
        (["worker", "--concurrency", "many"], "is not a valid integer"),
        (["doctor"], "the environment lacks HUKUMATI_SECRET_KEY"),
        (["demo", "--port", "80"], "is not in the range"),
    ],
)
def test_an_operators_mistake_is_answered_in_words(arguments, words):
    done = run(*arguments)
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_database_the_doctor_says_so_and_others_do_not_show_tracebacks():
    nowhere = {
        "HUKUMATI_SECRET_KEY": secrets.token_urlsafe(50),
        "HUKUMATI_PUBLIC_URL": "https://hukumati.example",
        "HUKUMATI_HOSTS": "hukumati.example",
        "HUKUMATI_TRUSTED_PROXIES": "1",
        "DATABASE_URL": f"postgresql://nobody@127.0.0.1:{addresses.free_addresses().database}/nothing",
    }
    done = run("doctor", **nowhere)
    assert done.returncode == 1
    assert "is DATABASE_URL right?" in done.stdout
    done = run("migrate", "--plan", **nowhere)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_secrets_are_made_once_and_are_ours_alone(tmp_path):
    path = tmp_path / "secrets.env"
    first = keep_secrets(path)
    assert set(first) == set(NAMES)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keep_secrets(path) == first


def test_a_secret_that_is_new_joins_those_that_are_kept(tmp_path):
    path = tmp_path / "secrets.env"
    path.write_text("HUKUMATI_SECRET_KEY=kept\n")
    assert keep_secrets(path)["HUKUMATI_SECRET_KEY"] == "kept"
    assert set(keep_secrets(path)) == set(NAMES)


def test_a_taken_port_gives_way_to_the_next():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert addresses.usual_addresses(web=port).web > port


def test_two_demonstrations_cannot_share_a_directory(tmp_path):
    home = tmp_path / "demo"
    with supervisor._held(home), pytest.raises(supervisor.AlreadyRunningError):
        supervisor.reset(home=home)


def test_reset_leaves_nothing(tmp_path):
    home = tmp_path / "demo"
    (home / "blobs").mkdir(parents=True)
    supervisor.reset(home=home)
    assert not home.exists()


def a_command(tmp_path, source):
    return Command("child", [sys.executable, "-c", source], dict(os.environ), tmp_path, tmp_path / "child.log")


def test_a_child_that_does_not_listen_is_ended_all_the_same(tmp_path):
    child = a_command(
        tmp_path,
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
    )
    child.start()
    while "deaf" not in child.log_path.read_text():
        time.sleep(0.02)
    child.ask_to_end()
    child.insist(deadline=time.monotonic() + 0.3)
    assert not child.is_alive()


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    """Even SIGKILL, which nobody can answer, leaves no process behind."""
    source = (
        "import os, sys, time; from pathlib import Path; from hukumati.config.demo.children import Command\n"
        "child = Command('child', [sys.executable, '-c', 'import time; time.sleep(60)'], dict(os.environ), Path('.'), Path('child.log'))\n"
        "child.start(); print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", source],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )
    pid = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_that_always_ends_is_not_started_for_ever():
    starts = Starts()
    for _ in range(5):
        starts.note()
    assert not starts.are_too_many()
    starts.note()
    assert starts.are_too_many()
