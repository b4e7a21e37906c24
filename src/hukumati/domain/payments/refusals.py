"""What payments says no with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from hukumati.domain.payments.facts import Way
    from hukumati.domain.policies.facts import Bar
    from hukumati.kernel.money import Money


@dataclass(eq=False)
class ChargeNotFound(Refused):
    code: ClassVar[str] = "payments.charge_not_found"


@dataclass(eq=False)
class ReceiptNotFound(Refused):
    code: ClassVar[str] = "payments.receipt_not_found"


@dataclass(eq=False)
class RefundNotFound(Refused):
    code: ClassVar[str] = "payments.refund_not_found"


@dataclass(eq=False)
class NothingToPay(Refused):
    """A charge needs at least one line, and a total above zero in one currency."""

    code: ClassVar[str] = "payments.nothing_to_pay"


@dataclass(eq=False)
class ChargeAlreadyOpen(Refused):
    """Another charge about the same thing still waits to be paid."""

    charge: str
    code: ClassVar[str] = "payments.charge_already_open"


@dataclass(eq=False)
class FeeAlreadyPaid(Refused):
    receipt: str
    code: ClassVar[str] = "payments.fee_already_paid"


@dataclass(eq=False)
class ChargeVoid(Refused):
    charge: str
    code: ClassVar[str] = "payments.charge_void"


@dataclass(eq=False)
class ChargeExpired(Refused):
    charge: str
    code: ClassVar[str] = "payments.charge_expired"


@dataclass(eq=False)
class NotPaid(Refused):
    """Nothing was paid, so nothing can go back."""

    charge: str
    code: ClassVar[str] = "payments.not_paid"


@dataclass(eq=False)
class RefundTooLarge(Refused):
    asked: Money
    left: Money
    code: ClassVar[str] = "payments.refund_too_large"


@dataclass(eq=False)
class ProviderUnavailable(Refused):
    """The provider does not answer just now. The attempt is kept, and trying again goes on with it."""

    way: Way
    code: ClassVar[str] = "payments.provider_unavailable"


@dataclass(eq=False)
class PayerNotThere(Refused):
    """The provider has no such payer: no wallet belongs to this number."""

    way: Way
    code: ClassVar[str] = "payments.payer_not_there"


@dataclass(eq=False)
class TooManyPushes(Refused):
    """This telephone was asked to pay several times, or this payer asked several telephones."""

    retry_seconds: int
    code: ClassVar[str] = "payments.too_many_pushes"


@dataclass(eq=False)
class WayNotOffered(Refused):
    """This fee cannot be paid that way."""

    way: Way
    code: ClassVar[str] = "payments.way_not_offered"


@dataclass(eq=False)
class WayClosed(Refused):
    """The payment policy closes this way for this fee; `others` are open."""

    way: Way
    bar: Bar
    limit: Money | None
    others: tuple[Way, ...]
    code: ClassVar[str] = "payments.way_closed"


@dataclass(eq=False)
class CashCodeMalformed(Refused):
    """Not eight digits, or the last does not fit the others: mistyped."""

    code: ClassVar[str] = "payments.cash_code_malformed"


@dataclass(eq=False)
class CashCodeUnknown(Refused):
    code: ClassVar[str] = "payments.cash_code_unknown"


@dataclass(eq=False)
class CashierOnly(Refused):
    """Only a cashier takes cash, and only into the drawer that is theirs."""

    code: ClassVar[str] = "payments.cashier_only"


@dataclass(eq=False)
class DrawerAlreadyOpen(Refused):
    drawer: str
    code: ClassVar[str] = "payments.drawer_already_open"


@dataclass(eq=False)
class DrawerClosed(Refused):
    drawer: str
    code: ClassVar[str] = "payments.drawer_closed"


@dataclass(eq=False)
class DrawerNotFound(Refused):
    code: ClassVar[str] = "payments.drawer_not_found"


@dataclass(eq=False)
class DrawerTooEmpty(Refused):
    """The drawer holds less than is to be paid out."""

    amount: Money
    code: ClassVar[str] = "payments.drawer_too_empty"


@dataclass(eq=False)
class RefundNotForCash(Refused):
    """Not promised any more, or its money came another way and goes back that way."""

    refund: str
    code: ClassVar[str] = "payments.refund_not_for_cash"


@dataclass(eq=False)
class RefundByYourself(Refused):
    """Whoever promised it does not pay it out."""

    refund: str
    code: ClassVar[str] = "payments.refund_by_yourself"


@dataclass(eq=False)
class RefundCodeWrong(Refused):
    """Another code than the payer's."""

    tries_left: int
    code: ClassVar[str] = "payments.refund_code_wrong"


@dataclass(eq=False)
class RefundCodeDead(Refused):
    """The code died of wrong tries, or none was made yet; the payer asks for a new one."""

    code: ClassVar[str] = "payments.refund_code_dead"


@dataclass(eq=False)
class TooManyRefundCodes(Refused):
    """The payer has asked for several codes today."""

    codes_max: int
    code: ClassVar[str] = "payments.too_many_refund_codes"


@dataclass(eq=False)
class TreasurerOnly(Refused):
    """Money goes back by the treasury's hands only."""

    code: ClassVar[str] = "payments.treasurer_only"


@dataclass(eq=False)
class RefundProposalNotFound(Refused):
    code: ClassVar[str] = "payments.refund_proposal_not_found"


@dataclass(eq=False)
class RefundProposalDecided(Refused):
    """Somebody else has decided meanwhile."""

    code: ClassVar[str] = "payments.refund_proposal_decided"


@dataclass(eq=False)
class RefundAlreadyProposed(Refused):
    """Another proposal for this charge waits for its second person."""

    proposal: str
    code: ClassVar[str] = "payments.refund_already_proposed"


@dataclass(eq=False)
class ApprovesOwnProposal(Refused):
    """Nobody approves what they proposed, under whichever of their accounts; nor a refund to themselves."""

    code: ClassVar[str] = "payments.approves_own_proposal"


@dataclass(eq=False)
class WordsMissing(Refused):
    code: ClassVar[str] = "payments.words_missing"


@dataclass(eq=False)
class CountInvalid(Refused):
    """A count or float below zero, or beyond what a drawer holds."""

    code: ClassVar[str] = "payments.count_invalid"


@dataclass(eq=False)
class NoticeForged(Refused):
    """Not signed by the provider, or signed too long ago. Recorded; changes nothing."""

    code: ClassVar[str] = "payments.notice_forged"


@dataclass(eq=False)
class NoticeMalformed(Refused):
    """Signed by the provider, but not a notice."""

    code: ClassVar[str] = "payments.notice_malformed"


@dataclass(eq=False)
class NoticeTooLarge(Refused):
    code: ClassVar[str] = "payments.notice_too_large"


@dataclass(eq=False)
class SlipMalformed(Refused):
    """`field` of a slip is mistyped: number, authorisation, last_four."""

    field: str
    code: ClassVar[str] = "payments.slip_malformed"


@dataclass(eq=False)
class SlipUsed(Refused):
    """This slip stands for another payment already."""

    code: ClassVar[str] = "payments.slip_used"


@dataclass(eq=False)
class TerminalUnknown(Refused):
    """No such terminal stands in this office."""

    terminal: str
    code: ClassVar[str] = "payments.terminal_unknown"


@dataclass(eq=False)
class RefundNotForTerminal(Refused):
    """It was not paid on a terminal, or it has gone back already."""

    refund: str
    code: ClassVar[str] = "payments.refund_not_for_terminal"


@dataclass(eq=False)
class SlipsNotCounted(Refused):
    """Slips were entered beside this drawer, and the terminal's own total is missing."""

    code: ClassVar[str] = "payments.slips_not_counted"
