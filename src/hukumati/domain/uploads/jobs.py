"""Background entry points of uploads."""

from __future__ import annotations

from django.utils.timezone import now

from hukumati.domain.uploads import actions
from hukumati.infra.jobs import every


@every("*/20 * * * *")
def end_given_up(timestamp: int) -> None:  # noqa: ARG001  (the clock tells every job its second)
    actions.end_given_up(at=now())
