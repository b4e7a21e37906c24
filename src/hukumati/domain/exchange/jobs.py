"""What the clock starts: looking whether registries answer."""

from __future__ import annotations

from datetime import UTC, datetime

from hukumati.domain.exchange import watch
from hukumati.infra.jobs import every


@every("* * * * * */10")
def check_registries(timestamp: int) -> None:
    """Try each service of each registry, so that pages need not wait for one."""
    watch.check_all(at=datetime.fromtimestamp(timestamp, UTC))
