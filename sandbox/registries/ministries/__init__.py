"""What each ministry offers on the exchange, a file for each."""

from sandbox.registries.ministries import development, education, finance, health, interior, personnel, transport
from sandbox.registries.records import Records
from sandbox.registries.xroad import Subsystem

MEMBERS = ("interior", "transport", "gpc", "health", "education", "finance", "development")


def all_subsystems(store: Records) -> list[Subsystem]:
    """Every subsystem of this security server."""
    ministries = (interior, transport, personnel, health, education, finance, development)
    return [subsystem for ministry in ministries for subsystem in ministry.subsystems(store)]
