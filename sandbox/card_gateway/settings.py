"""What the gateway needs to know."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GatewaySettings:
    """Keys and neighbours, from the environment."""

    api_key: str
    hmac_key: str
    sms_url: str
    sms_api_key: str
    notice_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")
