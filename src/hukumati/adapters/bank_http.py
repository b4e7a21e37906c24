"""A bank over HTTP: orders are put under their message id, files are listed by a growing place and fetched one by one, with a bearer key.

PUT /v1/bank/orders/{message_id} takes a pain.001: 200 or 201 when the bank has it, also when it had it before.
GET /v1/bank/files?after={place}&limit={n} lists {"files": [{"place", "name"}]}; GET /v1/bank/files/{place} is a file's bytes.
"""

from __future__ import annotations

from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING

from hukumati.domain.payouts.ports import BankMail, BankUnreachableError
from hukumati.infra.http import Client, OutsideUnreachableError
from hukumati.kernel.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hukumati.infra.http.facts import Response

NAME = "bank"
LIMITS = Limits(connect_seconds=2, total_seconds=30, attempts_max=2, body_bytes_max=64_000_000)
HAS_IT = {HTTPStatus.OK, HTTPStatus.CREATED}
NAME_LENGTH_MAX = 120


class HttpBank:
    """Serves payouts.ports.Bank."""

    def __init__(self, *, base_url: str, api_key: str) -> None:
        self._base_url, self._api_key = base_url, api_key

    @cached_property
    def _client(self) -> Client:
        headers = {"authorization": f"Bearer {self._api_key}"}
        return Client(self._base_url, limits=LIMITS, headers=headers, name=NAME)

    def send_order(self, message_id: str, body: bytes) -> None:
        answer = self._asked("PUT", f"/v1/bank/orders/{message_id}", content=body)
        if answer.status not in HAS_IT:
            raise BankUnreachableError(f"the order was answered with {answer.status}")

    def fetch(self, *, after: int, limit: int) -> Sequence[BankMail]:
        answer = self._asked("GET", f"/v1/bank/files?after={after}&limit={limit}")
        try:
            listed = [(int(one["place"]), str(one["name"])[:NAME_LENGTH_MAX]) for one in answer.json()["files"][:limit]]
        except (ValueError, KeyError, TypeError) as fault:
            raise BankUnreachableError("the list of files is unreadable") from fault
        if not answer.ok or any(place <= after for place, _name in listed):
            raise BankUnreachableError(f"the list of files was answered with {answer.status}")
        return [BankMail(place, name, self._body(place)) for place, name in sorted(listed)]

    def _body(self, place: int) -> bytes:
        answer = self._asked("GET", f"/v1/bank/files/{place}")
        if not answer.ok:
            raise BankUnreachableError(f"a file was answered with {answer.status}")
        return answer.body

    def _asked(self, method: str, path: str, *, content: bytes | None = None) -> Response:
        try:
            if content is None:
                return self._client.request(method, path)
            return self._client.request(method, path, content=content, headers={"content-type": "application/xml"})
        except OutsideUnreachableError as fault:
            raise BankUnreachableError(str(fault)) from fault
