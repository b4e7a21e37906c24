"""The simulators as they really run: separate processes over real HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

API_KEY, HMAC_KEY, SMS_KEY = "test-api-key", "test-hmac-key", "test-sms-key"
CLIENT = {"X-Road-Client": "PS-SANDBOX/GOV/telecom/hukumati"}
STAFF = [{"name": "موظفة التجربة", "login": "clerk", "secret_base32": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}]
PROJECT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.enable_socket)


@dataclass
class State:
    """Clients of the running simulators."""

    registries: httpx.Client
    gateway: httpx.Client
    phones: httpx.Client
    smtp: tuple[str, int]
    data_dir: Path

    def ask(self, path: str, **options) -> httpx.Response:
        headers = CLIENT | options.pop("headers", {})
        return self.registries.get(f"/r1/PS-SANDBOX/GOV/{path}", headers=headers, **options)


def wait_for(condition, *, seconds: float = 10.0):
    """The condition's first truthy answer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    pytest.fail("waited in vain")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANDBOX_")}
    keys = {
        "SANDBOX_GATEWAY_API_KEY": API_KEY,
        "SANDBOX_GATEWAY_HMAC_KEY": HMAC_KEY,
        "SANDBOX_SMS_API_KEY": SMS_KEY,
        "PYTHONPATH": str(PROJECT),
    }
    return kept | keys | more


def start(module: str, *arguments: str, env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/")


@pytest.fixture(scope="session")
def state(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "staff.json").write_text(json.dumps(STAFF), encoding="utf-8")
    env = environment(SANDBOX_AUTHENTICATOR_FILE=str(folder / "staff.json"))
    process = start("sandbox", "--data-dir", str(folder), env=env)
    try:
        lines = [json.loads(process.stdout.readline()) for _ in range(4)]
        ready = lines[-1]
        assert ready["ready"] == "sandbox"
        host, port = ready["smtp"].split(":")
        with (
            httpx.Client(base_url=ready["registries"], trust_env=False) as registries,
            httpx.Client(base_url=ready["card_gateway"], trust_env=False) as gateway,
            httpx.Client(base_url=ready["phones"], trust_env=False) as phones,
        ):
            yield State(registries, gateway, phones, (host, int(port)), folder)
    finally:
        process.terminate()
        process.communicate(timeout=5)
    assert process.returncode == 0


@pytest.fixture(autouse=True)
def _nothing_wrong(request):
    if "state" not in request.fixturenames:
        yield
        return
    running = request.getfixturevalue("state")
    yield
    for client in (running.registries, running.gateway, running.phones):
        assert client.post("/control", json={"reset": True}).status_code == 200


@dataclass
class Merchant:
    """The other end of the gateway: takes notices, keeps them, answers as told."""

    url: str
    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict, bool, float]] = field(default_factory=list)

    def bodies(self, payment_id: str) -> list[dict]:
        return [body for body, genuine, _ in self.taken if genuine and body["payment_id"] == payment_id]

    def kinds(self, payment_id: str) -> list[str]:
        return [body["type"] for body in self.bodies(payment_id)]


def is_genuine(header: str, raw: bytes) -> bool:
    moment, digest = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", header).groups()
    expected = hmac.new(HMAC_KEY.encode(), f"{moment}.".encode() + raw, hashlib.sha256).hexdigest()
    return abs(time.time() - int(moment)) < 30 and hmac.compare_digest(expected, digest)


@pytest.fixture
def merchant():
    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status = known.answers.pop(0) if known.answers else 204
            known.taken.append((json.loads(raw), is_genuine(self.headers["X-Gateway-Signature"], raw), time.time()))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    known = Merchant(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()
