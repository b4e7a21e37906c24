"""The `hukumati` command: what operators and developers type. Thin over Django's commands; mistakes are answered in words, not tracebacks."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

SETTINGS = "hukumati.config.settings.production"
# Of Django's own and its apps' commands, those an operator of this platform has a use for; the others stay reachable.
DJANGO = {
    "migrate": "bring the tables up to what this version expects",
    "services": "list, check and publish services",
    "staff": "employees' accounts: list, add, grant, revoke, close, reset",
    "audit": "verify the audit record, prove a line",
    "backtest": "what a folder's fees and eligibility would have changed for past cases",
    "books": "whether ledger and payments add up; close days, export certificates",
    "policy": "load the first payment policy; show the one in force",
    "bank": "take files from banks; compare bank, providers and books",
    "check": "whether the settings are sound; --deploy for a real installation",
    "collectstatic": "gather the static files",
    "shell": "Python with everything loaded",
    "dbshell": "psql on our database",
    "clearsessions": "remove sessions that ended",
    "procrastinate": "look into the queues",
}


class Commands(click.Group):
    """Our commands, then Django's."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        ours = super().get_command(ctx, cmd_name)
        if ours is not None:
            return ours
        if cmd_name in DJANGO or cmd_name in _django_commands():
            return _pass_through(cmd_name)
        return None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *DJANGO]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if self.get_command(ctx, name) is None:
            near = get_close_matches(name, {*self.commands, *DJANGO, *_django_commands()}, n=3)
            hint = f" Did you mean: {', '.join(near)}?" if near else ""
            raise click.UsageError(f"there is no command {name!r}.{hint} `hukumati --help` lists them.")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--demo", "in_demonstration", is_flag=True, help="speak to the demonstration that runs on this machine")
def hukumati(*, in_demonstration: bool) -> None:
    """Hukumati, the national e-services platform."""
    if in_demonstration:
        from hukumati.config.demo.supervisor import read_environment

        os.environ.update(read_environment())


@hukumati.command()
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    help="where the portal listens; 8000 or the next free one when not given",
)
@click.option("--reset", is_flag=True, help="empty it: database, documents, keys and simulators")
def demo(port: int | None, *, reset: bool) -> None:
    """Run the whole State on this machine, with invented people."""
    from hukumati.config.demo import supervisor
    from hukumati.config.demo.addresses import NoFreePortError

    try:
        if reset:
            supervisor.reset()
            click.echo("فُرّغت النسخة التجريبية · the demonstration is empty")
        else:
            sys.exit(supervisor.run(port=port))
    except (supervisor.AlreadyRunningError, NoFreePortError) as fault:
        raise click.ClickException(str(fault)) from None


@hukumati.command()
@click.argument("service")
def preview(service: str) -> None:
    """Look at one service folder as citizens would, in a State of its own that is thrown away at the end. Publishes nothing."""
    from hukumati.config.demo import preview as previews

    try:
        sys.exit(previews.run(service))
    except previews.NoFolderError as fault:
        raise click.ClickException(str(fault)) from None


@hukumati.command("verify-books")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--trust",
    "trusted",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="the certificate (PEM) of the key that signs the books, or of who issued it",
)
def verify_books(folder: Path, trusted: Path) -> None:
    """Judge daily balance certificates without a database: signatures, chain, sums, and every figure where the day's postings lie beside."""
    from cryptography import x509

    from hukumati.domain.ledger import verification

    try:
        anchor = x509.load_pem_x509_certificate(trusted.read_bytes())
    except ValueError:
        raise click.ClickException(f"{trusted} holds no certificate in PEM") from None
    judgement = verification.judge_folder(folder, trusted=anchor)
    for fault in judgement.faults:
        click.echo(f" BAD {fault}")
    read = f"{judgement.days} days ({judgement.first} to {judgement.last})" if judgement.days else "no day"
    click.echo(f"{read}, {judgement.recomputed} of them computed again from {judgement.postings} postings")
    if judgement.faults:
        raise click.ClickException("The books do NOT hold.")
    click.echo("The books hold.")


@hukumati.command()
@click.option("--queue", "queues", multiple=True, help="take from this queue only; may be given several times")
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="jobs at a time")
@click.option("--until-empty", is_flag=True, help="end when no job is left")
def worker(queues: Sequence[str], concurrency: int, *, until_empty: bool) -> None:
    """Do the background work: jobs, what the clock starts, the sealing of the audit record."""
    _set_up_django(serving=True)
    from hukumati.infra.jobs import runner

    runner.run(queues=queues or None, concurrency=concurrency, wait=not until_empty)


@hukumati.command()
def doctor() -> None:
    """Say in plain words how this installation is. The exit status is 1 when something is not well."""
    _set_up_django()
    from hukumati.infra import health

    findings = []
    for finding in health.check_all():
        click.echo(f"{'  ok ' if finding.well else ' BAD '} {finding.name:<22} {finding.words}")
        findings.append(finding)
    unwell = sum(not finding.well for finding in findings)
    click.echo(f"{unwell} of {len(findings)} need attention" if unwell else "all is well")
    sys.exit(1 if unwell else 0)


def _pass_through(name: str) -> click.Command:
    @click.command(
        name,
        help=DJANGO.get(name),
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False},
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        _set_up_django()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["hukumati", name, *arguments])

    return command


def _django_commands() -> dict[str, Any]:
    try:
        _set_up_django()
    except click.ClickException:
        return {}
    from django.core.management import get_commands

    return dict(get_commands())


def _set_up_django(*, serving: bool = False) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        if not serving:
            # A person waits: no pool that keeps trying for ten seconds before it says that nobody answers.
            settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
        django.setup()
    except KeyError as missing:
        raise click.ClickException(
            f"the environment lacks {missing.args[0]}; a real installation sets it, `hukumati demo` makes its own"
        ) from None
    except ImproperlyConfigured as fault:
        raise click.ClickException(str(fault)) from None


def main() -> None:
    """Entry point."""
    try:
        hukumati(prog_name="hukumati", standalone_mode=True)
    except Exception as fault:
        if _is_operators_business(fault):
            click.echo(f"hukumati: {str(fault).strip().partition(chr(10))[0]}; `hukumati doctor` says more", err=True)
            sys.exit(1)
        raise


def _is_operators_business(fault: Exception) -> bool:
    """No database, no table: the operator mends these, and a traceback would only hide what to do."""
    if "django" not in sys.modules:
        return False
    from django.db import OperationalError, ProgrammingError

    return isinstance(fault, (OperationalError, ProgrammingError))


if __name__ == "__main__":
    main()
