"""The reader's words for each refusal, by its code. A module that adds a refusal adds its line here; a test demands all.

A value is a text, or a function of the refusal when its facts belong into the sentence. What is not there and what is not yours
(`…not_found`, `…not_yours`) never says more than "not found": the page for it stands in answers.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import structlog
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late
from django.utils.translation import ngettext

from hukumati.domain.exchange import api as exchange
from hukumati.web.ui.bank_file_texts import bank_file_refused
from hukumati.web.ui.upload_texts import UPLOAD_TEXTS
from hukumati.web.ui.ways import bar_words, scope_name, way_names
from hukumati.web.ui.writing import money, plain_money, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from hukumati.kernel.refusal import Refused

log = structlog.get_logger("hukumati.answers")
MINUTE_SECONDS: Final = 60


def words_for(refusal: Refused) -> str:
    """What the reader is told. A code without words is our omission: it is recorded, and the reader still gets a decent sentence."""
    words = TEXTS.get(refusal.code)
    if words is None:
        log.error("refusal_without_words", code=refusal.code)
        return _("The system refused this step. Nothing was changed.")
    return words(refusal) if callable(words) else str(words)


def registry_name(registry: str) -> str:
    """What people call the registry."""
    try:
        return text(exchange.get_registry(registry).name)
    except (LookupError, OSError):
        return _("The registry")


def _way_closed(refusal: Any) -> str:
    return _(
        "The payment policy does not let this fee be paid this way (%(why)s). These ways are open: %(others)s."
    ) % {
        "why": bar_words(refusal.bar, refusal.limit),
        "others": way_names(refusal.others),
    }


def _no_way_left(refusal: Any) -> str:
    return _("A fee of %(amount)s for “%(service)s” could then be paid by no way at all.") % {
        "amount": plain_money(refusal.amount),
        "service": scope_name(refusal.service),
    }


def _slip_malformed(refusal: Any) -> str:
    return {
        "number": _("The retrieval reference has 12 digits. Read it again from the slip."),
        "authorisation": _("The authorisation code has 6 letters or digits. Read it again from the slip."),
    }.get(refusal.field, _("Enter the last four digits of the card, as the slip shows them."))


def _tries_left(refusal: Any) -> str:
    left = refusal.tries_left
    if left <= 0:
        return _("The code is wrong and can no longer be used. Ask for a new one.")
    return ngettext(
        "The code is wrong. You can try %(count)s more time.",
        "The code is wrong. You can try %(count)s more times.",
        left,
    ) % {"count": left}


def _wait(refusal: Any) -> str:
    minutes = max(1, -(-refusal.retry_seconds // MINUTE_SECONDS))
    return ngettext(
        "There were too many tries. Wait %(count)s minute and try again.",
        "There were too many tries. Wait %(count)s minutes and try again.",
        minutes,
    ) % {"count": minutes}


def _weak_password(refusal: Any) -> str:
    reasons = {
        "too_short": _("It is too short."),
        "too_long": _("It is too long."),
        "too_common": _("It is among the passwords that are guessed first."),
        "too_similar": _("It is too much like your name or number."),
    }
    return " ".join([_("Choose another password."), *(reasons[fault] for fault in refusal.faults if fault in reasons)])


def _fee_paid(refusal: Any) -> str:
    return _("This fee is already paid. Your receipt: %(receipt)s") % {"receipt": refusal.receipt}


def _refund_too_large(refusal: Any) -> str:
    return _("At most %(left)s can still go back for this payment.") % {"left": money(refusal.left)}


def _drafts(refusal: Any) -> str:
    return ngettext(
        "You have %(count)s unfinished application of this service. Finish or withdraw it first.",
        "You have %(count)s unfinished applications of this service. Finish or withdraw one first.",
        refusal.limit,
    ) % {"count": refusal.limit}


def _not_eligible(refusal: Any) -> str:
    return text(refusal.reason)


def _file_too_large(refusal: Any) -> str:
    return _("The file is larger than %(megabytes)s MB, so it is none of our documents.") % {
        "megabytes": refusal.megabytes_max
    }


NOT_FOUND: Final = late("This was not found.")
TEXTS: Final[dict[str, Callable[[Any], str] | Any]] = {
    **UPLOAD_TEXTS,
    "kernel.refused": late("The system refused this step. Nothing was changed."),
    "kernel.national_id_malformed": late("The ID number has 9 digits."),
    "kernel.step_not_open": late(
        "This step is no longer open: the application has moved on meanwhile. Reload the page to see where it stands."
    ),
    "kernel.reason_missing": late("Give the reason. The citizen will read it."),
    "identity.account_exists": late("This person has an account already. Sign in instead."),
    "identity.account_not_found": NOT_FOUND,
    "identity.password_too_weak": _weak_password,
    "identity.password_wrong": late("The present password is wrong."),
    "identity.sign_in_failed": late("This number and password do not belong together. Check both and try again."),
    "identity.too_many_tries": _wait,
    "identity.code_wrong": _tries_left,
    "identity.code_expired": late("This code can no longer be used. Ask for a new one."),
    "identity.last_second_factor": late("This is your only second factor. Add another before you remove it."),
    "identity.session_not_found": NOT_FOUND,
    "identity.passkey_not_added": late(
        "The passkey was not added. Try again; your device may ask for its lock or fingerprint."
    ),
    "enrolment.not_enrollable": late(
        "We could not open an account with these details. Compare them with your card; if you have an account already, sign in."
    ),
    "enrolment.over": late("Half an hour has passed since you began. Please start again."),
    "enrolment.resend_too_soon": late("A code was sent a moment ago. Wait half a minute before asking for another."),
    "catalogue.service_not_found": NOT_FOUND,
    "catalogue.institution_not_found": NOT_FOUND,
    "catalogue.office_not_found": NOT_FOUND,
    "catalogue.version_changed_under_its_number": late(
        "This version was published with other content. Raise the version number."
    ),
    "catalogue.topic_not_found": NOT_FOUND,
    "catalogue.version_went_back": late("A newer version of this service is published already."),
    "catalogue.nothing_changed": late("This version is published already, just as it is."),
    "catalogue.proposal_not_found": NOT_FOUND,
    "catalogue.proposal_decided": late("Somebody has decided on this proposal already."),
    "catalogue.reason_not_given": late("Say why. The author and the auditor read it."),
    "catalogue.same_person": late("Nobody publishes what they proposed themselves. Another service owner does."),
    "catalogue.not_service_owner": late("Only a service owner of this institution may do this."),
    "exchange.read_not_covered": late("This information may not be asked for here: no open application covers it."),
    "exchange.subject_unknown": late(
        "The registry holds nothing about this person. If that is wrong, visit the institution that keeps it."
    ),
    "exchange.write_not_covered": late("Nothing may be entered in the registry here: no open application covers it."),
    "exchange.write_refused": late("The registry did not enter this. Nothing was changed there."),
    "payments.charge_not_found": NOT_FOUND,
    "payments.receipt_not_found": NOT_FOUND,
    "payments.drawer_not_found": NOT_FOUND,
    "payments.refund_not_found": NOT_FOUND,
    "payments.nothing_to_pay": late("There is nothing to pay."),
    "payments.charge_already_open": late("A payment for this is already waiting. Go on with that one."),
    "payments.fee_already_paid": _fee_paid,
    "payments.charge_void": late("This payment request was cancelled. Open your application to see what is next."),
    "payments.charge_expired": late("The time to pay is over. Open your application to start the payment anew."),
    "payments.not_paid": late("Nothing was paid here, so nothing can go back."),
    "payments.refund_too_large": _refund_too_large,
    "payments.provider_unavailable": late(
        "The payment provider does not answer now. Nothing was charged; try again in a few minutes or pay another way."
    ),
    "payments.payer_not_there": late("No wallet belongs to this mobile number. Check it, or pay another way."),
    "payments.too_many_pushes": late(
        "This telephone was asked to pay several times. Try again in an hour, or pay another way."
    ),
    "payments.way_not_offered": late("This fee cannot be paid that way. Choose another."),
    "payments.way_closed": _way_closed,
    "policies.owner_only": late("Only an owner of the payment policy may do this."),
    "policies.not_found": late("There is no such version of the payment policy."),
    "policies.malformed": late("This is no policy: allow at least one way, and name each way once."),
    "policies.unfounded": late("A policy rests on an instrument and an article, and says why."),
    "policies.too_early": late("A policy begins after now, and after the version before it."),
    "policies.takes_two": late("Nobody decides what they proposed themselves. Another policy owner does."),
    "policies.decided": late("This version is decided already."),
    "policies.moved_on": late("Another version was released meanwhile. Propose the change again, from that one."),
    "policies.changes_nothing": late("This says what the version before it says."),
    "policies.in_force": late("This version is in force. Propose another instead."),
    "policies.leaves_no_way": _no_way_left,
    "payments.cash_code_malformed": late("This payment code is mistyped: it has 8 digits. Read it again."),
    "payments.cash_code_unknown": late(
        "No payment waits under this code. Ask the citizen to open the application and read the code again."
    ),
    "payments.slip_malformed": _slip_malformed,
    "payments.slips_not_counted": late("Enter the terminal's own total of the day as well."),
    "payments.slip_used": late("This slip stands for another payment already. Look at the number again."),
    "payments.terminal_unknown": late("No such terminal stands in this office."),
    "payments.refund_not_for_terminal": late(
        "This refund does not go back on a terminal, or it has gone back already."
    ),
    "payments.cashier_only": late(
        "Only a cashier takes cash, and only into the drawer that is opened in their own name."
    ),
    "payments.drawer_already_open": late("You have an open drawer. Close it before you open another."),
    "payments.drawer_closed": late("This drawer is closed. Open one before taking cash."),
    "payments.drawer_too_empty": late("The drawer does not hold enough for this refund. Fetch change first."),
    "payments.refund_not_for_cash": late(
        "This refund is not paid out in cash: it was paid already, or goes back the way it came."
    ),
    "payments.refund_by_yourself": late("You promised this refund yourself. Another cashier pays it out."),
    "payments.refund_code_wrong": _tries_left,
    "payments.refund_code_dead": late(
        "No code is good for this refund now: it was entered wrongly too often, or none was made yet. "
        "The payer asks for a new one in their account."
    ),
    "payments.too_many_refund_codes": late(
        "You have asked for several codes today. Use the last one, or ask again tomorrow."
    ),
    "payments.treasurer_only": late("Only the treasury does this."),
    "payments.refund_proposal_not_found": NOT_FOUND,
    "payments.refund_proposal_decided": late("Somebody else has decided this proposal already."),
    "payments.refund_already_proposed": late("Another proposal for this charge waits for its second person."),
    "payments.approves_own_proposal": late(
        "Nobody decides what they proposed themselves, nor about money that comes back to them. Another treasurer does."
    ),
    "payments.words_missing": late("Say why, in words"),
    "payments.count_invalid": late("This count cannot be right. Count again and enter the amount."),
    "payments.notice_forged": late("The signature does not hold."),
    "payments.notice_malformed": late("The notice cannot be read."),
    "payments.notice_too_large": late("The notice is too large."),
    "ledger.posting_not_found": NOT_FOUND,
    "ledger.certificate_not_found": NOT_FOUND,
    "treasury.treasurer_only": late("Only the treasury does this."),
    "treasury.bank_file_refused": bank_file_refused,
    "treasury.difference_not_found": NOT_FOUND,
    "treasury.difference_resolved": late("This difference has been answered already."),
    "treasury.still_in_suspense": late("Words move no money. Say what it is; another treasurer agrees."),
    "treasury.nothing_to_clear": late("Nothing about this waits for a decision."),
    "treasury.target_unknown": late(
        "There is no such day of a provider, closed drawer or open entry of the opposite amount for this account."
    ),
    "treasury.clearing_waits": late("A proposal about this waits for its second person."),
    "treasury.clears_own_proposal": late("Nobody decides what they proposed themselves. Another treasurer does."),
    "treasury.reason_missing": late("Say in words what explains the difference"),
    "payouts.treasurer_only": late("Only the treasury does this."),
    "payouts.beneficiary_incomplete": late(
        "An account is registered with its IBAN (PS), its currency, the institution, and the instrument and article that name it; it ends no earlier than it begins."
    ),
    "ledger.question_invalid": late(
        "This is no question that the books understand. One question reads three months at most."
    ),
    "ledger.saved_query_not_found": NOT_FOUND,
    "ledger.too_many_saved_queries": late("You keep many questions already. Forget one first."),
    "payouts.payout_not_found": NOT_FOUND,
    "payouts.payout_already_waits": late("An order of this currency waits for a second person already."),
    "payouts.payout_takes_two": late("Nobody approves an order that they proposed. Another treasurer does."),
    "payouts.payout_decided": late("This order is decided already."),
    "payouts.nothing_to_pay_out": late("Nothing is due to an institution with a registered account."),
    "payouts.exceeds_bank": lambda refusal: (
        _("This is more than the bank holds for it: %(available)s.") % {"available": plain_money(refusal.available)}
    ),
    "payouts.payout_stale": late(
        "What is due, or an account, has changed since it was proposed. Reject it and propose anew."
    ),
    "payouts.words_missing": late("Say why it is rejected."),
    "payouts.status_malformed": late("This file is no status report of a bank."),
    "payouts.beneficiary_not_found": NOT_FOUND,
    "payouts.beneficiary_takes_two": late(
        "Nobody approves an account that they proposed themselves. Another treasurer does."
    ),
    "payouts.beneficiary_decided": late("This account has been approved or ended already."),
    "payouts.beneficiary_overlaps": late(
        "The institution has another account of this currency for some of these days."
    ),
    "documents.not_found": NOT_FOUND,
    "documents.already_revoked": late("This document is revoked already."),
    "documents.revocation_reason_missing": late("Give the reason for the revocation."),
    "documents.too_many_checks": _wait,
    "documents.file_too_large": _file_too_large,
    "delivery.not_found": NOT_FOUND,
    "delivery.pick_up_closed": late("This copy is no longer waiting to be picked up."),
    "delivery.code_wrong": _tries_left,
    "delivery.too_many_tries": late(
        "The code was entered wrongly too often. The holder asks for a new one in their account."
    ),
    "delivery.other_office": late("This copy waits at another office."),
    "delivery.too_many_codes": late(
        "You have asked for several codes today. Ask again tomorrow, or bring your identity card to the counter."
    ),
    "notifications.not_found": NOT_FOUND,
    "notifications.recipient_refused": late("The message cannot be delivered to this address."),
    "applications.queued_not_found": late("Nothing waits here."),
    "applications.queue_full": lambda refusal: (
        ngettext(
            "%(count)s question of yours waits for its register already. Take one back, or wait for its answer.",
            "%(count)s questions of yours wait for their registers already. Take one back, or wait for an answer.",
            refusal.limit,
        )
        % {"count": refusal.limit}
    ),
    "applications.help_not_found": late("Nobody helps with this draft now."),
    "applications.help_code_unknown": late(
        "No draft waits under this code. Have it read out again; after a quarter of an hour a new one is needed."
    ),
    "applications.not_found": NOT_FOUND,
    "applications.inquiry_not_found": NOT_FOUND,
    "applications.case_not_yours": NOT_FOUND,
    "applications.service_not_open": late("This service cannot be used here yet. Its page says where it is given."),
    "applications.too_many_drafts": _drafts,
    "applications.subject_not_allowed": late(
        "You can apply for yourself, your children and your parents, as the civil registry knows them."
    ),
    "applications.subject_missing": late("Choose whom the application is for."),
    "applications.answers_incomplete": late("Some questions still need an answer."),
    "applications.answers_invalid": late("Some answers need a correction."),
    "applications.case_changed": late(
        "The application was changed meanwhile, by somebody else or in another window. Reload the page and look again."
    ),
    "applications.service_changed": late(
        "The service changed since you began. Open the draft again: it shows what changed and what was kept."
    ),
    "applications.fee_would_change": late(
        "This correction would change the fee, which is paid already. Keep what the fee depends on, such as the number of copies, or apply anew."
    ),
    "applications.not_eligible": _not_eligible,
    "applications.facts_missing": late(
        "Something that the fee or the decision depends on is not known yet. Look through your answers; if nothing is missing there, "
        "a register lacks something about you: its institution can add it. Nothing was sent."
    ),
    "applications.own_case": late("This case is yours or your family's. Put it back: a colleague decides it."),
    "applications.party_missing": late(
        "The registry knows nobody who could confirm this with you. Visit an office of the institution."
    ),
    "applications.confirmation_not_found": NOT_FOUND,
    "applications.confirmation_closed": late("This was answered already, or its time is over. Nothing was changed."),
    "applications.supplement_missing": late("The document still lacks information. Fill in what is marked."),
}
