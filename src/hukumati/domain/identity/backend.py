"""How Django asks identity whether a login and a password belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password

from hukumati.domain.identity.models import Account

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountBackend(BaseBackend):
    """Citizens at the portal, staff at the desk; anybody else is unknown there, after the same time of hashing."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:  # noqa: ARG002
        password = str(credentials.get("password", ""))
        account = Account.objects.filter(
            login=credentials.get("username"), kind=credentials.get("kind"), is_active=True
        ).first()
        if account is None:
            make_password(password)  # an unknown login must cost what a wrong password costs
            return None
        return account if account.check_password(password) else None

    def get_user(self, user_id: Any) -> Account | None:
        found = Account.objects.select_related("citizen", "staff_member").filter(pk=user_id, is_active=True)
        return found.first()
