"""`staff list|add|grant|revoke|close|reset`: employees' accounts from the command line, in plain words."""

from __future__ import annotations

import getpass
import secrets
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hukumati.domain.identity import actions, queries
from hukumati.domain.identity.facts import AccountExists, Role
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.kernel.national_id import NationalId, NationalIdMalformed
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from hukumati.domain.identity.facts import StaffFacts


class Command(BaseCommand):
    """Thin: parses, calls one action, prints."""

    help = "Employees' accounts: list, add, grant, revoke, close, reset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="who may come in, and with which roles").add_argument("--institution", default="")
        add = verbs.add_parser("add", help="open an account; prints its first password once")
        add.add_argument("login", help="staff code, for example interior.clerk")
        for name in ("--name-ar", "--name-en", "--institution"):
            add.add_argument(name, required=True)
        add.add_argument("--office", default="")
        add.add_argument(
            "--national-id", required=True, help="kept as a keyed hash: nobody decides on a case of their own"
        )
        for verb, words in (("grant", "give a role"), ("revoke", "end a role")):
            role = verbs.add_parser(verb, help=words)
            role.add_argument("login")
            role.add_argument("role", choices=[role.value for role in Role])
            role.add_argument("--institution", required=True)
            role.add_argument("--office", default="")
        verbs.add_parser("close", help="the employee left: no sign-in any more").add_argument("login")
        verbs.add_parser("reset", help="the second factor was lost: set up anew at the next sign-in").add_argument(
            "login"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        getattr(self, f"_{options['verb']}")(**options)

    def _list(self, *, institution: str, **_options: Any) -> None:
        for staff in queries.list_staff(institution=institution):
            roles = ", ".join(sorted(f"{held.role}@{held.institution}/{held.office or '*'}" for held in staff.scopes))
            self.stdout.write(f"{staff.login}  {staff.reference}  {staff.name.ar} · {staff.name.en}  {roles or '-'}")

    def _add(self, *, login: str, **options: Any) -> None:
        password = secrets.token_urlsafe(15)
        try:
            actions.create_staff(
                login=login,
                name=Text(options["name_ar"], options["name_en"]),
                institution=options["institution"],
                office=options["office"],
                password=password,
                totp_secret=None,
                national_id=_national_id(options["national_id"]),
                by=_operator(),
                at=timezone.now(),
            )
        except AccountExists:
            raise CommandError(f"there is an account {login} already") from None
        self.stdout.write(f"{login} may sign in at /desk/sign-in/ with this password, shown only now: {password}")
        self.stdout.write("The first sign-in sets up the second factor. Give a role with: hukumati staff grant")

    def _grant(self, *, login: str, role: str, **options: Any) -> None:
        actions.grant_role(
            _find(login).reference, role=Role(role), **_scope(options), by=_operator(), at=timezone.now()
        )
        self.stdout.write(f"{login} is {role} now")

    def _revoke(self, *, login: str, role: str, **options: Any) -> None:
        actions.revoke_role(
            _find(login).reference, role=Role(role), **_scope(options), by=_operator(), at=timezone.now()
        )
        self.stdout.write(f"{login} is {role} no more")

    def _close(self, *, login: str, **_options: Any) -> None:
        actions.close_staff(_find(login).reference, by=_operator(), at=timezone.now())
        self.stdout.write(f"{login} can no longer sign in; every session ended")

    def _reset(self, *, login: str, **_options: Any) -> None:
        actions.forget_second_factors(_find(login).reference, by=_operator(), at=timezone.now())
        self.stdout.write(f"{login} sets up a second factor at the next sign-in; every session ended")


def _national_id(typed: str) -> NationalId:
    try:
        return NationalId.parse(typed)
    except NationalIdMalformed:
        raise CommandError("an ID number has nine digits") from None


def _find(login: str) -> StaffFacts:
    staff = queries.find_staff_by_login(login.strip().lower())
    if staff is None:
        raise CommandError(f"there is no open staff account {login}; `hukumati staff list` shows them")
    return staff


def _scope(options: dict[str, Any]) -> dict[str, str]:
    return {"institution": options["institution"], "office": options["office"]}


def _operator() -> Actor:
    """Who sits at this machine, as far as the machine knows."""
    return Actor(ActorKind.SYSTEM, f"command:{getpass.getuser()}")
