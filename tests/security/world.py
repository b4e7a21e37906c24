"""A small country for these tests: one citizen with something of everything, strangers beside her, and every kind of employee.

It is built once for a module, in one transaction inside which each test is rolled back. Tests carry `pytest.mark.django_db`.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.utils.timezone import now

from hukumati.domain.catalogue import api as catalogue
from hukumati.domain.catalogue.tests.builders import AUTHOR, folder_of
from hukumati.domain.delivery import api as delivery
from hukumati.domain.documents import api as documents
from hukumati.domain.identity import api as identity
from hukumati.domain.identity.tests.builders import a_staff, sign_in
from hukumati.domain.ledger import api as ledger
from hukumati.domain.notifications import api as notifications
from hukumati.domain.payments import api as payments
from hukumati.domain.payouts import api as payouts
from hukumati.domain.payouts.tests.orders import IBANS, ONE, approved, earned, moved, proposed, registered
from hukumati.domain.policies.tests.builders import a_policy, an_owner, load, propose
from hukumati.domain.treasury import api as treasury
from hukumati.domain.treasury.tests.banks import entry, statement
from hukumati.domain.uploads import api as uploads
from hukumati.domain.uploads.tests.builders import PORTRAIT, a_portrait
from hukumati.kernel.actor import Actor, ActorKind, system
from hukumati.kernel.money import Money
from hukumati.kernel.reference import new_reference
from hukumati.processes.applications import api as applications
from hukumati.processes.applications.actions import progress
from hukumati.processes.applications.models import Application, Confirmation
from hukumati.processes.applications.tests.births import BIRTH
from hukumati.processes.applications.tests.builders import (
    ANSWERS,
    CERTIFICATE,
    LICENCE,
    OMAR,
    RAZAN,
    a_draft,
    a_filed_case,
    a_person_of_the_cast,
    acting,
    acting_staff,
    published,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

OFFICE, OTHER_OFFICE, POST_OFFICE, OTHER_POST_OFFICE = (
    "interior-ramallah",
    "interior-nablus",
    "post-ramallah",
    "post-nablus",
)
AT_COUNTER = {**ANSWERS, "receiving": {"pick_up": "counter", "office": OFFICE}}
SESSIONS = {"django_session", "usersessions_usersession"}
POST_ROLES = {"cashier", "postal_clerk"}


class World:
    """Who is there, and what is whose: `world.owner`, `world.staff["clerk"]`, `world.of["to_pay"]`."""

    def __init__(self) -> None:
        self.handler = ClientHandler(enforce_csrf_checks=False)
        for service in (CERTIFICATE, LICENCE):
            published(service)
        self.owner, self.stranger = a_person_of_the_cast(OMAR), a_person_of_the_cast(RAZAN)
        self.staff = {
            str(role): a_staff(
                role=role,
                institution="telecom" if role in POST_ROLES else "interior",
                office=POST_OFFICE if role in POST_ROLES else "" if role == identity.Role.SERVICE_OWNER else OFFICE,
            )
            for role in identity.Role
        }
        self.staff |= {
            "clerk_elsewhere": a_staff(role="clerk", institution="transport", office="transport-ramallah"),
            "clerk_of_other_office": a_staff(role="clerk", institution="interior", office=OTHER_OFFICE),
            "supervisor_elsewhere": a_staff(role="supervisor", institution="transport", office="transport-ramallah"),
            "service_owner_elsewhere": a_staff(role="service_owner", institution="transport", office=""),
            "cashier_elsewhere": a_staff(role="cashier", institution="telecom", office=OTHER_POST_OFFICE),
        }
        self.of: dict[str, str] = {}
        why = {"why": "a test needs it", "by": AUTHOR, "at": now()}
        self._books()
        self.of["policy"] = self._policy()
        self._payouts()
        self.of["difference"] = self._difference()
        self.of["proposal"] = catalogue.propose(folder_of("interior.civil_extract"), **why).reference
        self._cases()
        self._confirmation()
        self._money()
        self.uploads = {name: self._handed_in(self.of[name]) for name in ("draft", "in_review")}
        self._documents()
        self._account()
        self.cookies = {name: _cookies_of(person) for name, person in self.people.items()}
        self.digest = digest_of(_all_tables())

    @property
    def people(self) -> dict[str, Any]:
        return {"owner": self.owner, "stranger": self.stranger, **self.staff}

    def _books(self) -> None:
        """A day that ended and is certified."""
        before = now() - timedelta(days=2)
        sides = (("provider:card", 100), ("revenue:interior:certificates", -100))
        lines = [ledger.Line(account, Money(minor), "A-1", "demo-tariff", "1") for account, minor in sides]
        earned(5_000, at=before)
        earned(4_000, institution="health", at=before)
        moved("bank:collection-ils", "provider:card", 100, at=before)
        self.of["posting"] = ledger.post("C-old", lines, kind="test", at=before)
        self.of["certified_day"] = ledger.close_days(by=system("test"), at=now())[0].isoformat()

    def _payouts(self) -> None:
        """One order that was given, another that waits, and an account that waits."""
        registered(valid_from=now().date() - timedelta(days=1))
        self.of["payout_ordered"] = approved(proposed(at=now()), at=now()).reference
        registered("health", valid_from=now().date() - timedelta(days=1))
        self.of["payout"] = proposed(at=now()).reference
        waiting = {"iban": IBANS["transport"], "currency": "ILS", "instrument": "demo-revenue", "article": "4"}
        self.of["beneficiary"] = payouts.propose_beneficiary(
            "transport", **waiting, valid_from=now().date(), by=ONE, at=now()
        ).reference

    def _policy(self) -> str:
        """One rules, another waits for a second person."""
        load(at=now())
        return str(propose(a_policy("cash", "card", "wallet", "transfer"), base=1, by=an_owner(), at=now()).number)

    def _difference(self) -> str:
        """The bank booked what fits nothing."""
        body = statement(entry("E-1", "31.00", remittance="?", booked="2026-11-01"), day="2026-11-01")
        treasury.take_file(body, name="statement.xml", by=system("test"), at=now())
        unknown = treasury.list_differences()[0].reference
        later = statement(opening="99.00", number="ST-2", day="2026-11-02")
        treasury.take_file(later, name="statement.xml", by=system("test"), at=now())
        treasury.match(at=now())
        [gap] = treasury.list_differences(kind=treasury.DifferenceKind.STATEMENT_GAP)
        self.of["gap"] = gap.reference
        return unknown

    def _cases(self) -> None:
        omar, by = self.owner, acting(self.owner)
        self.of["empty_draft"] = applications.start(CERTIFICATE, citizen=omar, by=by, at=now()).reference
        draft = a_draft(omar)
        self.of["draft"], self.revision = draft.reference, draft.revision
        self.of["help"] = self._help(draft)
        to_pay = a_filed_case(omar)
        self.of["to_pay"] = to_pay.reference
        self.of["charge"] = payments.find_open_charge(to_pay.reference).reference
        self.of["queued"] = applications.ask_later(LICENCE, typed={}, citizen=omar, by=by, at=now()).reference
        self.of["inquiry"] = applications.ask(LICENCE, citizen=omar, by=by, at=now()).reference

    def _confirmation(self) -> None:
        """The stranger has asked for the owner's word."""
        razan, at = self.stranger, now()
        published(BIRTH)
        asking = applications.start(BIRTH, citizen=razan, by=acting(razan), at=at)
        case = Application.objects.get(reference=asking.reference)
        case.state, case.submitted_at, case.promised_at = "to_confirm", at, at
        case.save()
        fixed = {
            "asked": {"first_name_ar": "سلمى"},
            "digest": "0" * 64,
            "asked_at": at,
            "until": at + timedelta(days=7),
        }
        asked = Confirmation.objects.create(
            reference=new_reference("Y", year=at.year), application=case, party_id=OMAR, tie="spouse",
            name_ar=self.owner.name.ar, name_en=self.owner.name.in_("en"), **fixed,
        )  # fmt: skip
        self.of["confirmation"] = asked.reference

    def _money(self) -> None:
        """A drawer is open, one was closed, one fee was taken, one must be given back."""
        cashier = acting_staff(self.staff["cashier"])
        closed = payments.open_drawer(office=POST_OFFICE, float_minor=0, by=cashier, at=now()).reference
        payments.close_drawer(closed, counted=Money(0), by=cashier, at=now())
        self.of["closed_drawer"] = closed
        self.of["drawer"] = payments.open_drawer(office=POST_OFFICE, float_minor=10_000, by=cashier, at=now()).reference
        elsewhere = acting_staff(self.staff["cashier_elsewhere"])
        self.of["other_drawer"] = payments.open_drawer(
            office=OTHER_POST_OFFICE, float_minor=0, by=elsewhere, at=now()
        ).reference
        self.cash_code = self._cash_code(self.of["charge"])
        for name in ("in_review", "taken", "returned", "refused"):
            self.of[name] = self._paid(a_filed_case(self.owner))
        clerk = acting_staff(self.staff["clerk"])
        for name in ("taken", "returned", "refused"):
            applications.take(self.of[name], by=clerk, at=now())
        applications.return_for_correction(self.of["returned"], reason="اختر لغة واحدة", by=clerk, at=now())
        applications.refuse(self.of["refused"], reason="القيد ملغى", by=clerk, at=now())
        [charge] = payments.list_charges(self.of["refused"])
        self.of["receipt"] = charge.receipt_reference
        self.of["paid_charge"] = charge.reference
        [refund] = payments.list_refunds(charge.reference)
        self.of["refund"] = refund.reference
        self.of["charge_of_taken"] = payments.list_charges(self.of["taken"])[0].reference
        [waiting] = payments.list_charges(self.of["in_review"])
        proposer = Actor(ActorKind.STAFF, "W-2026-TREASUR2", roles=frozenset({"treasurer"}))
        proposing = {"amount": Money(100), "why": payments.RefundWhy.OTHER, "words": "a test needs it"}
        self.of["refund_proposal"] = payments.propose_refund(
            waiting.reference, **proposing, by=proposer, at=now()
        ).reference
        self.refund_code = payments.renew_refund_code(
            refund.reference, payer=self.owner.account_id, by=acting(self.owner), at=now()
        ).code

    def _help(self, draft: applications.ApplicationFacts) -> str:
        """The clerk helps with the draft, as its owner allowed."""
        offered = applications.offer_help(draft, by=acting(self.owner), at=now())
        asked = applications.ask_to_help(offered.code, by=acting_staff(self.staff["clerk"]), at=now())
        applications.allow_help(draft, reference=asked.reference, by=acting(self.owner), at=now())
        return asked.reference

    def _cash_code(self, charge: str) -> str:
        return payments.start_attempt(
            charge, payments.Wish(payments.Way.CASH, return_url="", language="ar"), by=acting(self.owner), at=now()
        ).pay_code

    def _paid(self, case: applications.ApplicationFacts) -> str:
        code = self._cash_code(payments.find_open_charge(case.reference).reference)
        receipt = payments.take_cash(code, drawer=self.of["drawer"], by=acting_staff(self.staff["cashier"]), at=now())
        progress.confirm_payment(case.reference, receipt=receipt.reference, at=now())
        return case.reference

    def _documents(self) -> None:
        """One to download, one whose copy waits at the counter."""
        clerk = acting_staff(self.staff["clerk"])
        for name, answers in (("document", ANSWERS), ("counter_document", AT_COUNTER)):
            case = self._paid(a_filed_case(self.owner, answers=answers))
            applications.take(case, by=clerk, at=now())
            applications.accept(
                case, supplements={"record.mother_name_latin": "Huda Ali Hasan Odeh"}, by=clerk, at=now()
            )
            progress.issue_document(case, at=now())
            document = documents.find_about(case, holder=self.owner.account_id)
            progress.confirm_issue(case, document=document.reference, at=now())
            self.of[name] = document.reference
        self.of["ready"], self.of["to_collect"] = (
            documents.get_own(self.of["document"], holder=self.owner.account_id).about,
            case,
        )
        self.verification_code = documents.get_own(self.of["document"], holder=self.owner.account_id).verification_code
        self.of["pick_up"] = delivery.find_about(case, holder=self.owner.account_id).reference
        self.pick_up_code = delivery.renew_code(
            self.of["pick_up"], holder=self.owner.account_id, by=acting(self.owner), at=now()
        ).code

    def _handed_in(self, case: str) -> str:
        taken = uploads.take(case, field="photo", content=a_portrait(), limits=PORTRAIT, at=now())
        return uploads.keep(taken.reference, about=case, by=acting(self.owner), at=now()).reference

    def _account(self) -> None:
        self.of["message"] = notifications.list_inbox(self.owner.account_id)[0].reference

    # requests
    def ask(self, who: str, method: str, address: str, data: Any = None, **more: Any) -> Any:
        """One request of somebody, as a fresh browser with that person's cookies."""
        client = Client(raise_request_exception=False)
        client.handler = self.handler  # which has its middleware: making it anew takes longer than many an answer
        client.cookies = SimpleCookie(self.cookies.get(who, SimpleCookie()))
        return getattr(client, method.lower())(address, data or {}, **more)


def _cookies_of(person: Any) -> SimpleCookie:
    return sign_in(Client(), person).cookies


@contextlib.contextmanager
def for_a_module(blocker: Any) -> Iterator[World]:
    """Build the world in a transaction that ends, undone, with the module."""
    with blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True
        whole.__enter__()
        try:
            yield World()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back."""
    point = transaction.savepoint_create()
    try:
        yield
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(point)
        connection.run_on_commit.clear()


WRITES = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def count_writes() -> dict[str, int]:
    """How often this transaction has written to each table, what was taken back included."""
    with connection.cursor() as cursor:
        cursor.execute(WRITES)
        return dict(cursor.fetchall())


class Writes:
    """Which tables were written since it was asked last; that a session was seen again is no change."""

    def __init__(self) -> None:
        self.seen = count_writes()

    def since(self) -> set[str]:
        before, self.seen = self.seen, count_writes()
        return {table for table, writes in self.seen.items() if writes != before.get(table, 0)} - SESSIONS


def _all_tables() -> set[str]:
    return set(connection.introspection.table_names())


def digest_of(tables: set[str]) -> dict[str, str]:
    """Every row of these tables in one number each."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" AS t"
            )
            [found[table]] = cursor.fetchone()
    return found
