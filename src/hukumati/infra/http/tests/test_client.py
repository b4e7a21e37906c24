"""The client against a real server that is slow, broken, huge or down."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hukumati.infra.http import AddressNotAllowedError, Client, OutsideUnreachableError, Why
from hukumati.infra.http.breaker import Breaker
from hukumati.kernel.limits import Limits

QUICK = Limits(connect_seconds=0.5, total_seconds=1, attempts_max=2, body_bytes_max=10_000)


class Outside(BaseHTTPRequestHandler):
    """Behaves as the path says."""

    seen: Counter[str]
    bodies: list[bytes]

    def do_GET(self):
        name = self.path.split("?", maxsplit=1)[0].strip("/")
        self.seen[name] += 1
        getattr(self, f"_{name}")()

    def do_POST(self):
        self.bodies.append(self.rfile.read(int(self.headers.get("content-length", 0))))
        self.do_GET()

    def _say(self, status, body=b"{}", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _fine(self):
        self._say(200, f'{{"path": "{self.path}", "client": "{self.headers["x-client"]}"}}'.encode())

    def _missing(self):
        self._say(404, b'{"why": "unknown"}')

    def _elsewhere(self):
        self._say(302, location="http://192.0.2.1/")

    def _broken(self):
        self._say(503, b'{"down": true}')

    def _broken_once(self):
        self._say(500 if self.seen["broken_once"] == 1 else 200)

    def _huge(self):
        self._say(200, b"x" * 100_000)

    def _endless(self):
        self.send_response(200)
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"x" * 1000)

    def _hanging(self):
        time.sleep(3)
        self._say(200)

    def _dripping(self):
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        for _ in range(30):
            time.sleep(0.1)
            self.wfile.write(b"x")

    def _dripping_headers(self):
        for letter in b"HTTP/1.1 200 OK\r\nx-slow: " + b"x" * 30:
            time.sleep(0.1)
            self.wfile.write(bytes([letter]))

    def _cut(self):
        self.send_response(200)
        self.send_header("content-length", "100")
        self.end_headers()
        self.wfile.write(b"only this")

    def log_message(self, *_):
        pass


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


@pytest.fixture
def outside():
    kind = type("Outside", (Outside,), {"seen": Counter(), "bodies": []})
    server = QuietServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client(outside):
    return Client(f"http://127.0.0.1:{outside.server_port}", limits=QUICK, name="outside", headers={"X-Client": "us"})


def seen(outside):
    return outside.RequestHandlerClass.seen


def test_an_answer_comes_back_whole(client):
    response = client.request("GET", "/fine", params={"attributes": "a,b"})
    assert (response.status, response.ok) == (200, True)
    assert response.json() == {"path": "/fine?attributes=a%2Cb", "client": "us"}
    assert response.headers["content-length"] == str(len(response.body))


def test_json_is_sent_as_json(client, outside):
    client.request("POST", "/fine", json={"اسم": "ليلى"})
    assert outside.RequestHandlerClass.bodies == ['{"اسم":"ليلى"}'.encode()]


def test_answers_below_500_are_the_callers_business(client, outside):
    assert client.request("GET", "/missing").json() == {"why": "unknown"}
    assert seen(outside)["missing"] == 1


def test_redirects_are_not_followed(client):
    assert client.request("GET", "/elsewhere").status == 302


def test_a_read_is_repeated_after_a_fault(client, outside):
    assert client.request("GET", "/broken_once").status == 200
    assert seen(outside)["broken_once"] == 2


def test_attempts_are_bounded_and_the_last_answer_is_kept(client, outside):
    with pytest.raises(OutsideUnreachableError) as fault:
        client.request("GET", "/broken")
    assert (fault.value.why, fault.value.name, fault.value.answer.status) == (Why.STATUS, "outside", 503)
    assert fault.value.answer.json() == {"down": True}
    assert seen(outside)["broken"] == 2


def test_a_write_is_not_repeated(client, outside):
    with pytest.raises(OutsideUnreachableError):
        client.request("POST", "/broken", json={})
    assert seen(outside)["broken"] == 1


def test_a_write_with_an_idempotency_key_is_repeated(client, outside):
    assert client.request("POST", "/broken_once", json={"a": 1}, headers={"Idempotency-Key": "T-1"}).status == 200
    assert outside.RequestHandlerClass.bodies == [b'{"a":1}', b'{"a":1}']


@pytest.mark.parametrize("path", ["/hanging", "/dripping", "/dripping_headers"])
def test_the_total_time_holds_whatever_the_peer_does(client, path):
    started = time.monotonic()
    with pytest.raises(OutsideUnreachableError) as fault:
        client.request("GET", path)
    assert fault.value.why is Why.TIMEOUT
    assert time.monotonic() - started < 5  # without a limit it would hang for ever


@pytest.mark.parametrize("path", ["/huge", "/endless"])
def test_a_body_over_its_limit_is_not_read_and_not_asked_for_again(client, outside, path):
    with pytest.raises(OutsideUnreachableError) as fault:
        client.request("GET", path)
    assert fault.value.why is Why.BODY_TOO_LARGE
    assert seen(outside)[path.strip("/")] == 1


def test_a_truncated_answer_is_a_fault(client):
    with pytest.raises(OutsideUnreachableError) as fault:
        client.request("GET", "/cut")
    assert fault.value.why is Why.NETWORK


def test_nobody_listening_is_a_fault_even_after_both_attempts():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = Client(f"http://127.0.0.1:{port}", limits=QUICK, name="nobody")
    with pytest.raises(OutsideUnreachableError) as fault:
        client.request("POST", "/fine", json={})
    assert fault.value.why is Why.NETWORK


def test_after_faults_in_a_row_nobody_waits(outside):
    client = Client(
        f"http://127.0.0.1:{outside.server_port}",
        limits=Limits(attempts_max=1),
        name="outside",
        breaker=Breaker(faults_max=2, open_seconds=0.3),
    )
    for _ in range(2):
        with pytest.raises(OutsideUnreachableError):
            client.request("GET", "/broken")
    with pytest.raises(OutsideUnreachableError) as fault:
        client.request("GET", "/fine")
    assert fault.value.why is Why.BREAKER_OPEN
    assert seen(outside)["fine"] == 0
    time.sleep(0.35)
    assert client.request("GET", "/fine").ok
    assert client.breaker.state == "closed"


def test_threads_share_a_client(client):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.request("GET", "/fine").status)) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 12


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://127.0.0.1/",
        "127.0.0.1:80",
        "http://192.0.2.1/",
        "http://127.0.0.1@192.0.2.1/",
        "http://user:pass@127.0.0.1/",
    ],
)
def test_an_address_that_is_not_ours_is_never_spoken_to(url):
    with pytest.raises(AddressNotAllowedError):
        Client(url, limits=QUICK, name="outside")


@pytest.mark.parametrize("path", ["", "fine", "//192.0.2.1/", "/a/../b", "/\\192.0.2.1", "http://192.0.2.1/"])
def test_a_path_cannot_lead_elsewhere(client, path):
    with pytest.raises(AddressNotAllowedError):
        client.request("GET", path)


def test_an_allowed_host_may_be_bound_to_its_port(settings):
    settings.OUTBOUND_HOSTS = {"127.0.0.1:8443"}
    Client("https://127.0.0.1:8443/r1", limits=QUICK, name="outside")
    with pytest.raises(AddressNotAllowedError):
        Client("https://127.0.0.1/r1", limits=QUICK, name="outside")


class ClosesAsAsked(threading.Thread):
    """Answers the first request of a connection, and closes it upon the second, as a server does whose patience ends at that moment."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.asked = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listening.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                    self.asked += 1
                    connection.recv(65_536)
                    self.asked += 1


@pytest.fixture
def closing():
    server = ClosesAsAsked()
    server.start()
    yield server
    server.listening.shutdown(socket.SHUT_RDWR)
    server.listening.close()
    server.join(5)


ONCE = Limits(connect_seconds=1, total_seconds=2, attempts_max=1, body_bytes_max=1000)


def test_a_kept_connection_that_was_closed_meanwhile_is_no_silence(closing):
    client = Client(closing.url, limits=ONCE, name="closing")
    assert [client.request("GET", "/").status for _ in range(3)] == [200, 200, 200]
    client.close()


def test_what_may_be_done_once_only_is_not_sent_again_on_another_connection(closing):
    client = Client(closing.url, limits=ONCE, name="closing")
    client.request("GET", "/")
    with pytest.raises(OutsideUnreachableError):
        client.request("POST", "/", json={})
    client.close()
