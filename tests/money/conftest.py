"""The card provider in memory, as the tests of payments have it."""

from __future__ import annotations

from hukumati.domain.payments.tests.conftest import provider  # noqa: F401
