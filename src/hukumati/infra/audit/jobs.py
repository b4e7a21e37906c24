"""The daily sweep. The seal of every second is called by the worker itself (settings.EACH_SECOND)."""

from __future__ import annotations

from django.utils.timezone import now

from hukumati.infra.audit import sealing
from hukumati.infra.jobs import every


@every("40 3 * * *")
def seal_stragglers(timestamp: int) -> None:  # noqa: ARG001  (the clock tells every job its second)
    sealing.seal_stragglers(now())
