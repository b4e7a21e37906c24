"""The acquirer of the terminals: its list of a day says what terminals printed, by terminal and number; nothing else is asked of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from hukumati.adapters.payment_gateway import TerminalAcquirer
from hukumati.domain.payments.ports import (
    ProviderUnreachableError,
    RawNotice,
    Request,
    SignatureInvalidError,
)
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text
from tests.gateway import gateway, gateway_processes  # noqa: F401
from tests.outside import KEYS

TODAY = datetime.now(ZoneInfo("Asia/Hebron")).date()
pytestmark = pytest.mark.slow


@pytest.fixture
def acquirer(gateway):  # noqa: F811
    made = TerminalAcquirer(base_url=gateway.url, api_key=KEYS["SANDBOX_GATEWAY_API_KEY"])
    yield made
    made._client.close()


def printed(url, **form):
    """The number on a new slip."""
    assert httpx.post(f"{url}/terminal/70000012", data=form).status_code == 303
    return re.findall(r"<th scope=\"row\">(\d{12})</th>", httpx.get(f"{url}/terminal/70000012").text)[0]


def test_a_days_list_has_every_slip_and_what_was_kept_of_it(acquirer, gateway):  # noqa: F811
    taken = printed(gateway.url, amount="25.00")
    back = printed(gateway.url, amount="5.00", back="1")
    lines = {line.reference: line for line in acquirer.list_settled(TODAY)}
    paid, given = lines[f"70000012-{taken}"], lines[f"70000012-{back}"]
    assert (paid.kind, paid.amount_minor, paid.fee_minor, paid.refund_reference) == ("payment", 2500, 25, "")
    assert (given.kind, given.amount_minor, given.fee_minor) == ("refund", 500, 0)
    assert given.refund_reference == f"70000012-{back}"
    assert acquirer.list_settled(TODAY - timedelta(days=30)) == []


def test_an_acquirer_that_is_down_is_told_so(acquirer, gateway):  # noqa: F811
    gateway.control(down=True)
    with pytest.raises(ProviderUnreachableError):
        acquirer.list_settled(TODAY)


def test_nothing_is_begun_there_and_no_notice_is_believed(acquirer):
    asked = Request("T-1", Money(100), Text("x", "x"), "ar", "http://127.0.0.1:9/")
    with pytest.raises(ProviderUnreachableError):
        acquirer.start(asked)
    with pytest.raises(SignatureInvalidError):
        acquirer.read_notice(RawNotice(body=b"{}", headers={}, received_at=datetime.now(ZoneInfo("UTC"))))
