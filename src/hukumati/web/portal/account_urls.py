"""Addresses of signing up, signing in, the account and the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.portal.pages import account, inbox, passkeys, reads, sign_in, sign_up, waiting

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-up/", sign_up.card, {"aim": "sign_up"}, name="sign_up"),
    path("reset-password/", sign_up.card, {"aim": "password_reset"}, name="reset_password"),
    path("sign-up/code/", sign_up.code, name="enrolment_code"),
    path("sign-up/code/resend/", sign_up.resend_code, name="resend_enrolment_code"),
    path("sign-up/password/", sign_up.password, name="enrolment_password"),
    path("sign-up/start-again/", sign_up.start_again, name="enrolment_start_again"),
    path("waiting/sign-in/", waiting.to_sign_in, name="waiting_to_sign_in"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/code/resend/", sign_in.resend_sign_in_code, name="resend_sign_in_code"),
    path("sign-in/passkey/", sign_in.sign_in_with_passkey, name="sign_in_with_passkey"),
    path("sign-in/passkey/challenge/", sign_in.passkey_challenge, name="passkey_challenge"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/language/", account.language, name="account_language"),
    path("account/password/", account.password, name="password"),
    path("account/email/", account.email, name="email"),
    path("account/email/code/", account.email_code, name="email_code"),
    path("account/confirm/", account.confirm, name="confirm"),
    path("account/sessions/end/", account.end_session, name="end_session"),
    path("account/sessions/end-others/", account.end_other_sessions, name="end_other_sessions"),
    path("account/passkeys/", passkeys.passkeys, name="passkeys"),
    path("account/passkeys/remove/", passkeys.remove, name="remove_passkey"),
    path("account/reads/", reads.reads, name="reads"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<str:reference>/", inbox.message, name="message"),
]
