"""One-time codes: made, checked at most five times, used once, bound to the request that asked for them."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from hukumati.domain.identity import rules
from hukumati.domain.identity.facts import CodeExpired, CodeWrong
from hukumati.domain.identity.models import OneTimeCode
from hukumati.kernel.reference import new_pin
from hukumati.kernel.text import only_digits

if TYPE_CHECKING:
    from datetime import datetime


def _hash(purpose: str, bound_to: str, code: str) -> str:
    return salted_hmac(f"identity.one_time_code.{purpose}", f"{bound_to}|{code}", algorithm="sha256").hexdigest()


@transaction.atomic
def new_code(purpose: str, *, bound_to: str, at: datetime) -> str:
    """A fresh code; every earlier one for the same purpose and request is dead from now on."""
    code = new_pin()
    OneTimeCode.objects.filter(purpose=purpose, bound_to=bound_to).delete()
    OneTimeCode.objects.create(
        purpose=purpose,
        bound_to=bound_to,
        code_hash=_hash(purpose, bound_to, code),
        sent_at=at,
        expires_at=at + rules.CODE_LIVES,
    )
    return code


def use_code(purpose: str, *, bound_to: str, typed: str, at: datetime) -> None:
    """Take the code. The try is counted and committed before the answer is known, so call it outside a transaction.

    Refuses with CodeWrong and CodeExpired.
    """
    with transaction.atomic(durable=True):
        alive = OneTimeCode.objects.filter(
            purpose=purpose, bound_to=bound_to, used_at=None, expires_at__gt=at, tries__lt=rules.CODE_TRIES_MAX
        )
        counted = alive.update(tries=F("tries") + 1)
        kept = OneTimeCode.objects.filter(purpose=purpose, bound_to=bound_to).first() if counted else None
    if kept is None:
        raise CodeExpired
    if not hmac.compare_digest(kept.code_hash, _hash(purpose, bound_to, only_digits(typed))):
        raise CodeWrong(tries_left=max(0, rules.CODE_TRIES_MAX - kept.tries))
    if not OneTimeCode.objects.filter(pk=kept.pk, used_at=None).update(used_at=at):
        raise CodeExpired


def find_code_sent_at(purpose: str, *, bound_to: str) -> datetime | None:
    """When the present code was sent, so that a page can say so and a resend can wait."""
    return OneTimeCode.objects.filter(purpose=purpose, bound_to=bound_to).values_list("sent_at", flat=True).first()


def forget_old(*, at: datetime) -> int:
    """Drop codes that can no longer be used."""
    return OneTimeCode.objects.filter(expires_at__lt=at).delete()[0]
