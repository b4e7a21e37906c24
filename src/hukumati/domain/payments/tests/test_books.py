"""The command that auditors run."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hukumati.domain.payments.tests.builders import a_charge, pay_cash

pytestmark = pytest.mark.django_db


def said(task):
    out = io.StringIO()
    call_command("books", task, stdout=out)
    return out.getvalue()


def test_sound_books_add_up():
    pay_cash(a_charge())
    assert said("check") == "The books add up.\n"
    assert "25.00 ILS" in said("balances")


def test_a_line_changed_behind_the_guards_is_named():
    pay_cash(a_charge())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_postingline SET amount_minor = 1 WHERE amount_minor = 500")
        cursor.execute("SET LOCAL session_replication_role = origin")
    out = io.StringIO()
    with pytest.raises(CommandError, match="NOT"):
        call_command("books", "check", stdout=out)
    assert "ledger.posting_unbalanced: L-2026" in out.getvalue()
