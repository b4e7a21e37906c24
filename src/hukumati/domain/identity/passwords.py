"""Passwords as NIST SP 800-63B asks: long enough beside a second factor, not a common one, not the person's own numbers; no composition rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError

from hukumati.domain.identity import rules
from hukumati.domain.identity.facts import PasswordTooWeak

if TYPE_CHECKING:
    from hukumati.domain.identity.models import Account

LENGTH_MIN: Final = 8
VALIDATORS: Final = (
    MinimumLengthValidator(LENGTH_MIN),
    CommonPasswordValidator(),
    UserAttributeSimilarityValidator(user_attributes=("login", "mobile", "email")),
)


def require_strong(password: str, *, account: Account) -> None:
    """Refuses with PasswordTooWeak, naming every fault at once."""
    faults: list[str] = []
    if len(password) > rules.PASSWORD_LENGTH_MAX:
        raise PasswordTooWeak(faults=("too_long",))
    for validator in VALIDATORS:
        try:
            validator.validate(password, account)
        except ValidationError as fault:
            faults += [str(error.code).removeprefix("password_") for error in fault.error_list]
    if faults:
        raise PasswordTooWeak(faults=tuple(dict.fromkeys(faults)))
