"""The employees of the demonstration: one for each role at least, with a second factor that the sandbox's authenticator page shows."""

from __future__ import annotations

import base64
import json
import secrets
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from hukumati.config.demo.secrets import write_privately
from hukumati.domain.identity import api as identity
from hukumati.kernel.actor import system
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from datetime import datetime

MEMBERS = Path(__file__).with_name("staff.toml")
SECRET_BYTES = 20
BY = system("demonstration")


def hire(authenticator: Path, *, password: str) -> None:
    """Create those who are missing, and write every secret that is new into the authenticator's file."""
    known: dict[str, dict[str, str]] = (
        {row["login"]: row for row in json.loads(authenticator.read_text())} if authenticator.exists() else {}
    )
    now = timezone.now()
    for member in tomllib.loads(MEMBERS.read_text())["member"]:
        login = member["login"]
        if identity.find_staff_by_login(login) is None:
            secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
            _hire_one(member, password=password, secret=secret, at=now)
            known[login] = {
                "name": f"{member['name']['ar']} · {member['title']['ar']} · {member['title']['en']}",
                "login": login,
                "secret_base32": secret,
            }
            write_privately(authenticator, json.dumps(list(known.values()), ensure_ascii=False, indent=1))


@transaction.atomic
def _hire_one(member: dict[str, Any], *, password: str, secret: str, at: datetime) -> None:
    place = {"institution": member["institution"], "office": member.get("office", "")}
    hired = identity.create_staff(
        login=member["login"], name=Text(**member["name"]), password=password, totp_secret=secret, by=BY, at=at, **place
    )
    for role in member["roles"]:
        identity.grant_role(hired.reference, role=identity.Role(role), by=BY, at=at, **place)
        for institution in member.get("also_for", ()):
            identity.grant_role(
                hired.reference, role=identity.Role(role), institution=institution, office="", by=BY, at=at
            )
