"""Why a bank's file was not taken, in the reader's words: what is wrong, where it stands, and what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late

if TYPE_CHECKING:
    from hukumati.domain.treasury.facts import BankFileRefused, RefusedFacts

WHY: Final[dict[str, Any]] = {
    "too_large": late("The file is larger than can be read."),
    "declares_entities": late(
        "The file declares entities or a document type. No bank statement does; it was not read."
    ),
    "not_xml": late("This is not a readable XML file."),
    "not_camt": late("This is neither a bank statement (camt.053) nor a notice (camt.054) of versions 02 to 08."),
    "nothing_in_it": late("There is no statement in the file."),
    "too_many_statements": late("There are too many statements in the file."),
    "too_many_entries": late("There are too many entries in one statement."),
    "not_our_account": late("The account is none of ours."),
    "without_id": late("The statement has no number."),
    "without_balances": late("The opening or the closing balance is missing."),
    "does_not_add_up": late("Opening balance and entries do not give the closing balance."),
    "number_of_entries": late("The number of entries is not the one that the file promises."),
    "sum_of_entries": late("The sum of the entries is not the one that the file promises."),
    "without_amount": late("An amount is missing."),
    "wrong_currency": late("The currency is not that of the account."),
    "amount_invalid": late("The amount cannot be one in this currency."),
    "amount_of_nothing": late("The entry moves nothing."),
    "neither_in_nor_out": late("The entry says neither that money came in nor that it went out."),
    "date_invalid": late("The date cannot be read."),
    "entry_twice": late("One entry stands twice under the same number of the bank."),
    "entry_changed": late("The bank told this entry before, with another amount."),
    "statement_changed": late("The bank sent a statement with this number before, with other balances."),
    "payout_in_a_notice": late(
        "A notice about a payout is taken from the bank itself only. Bring the day's statement instead."
    ),
    "booked_in_the_future": late("The entry is dated too far ahead."),
}


def bank_file_refused(refusal: BankFileRefused) -> str:
    """One sentence why, and where."""
    parts = [str(WHY.get(refusal.why, late("The file cannot be believed.")))]
    if refusal.where:
        parts.append(_("Where: %(where)s.") % {"where": refusal.where})
    if refusal.found:
        parts.append(_("Found: %(found)s.") % {"found": refusal.found})
    return " ".join([*parts, _("Nothing was taken.")])


def why_apart(file: RefusedFacts) -> str:
    """Why a file that the bank sent by itself was set apart, and where in it."""
    why = str(WHY.get(file.why, _("It is no status report that we understand.")))
    return f"{why} ({file.where} {file.found})".replace(" )", ")") if file.where or file.found else why
