"""What identity speaks in: people, roles, sessions, and the refusals of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from hukumati.kernel.national_id import NationalId
    from hukumati.kernel.text import Text


class Role(StrEnum):
    """What an employee may be trusted with, in one institution or office."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    CASHIER = "cashier"
    POSTAL_CLERK = "postal_clerk"
    CALL_CENTRE_AGENT = "call_centre_agent"
    SERVICE_OWNER = "service_owner"
    TREASURER = "treasurer"
    POLICY_OWNER = "policy_owner"
    SECRETARIAT = "secretariat"
    AUDITOR = "auditor"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class PersonName:
    """The four parts of a name as the identity card prints them, in Arabic and in Latin letters."""

    first_ar: str
    father_ar: str
    grandfather_ar: str
    family_ar: str
    first_la: str = ""
    father_la: str = ""
    grandfather_la: str = ""
    family_la: str = ""

    @property
    def ar(self) -> str:
        return " ".join(part for part in (self.first_ar, self.father_ar, self.grandfather_ar, self.family_ar) if part)

    @property
    def latin(self) -> str:
        return " ".join(part for part in (self.first_la, self.father_la, self.grandfather_la, self.family_la) if part)

    def in_(self, language: str) -> str:
        """The full name for a reader of this language; Arabic when no Latin spelling is known."""
        return (self.latin or self.ar) if language.startswith("en") else self.ar

    def first_in(self, language: str) -> str:
        """The first name alone, for greetings."""
        return (self.first_la or self.first_ar) if language.startswith("en") else self.first_ar


@dataclass(frozen=True, slots=True)
class CitizenFacts:
    """A citizen who has an account. `email` is empty until it was proven."""

    account_id: int
    reference: str
    national_id: NationalId
    name: PersonName
    birth_date: date
    mobile: str
    email: str
    language: str
    public_employee: bool


@dataclass(frozen=True, slots=True)
class RoleScope:
    """One role and where it holds. An empty office means the whole institution."""

    role: Role
    institution: str
    office: str


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """An employee. `roles` are those held in the own institution and office; `scopes` are all that hold now."""

    account_id: int
    reference: str
    name: Text
    institution: str
    office: str
    roles: frozenset[Role]
    scopes: frozenset[RoleScope] = frozenset()
    login: str = ""
    language: str = "ar"

    def has_role(self, role: Role, *, institution: str, office: str = "") -> bool:
        """Whether the role is held for that office (or for its whole institution)."""
        return any(
            scope.role == role and scope.institution == institution and scope.office in ("", office)
            for scope in self.scopes
        )


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """One signed-in browser. `key` names the session to its owner and to nobody else."""

    key: str
    session_key: str
    signed_in_at: datetime
    seen_at: datetime
    ip: str
    browser: str


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    """One passkey of an account."""

    passkey_id: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many in so many seconds."""

    amount_max: int
    window_seconds: int


@dataclass(eq=False)
class AccountExists(Refused):
    """This person has an account already."""

    code: ClassVar[str] = "identity.account_exists"


@dataclass(eq=False)
class AccountNotFound(Refused):
    """No such account."""

    code: ClassVar[str] = "identity.account_not_found"


@dataclass(eq=False)
class PasswordTooWeak(Refused):
    """`faults` are codes: too_short, too_long, too_common, too_similar."""

    faults: tuple[str, ...]
    code: ClassVar[str] = "identity.password_too_weak"


@dataclass(eq=False)
class PasswordWrong(Refused):
    """The present password was asked and another was given."""

    code: ClassVar[str] = "identity.password_wrong"


@dataclass(eq=False)
class SignInFailed(Refused):
    """Unknown login, wrong password, wrong face or inactive account: one answer for all."""

    code: ClassVar[str] = "identity.sign_in_failed"


@dataclass(eq=False)
class TooManyTries(Refused):
    """A limit was reached; `retry_seconds` tells when it opens again."""

    retry_seconds: int
    code: ClassVar[str] = "identity.too_many_tries"


@dataclass(eq=False)
class CodeWrong(Refused):
    """The one-time code is not the one that was sent. `tries_left` before it dies."""

    tries_left: int
    code: ClassVar[str] = "identity.code_wrong"


@dataclass(eq=False)
class CodeExpired(Refused):
    """The one-time code is too old, was used, or died of wrong tries."""

    code: ClassVar[str] = "identity.code_expired"


@dataclass(eq=False)
class LastSecondFactor(Refused):
    """Staff must keep one second factor."""

    code: ClassVar[str] = "identity.last_second_factor"


@dataclass(eq=False)
class SessionNotFound(Refused):
    """No such session of this account."""

    code: ClassVar[str] = "identity.session_not_found"


@dataclass(eq=False)
class PasskeyNotAdded(Refused):
    """The browser's answer did not prove a new passkey."""

    code: ClassVar[str] = "identity.passkey_not_added"
