"""What ministries were told: each message once, kept so that later reads show it."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from sandbox import moments
from sandbox.bodies import Refusal
from sandbox.registries.xroad import ProtocolError
from sandbox.sqlite_file import transaction

WRITES_SCHEMA = """
create table if not exists writes (
    position integer primary key, key text not null unique, service text not null, national_id text not null,
    body text not null, answer text not null, at text not null
);
create index if not exists writes_by_person on writes (national_id, service);
"""
type Facts = dict[str, Any]

REFUSED, LOST = "refused", "lost"


class Writes:
    """The journal of what was written, by person and service (member/subsystem/service)."""

    def __init__(self, file: sqlite3.Connection, trouble: Callable[[], str] = str) -> None:
        self.file, self.trouble = file, trouble

    def once(self, key: str, service: str, national_id: str, body: Facts, decide: Callable[[], Facts]) -> Facts:
        """The answer that this key got before, or what is decided now. A refusal leaves no trace: it may be asked again."""
        said = json.dumps(body, sort_keys=True, ensure_ascii=False)
        with transaction(self.file):
            known = self.file.execute("select * from writes where key = ?", (key,)).fetchone()
            if known is not None:
                if (known["service"], known["national_id"], known["body"]) != (service, national_id, said):
                    raise Refusal(409, "idempotency_key_used", "This key was used for another message.")
                return self._answered(json.loads(known["answer"]))
            if self.trouble() == REFUSED:
                raise Refusal(409, "registry.refused", "The registry does not enter this.")
            answer = decide()
            self.file.execute(
                "insert into writes (key, service, national_id, body, answer, at) values (?, ?, ?, ?, ?, ?)",
                (key, service, national_id, said, json.dumps(answer, ensure_ascii=False), moments.iso(moments.now())),
            )
        return self._answered(answer)

    def _answered(self, answer: Facts) -> Facts:
        """The answer goes its way, unless it is to be lost: then it was written and nobody hears of it."""
        if self.trouble() == LOST:
            raise ProtocolError("Server.ServerProxy.NetworkError", "The service's answer did not arrive")
        return answer

    def answers(self, service: str, national_id: str) -> list[Facts]:
        """The attributes that this service answered about a person, oldest first."""
        rows = self.file.execute(
            "select answer from writes where national_id = ? and service = ? order by position", (national_id, service)
        )
        return [json.loads(row["answer"])["attributes"] for row in rows]
