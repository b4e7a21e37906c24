"""Signing in, on allauth's login stages: a citizen proves a second factor by SMS, an employee by an app or a passkey."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.stages import LoginStage
from django.conf import settings
from django.core import signing
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import now

from hukumati.domain.identity import api as identity
from hukumati.web.ui.access import authenticated_by
from hukumati.web.ui.faces import DESK

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

KNOWN_COOKIE: Final = "hukumati_known"
KNOWN_SALT: Final = "hukumati.known_browser"
KNOWN_SECONDS: Final = 365 * 86400
KNOWN_MAX: Final = 6


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks of us."""

    def get_login_stages(self) -> list[str]:
        stage = "SecondFactorStage" if self.request.face == DESK else "SmsCodeStage"
        return [f"hukumati.web.ui.signing_in.{stage}"]
