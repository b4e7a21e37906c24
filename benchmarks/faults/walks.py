"""A share of the payments as citizens make them: whole applications over HTTP, from the sign-up to the document."""

from __future__ import annotations

import contextlib
import threading
import time

import httpx
import psycopg

from tests.faults.walker import Walker
from tests.people import People
from tests.state import State

TROUBLE = (httpx.HTTPError, AssertionError, psycopg.Error, KeyError, IndexError, ValueError, StopIteration)
STEP_SECONDS_MAX = 60.0


class Walks:
    """One citizen after another, each trying each step again until it is through."""

    def __init__(self, installation, count: int) -> None:
        self.state, self.count = State(installation), count
        self.people = People(self.state)
        self.paid: list[str] = []
        self.begun = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        if self.count:
            self.thread.start()

    def end(self, seconds: float) -> None:
        if self.count:
            self.thread.join(seconds)
            self.over.set()
            self.thread.join(STEP_SECONDS_MAX)

    def _run(self) -> None:
        while len(self.paid) < self.count and not self.over.is_set():
            self.begun += 1
            with contextlib.suppress(*TROUBLE):
                self._walk()

    def _walk(self) -> None:
        self.state.query("DELETE FROM identity_spending RETURNING key")  # all citizens of the run have one address
        walker = Walker(self.state, self.people)
        try:
            charge = walker.apply()
            self._again(lambda: self._pay(walker, charge))
            self.paid.append(walker.case)
        finally:
            walker.close()

    def _pay(self, walker: Walker, charge: str) -> bool:
        """Through the page of ways to pay to the bank's and back; True once the bank has the money."""
        if self._charged(charge):
            return True
        handoff = walker.choose_card(charge)
        if handoff.status_code == 303:
            walker.pay_at_bank(handoff.headers["location"])
        walker.client.get(f"/pay/{charge}/return/")
        return self._charged(charge)

    def _charged(self, charge: str) -> bool:
        return self.state.query("SELECT state FROM payments_charge WHERE reference = %s", charge) == [("paid",)]

    def _again(self, step) -> None:
        deadline = time.monotonic() + STEP_SECONDS_MAX
        while time.monotonic() < deadline and not self.over.is_set():
            with contextlib.suppress(*TROUBLE):
                if step():
                    return
            time.sleep(0.2)
        raise AssertionError("not paid in time")

    def without_document(self, *, seconds: float) -> list[str]:
        """Cases whose fee is paid and that have no document, once the worker had time."""
        deadline = time.monotonic() + seconds
        while (left := self._left()) and time.monotonic() < deadline:
            time.sleep(0.5)
        return left

    def _left(self) -> list[str]:
        rows = self.state.query(
            "SELECT a.reference FROM applications_application a JOIN payments_charge c ON c.about = a.reference AND c.state = 'paid'"
            " WHERE NOT EXISTS (SELECT 1 FROM documents_document d JOIN documents_documentnumber n ON n.id = d.number_id WHERE n.about = a.reference)"
        )
        return [reference for (reference,) in rows]
