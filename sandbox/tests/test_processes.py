"""Starting, restarting and ending, as an operator sees it."""

import json
import os
import signal
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from sandbox.tests.conftest import SMS_KEY, environment, start, wait_for

pytestmark = pytest.mark.slow


def test_a_simulator_ends_within_two_seconds_and_keeps_its_state(tmp_path):
    message = {"to": "+970590000016", "text": "x", "reference": "kept"}
    for expected in (0, 1):
        process = start("sandbox.phones", "--data-dir", str(tmp_path), env=environment())
        url = json.loads(process.stdout.readline())["url"]
        assert len(httpx.get(f"{url}/api/messages", trust_env=False).json()["messages"]) == expected
        headers = {"Authorization": f"Bearer {SMS_KEY}"}
        assert httpx.post(f"{url}/v1/messages", json=message, headers=headers, trust_env=False).status_code == 202
        process.send_signal(signal.SIGTERM if expected else signal.SIGINT)
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    ("module", "missing"),
    [
        ("sandbox.phones", "SANDBOX_SMS_API_KEY"),
        ("sandbox.card_gateway", "SANDBOX_GATEWAY_HMAC_KEY"),
        ("sandbox", "SANDBOX_GATEWAY_API_KEY"),
    ],
)
def test_a_missing_key_refuses_to_start_with_a_clear_line(tmp_path, module, missing):
    env = environment(SANDBOX_SMS_URL="http://127.0.0.1:1")
    del env[missing]
    process = start(module, "--data-dir", str(tmp_path), env=env)
    output, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert output == ""
    assert errors == f"sandbox: refusing to start, set {missing} in the environment\n"


def test_a_taken_port_is_said_clearly(tmp_path, state):
    port = str(state.phones.base_url.port)
    process = start("sandbox.phones", "--data-dir", str(tmp_path), "--port", port, env=environment())
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in errors


def test_a_killed_simulator_is_started_again_at_its_address(tmp_path):
    process = start("sandbox", "--data-dir", str(tmp_path), env=environment())
    try:
        ready = [json.loads(process.stdout.readline()) for _ in range(4)][-1]
        (child,) = [pid for pid in _children(process.pid) if "sandbox.card_gateway" in _command(pid)]
        os.kill(child, signal.SIGKILL)

        def answers():
            try:
                return httpx.get(f"{ready['card_gateway']}/health", trust_env=False).status_code == 200
            except httpx.TransportError:
                return False

        wait_for(lambda: child not in _children(process.pid) and answers())
    finally:
        process.terminate()
        process.communicate(timeout=5)
    assert process.returncode == 0


def _seconds_of(client):
    begun = time.monotonic()
    client.get("/health")
    return time.monotonic() - begun


def test_answers_are_not_held_back_by_the_network_stack(state):
    for client in (state.registries, state.gateway, state.phones):
        client.get("/health")
        # A delayed acknowledgement costs 40 ms each time, so the quickest of many shows it on a busy machine, too.
        assert min(_seconds_of(client) for _ in range(40)) < 0.03


def test_no_simulator_outlives_a_killed_supervisor(tmp_path):
    process = start("sandbox", "--data-dir", str(tmp_path), env=environment())
    for _ in range(4):
        process.stdout.readline()
    children = _children(process.pid)
    assert len(children) == 3
    process.kill()
    process.communicate(timeout=5)
    wait_for(lambda: not any("sandbox." in _command(pid) for pid in children))


def test_a_population_of_another_edition_is_grown_anew(tmp_path):
    path = tmp_path / "population.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("create table edition (edition text)")
        old.execute("insert into edition values ('0')")
    old.close()
    process = start("sandbox.registries", "--data-dir", str(tmp_path), env=environment())
    url = json.loads(process.stdout.readline())["url"]
    assert len(httpx.get(f"{url}/control/people?limit=3", trust_env=False).json()["people"]) == 3
    process.terminate()
    process.communicate(timeout=5)


def _children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
