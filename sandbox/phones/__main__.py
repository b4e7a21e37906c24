"""python -m sandbox.phones --data-dir D [--port N] [--smtp-port N]"""

import os
from pathlib import Path

from sandbox.phones.app import create_app
from sandbox.serving import address, arguments, bound_socket, needed, serve

if __name__ == "__main__":
    given = arguments("phones", extra_ports=("smtp-port",))
    keys = needed("SANDBOX_SMS_API_KEY")
    bound, smtp = bound_socket(given.port), bound_socket(given.smtp_port)
    staff = os.environ.get("SANDBOX_AUTHENTICATOR_FILE")
    app = create_app(
        given.data_dir,
        api_key=keys["SANDBOX_SMS_API_KEY"],
        smtp=smtp,
        staff_file=Path(staff) if staff else None,
    )
    serve("phones", app, bound=bound, ready={"smtp": address(smtp)}, end_with_stdin=given.end_with_stdin)
