"""python -m sandbox.card_gateway --data-dir D [--port N]"""

import os

from sandbox.card_gateway.app import create_app
from sandbox.card_gateway.settings import GatewaySettings
from sandbox.serving import arguments, bound_socket, needed, serve

if __name__ == "__main__":
    given = arguments("card_gateway")
    keys = needed("SANDBOX_GATEWAY_API_KEY", "SANDBOX_GATEWAY_HMAC_KEY", "SANDBOX_SMS_URL", "SANDBOX_SMS_API_KEY")
    more_hosts = tuple(host for host in os.environ.get("SANDBOX_NOTICE_HOSTS", "").split(",") if host)
    settings = GatewaySettings(
        api_key=keys["SANDBOX_GATEWAY_API_KEY"],
        hmac_key=keys["SANDBOX_GATEWAY_HMAC_KEY"],
        sms_url=keys["SANDBOX_SMS_URL"].rstrip("/"),
        sms_api_key=keys["SANDBOX_SMS_API_KEY"],
        notice_hosts=(*GatewaySettings.notice_hosts, *more_hosts),
    )
    bound = bound_socket(given.port)
    app = create_app(given.data_dir, settings)
    serve("card_gateway", app, bound=bound, ready={}, end_with_stdin=given.end_with_stdin)
