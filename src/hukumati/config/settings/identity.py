"""Signing in: django-allauth's settings. Reasons stand beside the values that differ from its defaults."""

from __future__ import annotations

import os

AUTHENTICATION_BACKENDS = ["hukumati.domain.identity.backend.AccountBackend"]
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "portal:home"

ACCOUNT_ADAPTER = "hukumati.web.ui.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # identity proves addresses by its own one-time codes
ACCOUNT_LOGIN_TIMEOUT = 10 * 60  # from the password to the second factor
# allauth counts in Django's cache, which a process may not share with the next one; identity counts in PostgreSQL.
ACCOUNT_RATE_LIMITS = False
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("HUKUMATI_TRUSTED_PROXIES", "0"))

MFA_ADAPTER = "hukumati.domain.identity.second_factors.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_TOTP_ISSUER = "Hukumati"
MFA_TOTP_TOLERANCE = 1  # clocks of phones are off by some seconds; used codes are remembered longer than they live
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey stands for both factors, so the phone must check its owner

PORTAL_COOKIE = "hukumati_portal"
DESK_COOKIE = "hukumati_desk"
SESSION_COOKIE_NAME = PORTAL_COOKIE
SESSION_COOKIE_AGE = 12 * 3600  # no session lives longer; identity.rules ends idle ones much earlier
DEMO_PHONES_URL = os.environ.get("HUKUMATI_DEMO_PHONES_URL", "")
# A password check costs a fifth of a second of processor time, on purpose. When more people sign in than that, they wait in line, and pages of those
# who are in stay quick. The default leaves half of this machine's processors to them.
SIGN_INS_A_SECOND = float(os.environ.get("HUKUMATI_SIGN_INS_A_SECOND", 2 * (os.cpu_count() or 1)))
SIGN_INS_AT_ONCE = 20
