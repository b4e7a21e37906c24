"""What the clock starts: looking whether registries answer."""

from __future__ import annotations

from datetime import UTC, datetime

from hukumati.domain.exchange import registries, watch
from hukumati.infra.jobs import every


@every("* * * * * */10")
def check_registries(timestamp: int) -> None:
    """Try each registry, so that pages need not wait for one."""
    for registry in registries.list_registries():
        watch.check_now(registry.registry, at=datetime.fromtimestamp(timestamp, UTC))
