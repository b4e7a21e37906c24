"""python -m sandbox --data-dir D: start every simulator, keep it alive, end them together."""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sandbox.serving import needed

STARTS_MAX = 5
READY_SECONDS_MAX = 30
END_SECONDS_MAX = 2.0


@dataclass
class Simulator:
    """One child process; a restart takes the ports it had."""

    name: str
    ports: dict[str, int]
    data_dir: Path
    more_environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    ready: dict[str, str] = field(default_factory=dict)
    starts: int = 0

    def start(self) -> None:
        """Start and wait for its ready line."""
        self.starts += 1
        command = [sys.executable, "-m", f"sandbox.{self.name}", "--data-dir", str(self.data_dir), "--end-with-stdin"]
        for option, port in self.ports.items():
            command += [f"--{option}", str(port)]
        self.process = subprocess.Popen(  # noqa: S603 our own modules
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | self.more_environment,
            start_new_session=True,
        )
        self.ready = self._first_line(self.process)
        self._remember_ports()

    def _first_line(self, process: subprocess.Popen[str]) -> dict[str, str]:
        assert process.stdout is not None
        alarm = threading.Timer(READY_SECONDS_MAX, process.kill)
        alarm.start()
        line = process.stdout.readline()
        alarm.cancel()
        if not line:
            sys.exit(f"sandbox: {self.name} did not start (exit status {process.wait()})")
        print(line, end="", flush=True)
        ready: dict[str, str] = json.loads(line)
        return ready

    def _remember_ports(self) -> None:
        self.ports["port"] = int(self.ready["url"].rpartition(":")[2])
        if "smtp" in self.ready:
            self.ports["smtp-port"] = int(self.ready["smtp"].rpartition(":")[2])

    def end(self, *, deadline: float) -> None:
        """Ask to end, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _close(self.process.stdin)
        _close(self.process.stdout)

    def ask_to_end(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()


def _close(stream: IO[str] | None) -> None:
    if stream is not None:
        stream.close()


def main() -> int:
    """Start, supervise, end."""
    given = _arguments()
    needed("SANDBOX_GATEWAY_API_KEY", "SANDBOX_GATEWAY_HMAC_KEY", "SANDBOX_SMS_API_KEY")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    phones = Simulator("phones", {"port": given.phones_port, "smtp-port": given.smtp_port}, given.data_dir)
    gateway = Simulator("card_gateway", {"port": given.gateway_port}, given.data_dir)
    registries = Simulator("registries", {"port": given.registries_port}, given.data_dir)
    try:
        phones.start()
        gateway.more_environment["SANDBOX_SMS_URL"] = phones.ready["url"]
        for simulator in (gateway, registries):
            if not ended.is_set():
                simulator.start()
        addresses = {one.name: one.ready["url"] for one in (phones, gateway, registries) if one.ready}
        print(json.dumps({"ready": "sandbox"} | addresses | {"smtp": phones.ready["smtp"]}), flush=True)
        return _supervise([phones, gateway, registries], ended)
    finally:
        _end_all([phones, gateway, registries])


def _supervise(simulators: list[Simulator], ended: threading.Event) -> int:
    while not ended.wait(0.5):
        for simulator in simulators:
            if simulator.process is None or simulator.process.poll() is None:
                continue
            if simulator.starts >= STARTS_MAX:
                print(f"sandbox: {simulator.name} ended {STARTS_MAX} times, giving up", file=sys.stderr, flush=True)
                return 1
            print(f"sandbox: {simulator.name} ended, starting it again", file=sys.stderr, flush=True)
            _close(simulator.process.stdin)
            _close(simulator.process.stdout)
            simulator.start()
    return 0


def _end_all(simulators: list[Simulator]) -> None:
    deadline = time.monotonic() + END_SECONDS_MAX
    for simulator in simulators:
        simulator.ask_to_end()
    for simulator in simulators:
        simulator.end(deadline=deadline)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox")
    parser.add_argument("--data-dir", type=Path, required=True)
    for name in ("registries", "gateway", "phones", "smtp"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 takes a free port")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
