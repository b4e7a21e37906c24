"""Every address, and who may do what there. An address that is missing here fails a test."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.security.world import World

ANYBODY, CITIZENS, ITS_OWNER, STAFF = "anybody", "citizens", "its owner", "staff"
ANY_ROLE: Final = frozenset({"*"})
FINE: Final = {"GET": frozenset({200}), "POST": frozenset({302})}


@dataclass(frozen=True)
class Row:
    """`get` and `post` are the data of a request that its people may make; None means that the method is not for this address.

    `elsewhere` has the right role, but in the wrong place: nothing is there for it. `fine` are the statuses of those let in.
    """

    name: str
    rule: str
    names: dict[str, str] = field(default_factory=dict)
    get: dict[str, Any] | None = None
    post: dict[str, Any] | None = None
    roles: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    fine: dict[str, frozenset[int]] = field(default_factory=lambda: FINE)
    records: bool = False  # what was asked or tried is put on record, whatever the answer

    def data(self, method: str) -> dict[str, Any] | None:
        return self.get if method == "GET" else self.post


def fine(*, get: tuple[int, ...] = (200,), post: tuple[int, ...] = (302,)) -> dict[str, frozenset[int]]:
    return {"GET": frozenset(get), "POST": frozenset(post)}


NOT_HERE: Final = frozenset({"clerk_elsewhere", "supervisor_elsewhere"})
REVIEWERS: Final = frozenset({"clerk", "supervisor"})
EVERY_REVIEWER: Final = frozenset(
    {"clerk", "supervisor", "clerk_elsewhere", "clerk_of_other_office", "supervisor_elsewhere"}
)


def rows_of(world: World) -> Iterator[Row]:
    """The table, with the references of this world."""
    yield from _machines()
    yield from _catalogue(world)
    yield from _coming_in()
    yield from _account(world)
    yield from _cases(world)
    yield from _uploads(world)
    yield from _money(world)
    yield from _desk_account()
    yield from _desk_cases(world)
    yield from _desk_counter(world)
    yield from _cash_desk(world)
    yield from _publishing(world)
    yield from _treasury(world)
    yield from _books(world)
    yield from _refunds(world)
    yield from _policy(world)
    yield from _payouts(world)
    yield from _providers()


def _machines() -> Iterator[Row]:
    yield Row("api:healthz", ANYBODY, get={})
    yield Row("api:readyz", ANYBODY, get={}, fine=fine(get=(200, 503)))
    yield Row("api:payment_notice", ANYBODY, {"provider": "card"}, post={}, fine=fine(post=(401,)), records=True)
    yield Row("ui:scheme", ANYBODY, post={"scheme": "dark"})
    yield Row("ui:manifest", ANYBODY, get={})
    yield Row("ui:worker", ANYBODY, get={})
    for name in ("table", "linked", "data_set"):
        yield Row(f"open_data:{name}", ANYBODY, get={})
    for name in ("gallery", "gallery_signed_in", "gallery_desk", "gallery_suggestions"):
        yield Row(f"ui:{name}", ANYBODY, get={})
    yield Row("ui:gallery_error", ANYBODY, {"name": "not-found"}, get={}, fine=fine(get=(404,)))


def _catalogue(world: World) -> Iterator[Row]:
    for name in (
        "home",
        "services",
        "search",
        "search_suggestions",
        "progress",
        "money",
        "help",
        "privacy",
        "accessibility",
        "offline",
    ):
        yield Row(f"portal:{name}", ANYBODY, get={})
    yield Row("portal:service", ANYBODY, {"service_id": "interior.birth_certificate_copy"}, get={})
    yield Row(
        "portal:service_answers",
        ANYBODY,
        {"service_id": "interior.birth_certificate_copy"},
        post={},
        fine=fine(post=(400,)),
        records=True,
    )
    yield Row("portal:service_schema", ANYBODY, {"service_id": "interior.birth_certificate_copy"}, get={})
    yield Row("portal:institution", ANYBODY, {"institution_id": "interior"}, get={})
    yield Row("portal:category", ANYBODY, {"category_id": "civil"}, get={})
    yield Row("portal:life_event", ANYBODY, {"event_id": "birth"}, get={})
    yield Row("portal:verify", ANYBODY, get={}, post={}, fine=fine(post=(422,)))
    yield Row("portal:verify_code", ANYBODY, {"code": world.verification_code}, get={})


def _coming_in() -> Iterator[Row]:
    for name in ("sign_up", "reset_password", "sign_in"):
        yield Row(f"portal:{name}", ANYBODY, get={}, post={}, fine=fine(get=(200, 302), post=(422, 302)))
    yield Row("portal:waiting_to_sign_in", ANYBODY, get={}, post={}, records=True)
    for name in ("enrolment_code", "enrolment_password", "sign_in_code"):
        yield Row(f"portal:{name}", ANYBODY, get={}, post={}, fine=fine(get=(302,)))
    for name in ("resend_enrolment_code", "enrolment_start_again", "resend_sign_in_code", "sign_out"):
        yield Row(f"portal:{name}", ANYBODY, post={})
    for face in ("portal", "desk"):
        yield Row(f"{face}:sign_in_with_passkey", ANYBODY, post={}, fine=fine(post=(422,)))
        yield Row(f"{face}:passkey_challenge", ANYBODY, get={})
    yield Row("desk:sign_in", ANYBODY, get={}, post={}, fine=fine(get=(200, 302), post=(422, 302)))
    for name in ("second_factor", "set_up_second_factor"):
        yield Row(f"desk:{name}", ANYBODY, get={}, post={}, fine=fine(get=(302,)))
    yield Row("desk:sign_out", ANYBODY, post={})


def _account(world: World) -> Iterator[Row]:
    for name in ("account", "reads", "inbox", "documents", "applications"):
        yield Row(f"portal:{name}", CITIZENS, get={})
    yield Row("portal:account_language", CITIZENS, post={"language": "en"})
    for name in ("password", "confirm"):
        yield Row(f"portal:{name}", CITIZENS, get={}, post={}, fine=fine(post=(422,)))
    yield Row("portal:email", CITIZENS, get={}, post={"email": ""})
    yield Row("portal:email_code", CITIZENS, get={}, post={}, fine=fine(get=(302,)))
    yield Row("portal:end_session", CITIZENS, post={"session": "x"}, fine=fine(post=(404,)))
    for name in ("end_other_sessions", "remove_passkey"):
        yield Row(f"portal:{name}", CITIZENS, post={})
    yield Row("portal:passkeys", CITIZENS, get={}, post={}, fine=fine(post=(422,)))
    yield Row("portal:message", ITS_OWNER, {"reference": world.of["message"]}, get={})
    for name in ("document", "counter_document"):
        yield Row("portal:document", ITS_OWNER, {"reference": world.of[name]}, get={})
        yield Row("portal:document_pdf", ITS_OWNER, {"reference": world.of[name]}, get={})
    yield Row(
        "portal:pick_up", ITS_OWNER, {"reference": world.of["pick_up"]}, get={}, post={}, fine=fine(post=(200, 429))
    )


def _cases(world: World) -> Iterator[Row]:
    for service in ("interior.birth_certificate_copy", "transport.driving_licence_status"):
        usable = service.startswith("interior")
        yield Row(
            "portal:start",
            CITIZENS,
            {"service_id": service},
            get={},
            post={},
            fine=fine(get=(200, 422), post=(302,) if usable else (422, 302)),
        )
    its = {"service_id": "transport.driving_licence_status"}
    yield Row("portal:ask", CITIZENS, its, get={}, post={}, fine=fine(get=(302,), post=(302,)))
    yield Row("portal:confirmations", CITIZENS, get={})
    asked = {"reference": world.of["confirmation"]}
    yield Row("portal:confirmation", ITS_OWNER, asked, get={})
    yield Row("portal:confirm_confirmation", ITS_OWNER, asked, post={"digest": "0" * 64})
    yield Row("portal:decline_confirmation", ITS_OWNER, asked, post={"reason": "لا"})
    yield Row(
        "portal:waiting", CITIZENS, {"service_id": "transport.driving_licence_status"}, get={}, fine=fine(get=(302,))
    )
    yield Row("portal:queued_inquiry", ITS_OWNER, {"reference": world.of["queued"]}, get={}, post={})
    yield Row("portal:inquiry", ITS_OWNER, {"reference": world.of["inquiry"]}, get={})
    yield Row("portal:go_on", ITS_OWNER, {"reference": world.of["inquiry"]}, post={}, fine=fine(post=(422,)))
    for name in ("empty_draft", "draft", "to_pay", "in_review", "taken", "returned", "refused", "ready", "to_collect"):
        its = {"reference": world.of[name]}
        yield Row("portal:application", ITS_OWNER, its, get={})
        yield Row("portal:resume", ITS_OWNER, its, get={}, fine=fine(get=(302,)))
        yield Row("portal:renew", ITS_OWNER, its, get={}, post={"version": "1"}, fine=fine(get=(302,)))
        yield Row(
            "portal:whom",
            ITS_OWNER,
            its,
            get={},
            post={"subject": ""},
            fine=fine(get=(200, 302), post=(302, 422)),
            records=True,
        )
        yield Row(
            "portal:questions",
            ITS_OWNER,
            {**its, "page_id": "certificate"},
            get={},
            post={"language": "ar", "copies": "1"},
            fine=fine(get=(200, 302), post=(302, 422)),
        )
        yield Row("portal:help_at_counter", ITS_OWNER, its, get={}, post={"word": "end"}, fine=fine(get=(200, 302)))
        yield Row("portal:check", ITS_OWNER, its, get={}, fine=fine(get=(200, 302)))
        yield Row("portal:send", ITS_OWNER, its, post={"revision": str(world.revision)}, fine=fine(post=(302, 422)))
        yield Row("portal:withdraw", ITS_OWNER, its, post={}, fine=fine(post=(302, 422)))


def _uploads(world: World) -> Iterator[Row]:
    """A clerk sees what was handed in with a case that is filed, and nothing of a draft."""
    for name, absent in (("draft", EVERY_REVIEWER), ("in_review", NOT_HERE)):
        its = {"reference": world.of[name], "upload": world.uploads[name]}
        yield Row("portal:upload", ITS_OWNER, its, get={})
        yield Row("desk:upload", STAFF, its, get={}, roles=REVIEWERS, elsewhere=absent)


def _money(world: World) -> Iterator[Row]:
    for name in ("charge", "paid_charge"):
        its = {"charge": world.of[name]}
        yield Row("portal:pay", ITS_OWNER, its, get={}, post={"way": "cash"}, fine=fine(get=(200, 302)))
        yield Row("portal:pay_return", ITS_OWNER, its, get={}, fine=fine(get=(200, 302)))
        yield Row("portal:pay_cash", ITS_OWNER, its, get={}, fine=fine(get=(200, 302)))
        yield Row("portal:pay_wallet", ITS_OWNER, its, get={}, post={}, fine=fine(get=(200, 302), post=(302, 422)))
        yield Row("portal:pay_transfer", ITS_OWNER, its, get={}, fine=fine(get=(200, 302)))
    yield Row("portal:receipt", ITS_OWNER, {"receipt": world.of["receipt"]}, get={})
    yield Row("portal:receipt_pdf", ITS_OWNER, {"receipt": world.of["receipt"]}, get={})
    yield Row("portal:refund", ITS_OWNER, {"refund": world.of["refund"]}, get={}, post={}, fine=fine(post=(200, 429)))


def _desk_account() -> Iterator[Row]:
    yield Row("desk:home", STAFF, get={}, roles=ANY_ROLE, fine=fine(get=(200, 302)))
    yield Row("desk:security", STAFF, get={}, post={}, roles=ANY_ROLE)
    yield Row("desk:password", STAFF, get={}, post={}, roles=ANY_ROLE, fine=fine(post=(422,)))
    yield Row("desk:end_other_sessions", STAFF, post={}, roles=ANY_ROLE)


def _desk_cases(world: World) -> Iterator[Row]:
    for name in ("queue", "queue_of_office"):
        yield Row(f"desk:{name}", STAFF, get={}, roles=REVIEWERS)
    yield Row("desk:take_next", STAFF, post={}, roles=REVIEWERS)
    for name in ("in_review", "taken", "returned", "refused", "ready", "to_collect", "to_pay"):
        yield Row("desk:application", STAFF, {"reference": world.of[name]}, get={}, roles=REVIEWERS, elsewhere=NOT_HERE)
    for name in ("empty_draft", "draft"):
        yield Row(
            "desk:application", STAFF, {"reference": world.of[name]}, get={}, roles=REVIEWERS, elsewhere=EVERY_REVIEWER
        )
    for name in ("in_review", "taken", "draft"):
        its, absent = {"reference": world.of[name]}, EVERY_REVIEWER if name == "draft" else NOT_HERE
        for verb, data in (
            ("take", {}),
            ("put_back", {}),
            ("accept", {"supply.record.mother_name_latin": "Huda Ali Hasan Odeh"}),
            ("refuse", {"reason": "x"}),
            ("return_for_correction", {"reason": "x"}),
        ):
            # What a colleague has, or nobody has taken, is refused to the right people too: so they need a 302 only of their own.
            yield Row(
                f"desk:{verb}", STAFF, its, post=data, roles=REVIEWERS, elsewhere=absent, fine=fine(post=(302, 404))
            )


def _desk_counter(world: World) -> Iterator[Row]:
    counter, its = frozenset({"clerk", "postal_clerk"}), {"reference": world.of["pick_up"]}
    absent = frozenset({"clerk_elsewhere", "clerk_of_other_office", "postal_clerk"})
    yield Row("desk:hand_over", STAFF, get={}, roles=counter)
    code = {"code": world.pick_up_code}
    yield Row(
        "desk:hand_over_one", STAFF, its, get={}, post=code, roles=counter, elsewhere=absent, fine=fine(post=(200,))
    )
    yield Row("desk:hand_over_print", STAFF, its, post=code, roles=counter, elsewhere=absent, fine=fine(post=(200,)))
    yield Row("desk:hand_over_confirm", STAFF, its, post={**code, "identity": "seen"}, roles=counter, elsewhere=absent)
    yield Row("desk:help_ask", STAFF, get={}, post={}, roles=counter, fine=fine(post=(422,)), records=True)
    helped, unasked = {"reference": world.of["help"]}, absent | {"postal_clerk"}
    answers = {"language": "ar", "copies": "1"}
    yield Row("desk:help", STAFF, helped, get={}, roles=counter, elsewhere=unasked)
    whom = Row("desk:help_whom", STAFF, helped, get={}, post={"subject": ""}, roles=counter, elsewhere=unasked)
    yield replace(whom, fine=fine(post=(422,)), records=True)
    page = {**helped, "page_id": "certificate"}
    yield Row("desk:help_questions", STAFF, page, get={}, post=answers, roles=counter, elsewhere=unasked)
    yield Row("desk:help_leave", STAFF, helped, post={}, roles=counter, elsewhere=unasked)
    supervisor = frozenset({"supervisor"})
    yield Row("desk:documents", STAFF, get={}, roles=supervisor)
    revoking = {"reason": "x", "sure": "on"}
    yield Row(
        "desk:document",
        STAFF,
        {"reference": world.of["document"]},
        get={},
        post=revoking,
        roles=supervisor,
        elsewhere=frozenset({"supervisor_elsewhere"}),
    )


def _publishing(world: World) -> Iterator[Row]:
    owners = frozenset({"service_owner"})
    yield Row("desk:publishing", STAFF, get={}, roles=owners)
    its = {"service_id": "interior.birth_certificate_copy"}
    elsewhere = frozenset({"service_owner_elsewhere"})
    for name in ("service", "service_bpmn"):
        yield Row(f"desk:{name}", STAFF, its, get={}, roles=owners, elsewhere=elsewhere)
    proposal = {"reference": world.of["proposal"]}
    yield Row("desk:proposal", STAFF, proposal, get={}, roles=owners, elsewhere=elsewhere)
    yield Row("desk:proposal_approve", STAFF, proposal, post={}, roles=owners, elsewhere=elsewhere)
    yield Row("desk:proposal_reject", STAFF, proposal, post={"reason": "x"}, roles=owners, elsewhere=elsewhere)


def _treasury(world: World) -> Iterator[Row]:
    both = frozenset({"treasurer", "auditor"})
    yield Row("desk:treasury", STAFF, get={}, roles=both)
    yield Row("desk:differences", STAFF, get={"kind": "unknown_entry"}, roles=both)
    its = {"reference": world.of["difference"]}
    yield Row("desk:difference", STAFF, its, get={}, roles=both)
    writers = frozenset({"treasurer"})
    clearing = {"kind": "settlement", "target": "card:2026-11-01", "words": "x"}
    yield Row("desk:clearing_propose", STAFF, its, post=clearing, roles=writers)
    yield Row("desk:clearing_decide", STAFF, its, post={"decision": "approve"}, roles=writers)
    gap = {"reference": world.of["gap"]}
    yield Row("desk:difference_answer", STAFF, gap, post={"reason": "x"}, roles=writers)
    yield Row("desk:treasury_files", STAFF, post={}, roles=writers, fine=fine(post=(422,)))


def _books(world: World) -> Iterator[Row]:
    both = frozenset({"treasurer", "auditor"})
    yield Row("desk:books", STAFF, get={}, roles=both)
    charge = {"reference": world.of["paid_charge"]}
    yield Row("desk:books_search", STAFF, get=charge, roles=both, fine=fine(get=(302,)))
    account = {"account": "provider:card"}
    yield Row("desk:books_account", STAFF, account, get={}, roles=both, records=True)
    yield Row("desk:books_lines", STAFF, account, get={}, roles=both, records=True)
    yield Row("desk:books_charge", STAFF, charge, get={}, roles=both, records=True)
    yield Row("desk:books_query", STAFF, get={"account": "provider"}, roles=both, records=True)
    yield Row("desk:books_query_lines", STAFF, get={"account": "provider"}, roles=both, records=True)
    yield Row("desk:books_query_save", STAFF, post={"name": "mine"}, roles=both)
    yield Row("desk:books_query_forget", STAFF, {"key": "1"}, post={}, roles=both, fine=fine(post=(404,)))
    posting = {"reference": world.of["posting"]}
    yield Row("desk:books_posting", STAFF, posting, get={}, roles=both, records=True)
    day = {"day": world.of["certified_day"]}
    yield Row("desk:books_day", STAFF, day, get={}, roles=both)
    yield Row("desk:books_certificate", STAFF, day, get={}, roles=both)
    yield Row("desk:books_signer", STAFF, day, get={}, roles=both)
    yield Row("desk:books_postings", STAFF, day, get={}, roles=both, records=True)


def _refunds(world: World) -> Iterator[Row]:
    both, treasurers = frozenset({"treasurer", "auditor"}), frozenset({"treasurer"})
    yield Row("desk:refunds", STAFF, get={}, roles=both)
    its = {"reference": world.of["refund_proposal"]}
    yield Row("desk:refund_proposal", STAFF, its, get={}, roles=both)
    yield Row("desk:refund_approve", STAFF, its, post={}, roles=treasurers)
    yield Row("desk:refund_reject", STAFF, its, post={"words": "x"}, roles=treasurers)
    charge = {"reference": world.of["charge_of_taken"]}
    yield Row("desk:refund_new", STAFF, charge, get={}, roles=treasurers)
    proposing = {"amount": "1.00", "why": "other", "words": "x"}
    yield Row("desk:refund_propose", STAFF, charge, post=proposing, roles=treasurers)


def _policy(world: World) -> Iterator[Row]:
    readers, owners = frozenset({"policy_owner", "treasurer", "auditor"}), frozenset({"policy_owner"})
    yield Row("portal:payment_policy", ANYBODY, get={})
    yield Row("desk:policy", STAFF, get={}, roles=readers)
    its = {"number": world.of["policy"]}
    yield Row("desk:policy_version", STAFF, its, get={}, roles=readers)
    yield Row(
        "desk:policy_change",
        STAFF,
        get={"scope": "*"},
        post={"scope": "*", "card-place": "x"},
        roles=owners,
        fine=fine(post=(422,)),
    )
    yield Row("desk:policy_release", STAFF, its, post={}, roles=owners)
    yield Row("desk:policy_reject", STAFF, its, post={"words": "x"}, roles=owners)
    yield Row("desk:policy_withdraw", STAFF, its, post={}, roles=owners)


def _providers() -> Iterator[Row]:
    readers = frozenset({"operator", "treasurer", "auditor"})
    yield Row("desk:providers", STAFF, get={}, roles=readers)
    yield Row("desk:provider", STAFF, {"name": "card"}, get={}, roles=readers)
    yield Row("desk:provider_ask", STAFF, {"name": "card"}, post={}, roles=readers)


def _payouts(world: World) -> Iterator[Row]:
    both, treasurers = frozenset({"treasurer", "auditor"}), frozenset({"treasurer"})
    for name in ("payouts", "beneficiaries"):
        yield Row(f"desk:{name}", STAFF, get={}, roles=both)
    yield Row("desk:payout_propose", STAFF, post={"account": "collection-ils"}, roles=treasurers)
    yield Row("desk:beneficiary_new", STAFF, get={}, post={"iban": "x"}, roles=treasurers, fine=fine(post=(422,)))
    account = {"reference": world.of["beneficiary"]}
    yield Row("desk:beneficiary", STAFF, account, get={}, roles=both)
    yield Row("desk:beneficiary_approve", STAFF, account, post={}, roles=treasurers)
    yield Row("desk:beneficiary_end", STAFF, account, post={}, roles=treasurers)
    its = {"reference": world.of["payout"]}
    yield Row("desk:payout", STAFF, its, get={}, roles=both)
    yield Row("desk:payout_order", STAFF, {"reference": world.of["payout_ordered"]}, get={}, roles=both)
    yield Row("desk:payout_approve", STAFF, its, post={}, roles=treasurers)
    yield Row("desk:payout_reject", STAFF, its, post={"words": "x"}, roles=treasurers)


def _cash_desk(world: World) -> Iterator[Row]:
    cashier, other = frozenset({"cashier"}), frozenset({"cashier_elsewhere"})
    drawer = world.of["drawer"]
    yield Row("desk:cashier", STAFF, get={}, roles=cashier)
    yield Row("desk:cashier_open", STAFF, post={"floated": "0"}, roles=cashier)
    yield Row("desk:cashier_confirm", STAFF, get={"code": world.cash_code}, roles=cashier)
    yield Row("desk:cashier_take", STAFF, post={"code": world.cash_code, "drawer": drawer}, roles=cashier)
    yield Row(
        "desk:cashier_slip",
        STAFF,
        post={"code": world.cash_code, "drawer": drawer},
        roles=cashier,
        fine=fine(post=(302, 422)),
    )
    yield Row("desk:cashier_refund", STAFF, get={"reference": world.of["refund"]}, roles=cashier)
    paying = {"refund": world.of["refund"], "code": world.refund_code, "identity": "seen", "drawer": drawer}
    yield Row("desk:cashier_pay_out", STAFF, post=paying, roles=cashier)
    yield Row("desk:cashier_close", STAFF, get={}, post={"counted": "0"}, roles=cashier)
    yield Row("desk:cashier_receipt", STAFF, {"reference": world.of["receipt"]}, get={}, roles=cashier, elsewhere=other)
    yield Row(
        "desk:cashier_drawer", STAFF, {"reference": world.of["closed_drawer"]}, get={}, roles=cashier, elsewhere=other
    )
