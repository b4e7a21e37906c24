"""Passkeys and authenticator codes, on allauth.mfa. Secrets are kept encrypted with a key derived from the installation's."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.crypto import salted_hmac

from hukumati.domain.identity import rules
from hukumati.domain.identity.allowances import give_back, spend
from hukumati.domain.identity.facts import Allowance, CodeWrong, TooManyTries
from hukumati.kernel.text import only_digits

if TYPE_CHECKING:
    from datetime import datetime

    from hukumati.domain.identity.models import Account

SALT: Final = "hukumati.identity.second_factors"
ONCE: Final = Allowance(1, 180)  # a code lives 90 seconds at most, so nobody uses it twice


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(salted_hmac(SALT, "totp", algorithm="sha256").digest()))


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth.mfa asks of us: how secrets are kept, and how our site is named to a passkey."""

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """The passkey store of a phone shows this name: a masked number for citizens, the code for staff."""
        shown = user.login if user.kind == "staff" else f"*****{user.login[-4:]}"
        return {"id": user_pk_to_url_str(user).encode(), "display_name": shown, "name": shown}


def activate_totp(account: Account, *, secret: str) -> None:
    """Keep the secret that the account's authenticator app holds from now on."""
    Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(account, secret)


def use_totp(account_id: int, *, typed: str, at: datetime) -> None:
    """Take the code that the authenticator app shows. Each works once.

    Refuses with CodeWrong, and with TooManyTries when this account guessed too often.
    """
    spend("second_factor", str(account_id), allowance=rules.SECOND_FACTOR_BY_ACCOUNT, at=at)
    code = only_digits(typed)
    kept = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).first()
    if kept is None or not validate_totp_code(MfaAdapter().decrypt(kept.data["secret"]), code):
        raise CodeWrong(tries_left=0)
    try:
        spend("totp_code", f"{account_id}:{code}", allowance=ONCE, at=at)
    except TooManyTries:
        raise CodeWrong(tries_left=0) from None
    give_back("second_factor", str(account_id))
    Authenticator.objects.filter(pk=kept.pk).update(last_used_at=at)


def is_totp_code(secret: str, code: str) -> bool:
    """Whether the app that was just set up shows the right code."""
    return bool(validate_totp_code(secret, code))


def credential_name(passkey: Authenticator) -> str:
    return str(passkey.data.get("name", ""))
