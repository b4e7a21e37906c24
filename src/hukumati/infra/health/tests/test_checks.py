"""The checks, on the real database: what is well, and what each kind of trouble is called."""

from __future__ import annotations

import copy
import socket

import pytest
from django.db import connection

from hukumati.infra.health import check_ready, checks
from hukumati.infra.ports import adapter


@pytest.fixture(autouse=True)
def fresh_adapters():
    adapter.cache_clear()
    yield
    adapter.cache_clear()


@pytest.mark.django_db
def test_an_installation_that_is_up_to_date_is_ready():
    assert [(finding.name, finding.well) for finding in check_ready()] == [("database", True), ("migrations", True)]


@pytest.mark.django_db
def test_a_waiting_migration_is_said():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'usersessions'")
    finding = checks.check_migrations()
    assert not finding.well
    assert "hukumati migrate" in finding.words


@pytest.mark.django_db
def test_without_a_worker_the_queue_is_not_well():
    finding = checks.check_queue()
    assert not finding.well
    assert "hukumati worker" in finding.words


@pytest.mark.django_db
def test_jobs_that_wait_too_long_are_said():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('default', 'x', now() - interval '10 minutes')"
        )
    finding = checks.check_queue()
    assert not finding.well
    assert finding.words.startswith("1 waiting, 0 failed, 1 workers alive; the oldest waits 60")


@pytest.mark.django_db
def test_what_is_due_later_is_no_backlog():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES ('default', 'x', now() + interval '10 minutes')"
        )
    assert checks.check_queue().well


@pytest.mark.django_db
def test_the_clocks_are_compared():
    assert checks.check_clock().well


@pytest.fixture
def sms_port(settings):
    """Wire the SMS port to an address."""

    def wire(url):
        ports = copy.deepcopy(settings.PORTS)
        ports["notifications.sms"]["options"] = {"base_url": url, "api_key": "k"}
        settings.PORTS = {"notifications.sms": ports["notifications.sms"]}
        (finding,) = checks.check_ports()
        return finding

    return wire


def test_a_port_that_answers_is_well(sms_port):
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert sms_port(f"http://127.0.0.1:{server.getsockname()[1]}").well


def test_a_port_where_nobody_listens_is_not(sms_port):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    finding = sms_port(f"http://127.0.0.1:{port}")
    assert not finding.well
    assert f"nobody answers at 127.0.0.1:{port}" in finding.words


def test_a_port_without_an_address_says_where_it_is_wired(sms_port):
    finding = sms_port("")
    assert not finding.well
    assert "config/wiring.py" in finding.words


def test_keys_that_others_may_read_are_said(settings, tmp_path):
    key = tmp_path / "documents.key"
    key.write_text("-----BEGIN PRIVATE KEY-----")
    settings.PORTS = {"documents.signer": {"adapter": "", "options": {"directory": str(tmp_path)}}}
    key.chmod(0o600)
    assert checks.check_keys().well
    key.chmod(0o644)
    finding = checks.check_keys()
    assert not finding.well
    assert "chmod 600" in finding.words
