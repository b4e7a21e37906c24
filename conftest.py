"""What every test stands on: one PostgreSQL for the run with a database for each process, and no network but this machine's."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

from hukumati.config.messages import compile_messages
from hukumati.infra.db import embedded

pytest_plugins = ["tests.state", "tests.people", "tests.browser"]

# A loaded machine is no fault of a rule: no example is failed for the time it took.
hypothesis.settings.register_profile("steady", deadline=None, max_examples=50)
hypothesis.settings.load_profile("steady")

_running: list[tuple[embedded.EmbeddedServer, Path]] = []


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        _compile_what_people_read()
    if "DATABASE_URL" not in os.environ and not hasattr(config, "workerinput"):
        home = Path(tempfile.mkdtemp(prefix="hukumati-test-"))
        server = embedded.start(home / "data", forgetful=True)
        _running.append((server, home))
        os.environ["DATABASE_URL"] = server.url()
        _tell_django(os.environ["DATABASE_URL"])


def _compile_what_people_read():
    """The Arabic of a fresh clone, and newer texts of an older one. pytest-django has looked for them before any conftest was loaded."""
    from django.utils.translation import trans_real

    compile_messages()
    trans_real._translations.clear()
    trans_real._default = None


def _tell_django(url):
    """pytest-django has read the settings before any conftest was loaded."""
    from django.db import connections

    from hukumati.config.settings.base import database_from_url

    address = {
        key: value
        for key, value in database_from_url(url).items()
        if key in {"NAME", "USER", "PASSWORD", "HOST", "PORT"}
    }
    connections.databases["default"].update(address)


def pytest_unconfigure(config):
    while _running:
        server, home = _running.pop()
        embedded.stop(server)
        shutil.rmtree(home, ignore_errors=True)
        os.environ.pop("DATABASE_URL", None)


EMPTY_TABLES = """
DO $$
DECLARE name text; filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'
    AND tablename NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || name || ')' INTO filled;
    IF filled THEN EXECUTE 'DELETE FROM ' || name; END IF;
  END LOOP;
END $$
"""


@pytest.fixture(scope="session", autouse=True)
def _tests_with_real_transactions_leave_empty_tables():
    """Emptied as the database's owner, past the append-only guards; deleting what is there takes a tenth of Django's own flush."""
    from django.db import connection
    from django.test import TransactionTestCase

    def empty(_case):
        with connection.cursor() as cursor:
            cursor.execute(EMPTY_TABLES)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture(autouse=True)
def _each_test_begins_in_arabic():
    """A page that was asked for in English leaves its language in the thread: addresses made afterwards would begin with /en/."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & {"browser", "open_page"}:
            item.add_marker(pytest.mark.browser)
        if "running_state" in names:
            # Two processes start the whole, once each: the gate looks at pages for as long as everybody else walks.
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("gate" if item.get_closest_marker("axe") else "state"))
