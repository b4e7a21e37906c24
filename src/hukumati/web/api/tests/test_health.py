"""Health for machines."""

from __future__ import annotations

import pytest


def test_alive_needs_nothing(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"alive\n", "no-store")


@pytest.mark.django_db
def test_ready_when_database_and_tables_are_there(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "database": True, "migrations": True})


def test_other_methods_are_refused(client):
    assert client.post("/healthz").status_code == 405
