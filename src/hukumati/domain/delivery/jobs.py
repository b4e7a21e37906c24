"""Background entry points of delivery."""

from __future__ import annotations

from django.utils.timezone import now

from hukumati.domain.delivery import actions
from hukumati.infra.jobs import every


@every("*/15 * * * *")
def expire_pick_ups(timestamp: int) -> None:  # noqa: ARG001  (the clock tells every job its second)
    actions.expire_pick_ups(at=now())
