"""Addresses of signing in at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from hukumati.web.desk.pages import sign_in

if TYPE_CHECKING:
    from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/second-factor/", sign_in.second_factor, name="second_factor"),
    path("sign-in/set-up/", sign_in.set_up_second_factor, name="set_up_second_factor"),
    path("sign-in/passkey/", sign_in.sign_in_with_passkey, name="sign_in_with_passkey"),
    path("sign-in/passkey/challenge/", sign_in.passkey_challenge, name="passkey_challenge"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("my-sign-in/", sign_in.security, name="security"),
    path("my-sign-in/password/", sign_in.password, name="password"),
    path("my-sign-in/end-others/", sign_in.end_other_sessions, name="end_other_sessions"),
]
