"""What every test stands on: one PostgreSQL for the run with a database for each process, and no network but this machine's."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from hukumati.infra.db import embedded

_running: list[tuple[embedded.EmbeddedServer, Path]] = []


def pytest_configure(config):
    if "DATABASE_URL" not in os.environ and not hasattr(config, "workerinput"):
        home = Path(tempfile.mkdtemp(prefix="hukumati-test-"))
        server = embedded.start(home / "data", forgetful=True)
        _running.append((server, home))
        os.environ["DATABASE_URL"] = server.url()
        _tell_django(os.environ["DATABASE_URL"])


def _tell_django(url):
    """pytest-django has read the settings before any conftest was loaded."""
    from django.db import connections

    from hukumati.config.settings.base import database_from_url

    address = {key: value for key, value in database_from_url(url).items() if key in {"NAME", "USER", "PASSWORD", "HOST", "PORT"}}
    connections.databases["default"].update(address)


def pytest_unconfigure(config):
    while _running:
        server, home = _running.pop()
        embedded.stop(server)
        shutil.rmtree(home, ignore_errors=True)
        os.environ.pop("DATABASE_URL", None)


@pytest.fixture(scope="session", autouse=True)
def _flush_passes_the_append_only_guards():
    """Between tests with real transactions the tables are emptied, which the database rightly refuses to anybody else."""
    from django.db import transaction
    from django.db.backends.postgresql.operations import DatabaseOperations

    def execute_sql_flush(self, sql_list):
        with transaction.atomic(using=self.connection.alias), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for sql in sql_list:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield
