"""Signing in, on allauth's login stages: a citizen proves a second factor by SMS, an employee by an app or a passkey.

allauth keeps the half-done sign-in in the session, records what was proven and opens the session at the end. Ours are the
codes (identity counts their tries in the database), the limits, and that citizens and staff never meet.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.internal.flows import logout
from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.internal.stagekit import clear_login, stash_login
from allauth.account.models import Login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now

from hukumati.domain.identity import api as identity
from hukumati.domain.notifications import api as notifications
from hukumati.kernel.actor import Actor, ActorKind
from hukumati.web.ui import known_browsers
from hukumati.web.ui.access import authenticated_by
from hukumati.web.ui.faces import DESK
from hukumati.web.ui.templating import url_if_any

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

log = structlog.get_logger(__name__)
SIGN_IN_PURPOSE: Final = "sign_in"
STAGES: Final = {True: "hukumati.web.ui.signing_in.SecondFactorStage", False: "hukumati.web.ui.signing_in.SmsCodeStage"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """What allauth asks of us."""

    def get_login_stages(self) -> list[str]:
        return [STAGES[self.request.face == DESK]]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._spent = _spend_try(request, str(credentials["username"]), at=now())

    def _rollback_login_failed_rl_usage(self) -> None:
        for name, subject in self._spent:
            identity.give_back(name, subject)

    def login(self, request: Any, user: Any) -> None:
        super().login(request, user)
        request.session["face"] = request.face
        request.session["signed_in_at"] = request.session["seen_at"] = now().timestamp()

    def post_login(self, request: Any, user: Any, **kwargs: Any) -> HttpResponse:
        identity.record_sign_in(user.pk, authenticated_by=authenticated_by(request), at=now())
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if request.face != DESK and not kwargs["signup"] and not known_browsers.find_known(request, user.login):
            _tell_of_new_browser(request, user.pk, at=now())
        known_browsers.remember(request, response, user.login)
        return response

    def get_login_redirect_url(self, request: Any) -> str:
        return url_if_any("desk:home" if request.face == DESK else "portal:home") or "/"

    def get_signup_redirect_url(self, request: Any) -> str:
        """A passkey is offered at once, where the address has a name that it can belong to."""
        host = urlsplit(f"//{request.get_host()}").hostname or ""
        return reverse("portal:passkeys") if host.strip("0123456789.:") else self.get_login_redirect_url(request)

    def is_safe_url(self, url: str) -> bool:
        """Paths of this site only; another host that we also serve is another site to the reader."""
        return url.startswith("/") and bool(url_has_allowed_host_and_scheme(url, allowed_hosts=None))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened in their own words."""


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, behind as many proxies as the installation trusts."""
    return str(get_adapter().get_client_ip(request))


def _spend_try(request: Any, login: str, *, at: datetime) -> list[tuple[str, str]]:
    address = client_address(request)
    known = known_browsers.find_known(request, login)
    spent = [("password_by_address", address, identity.PASSWORD_BY_ADDRESS)]
    if known:
        spent.append(("password_by_browser", f"{known}:{login}", identity.PASSWORD_BY_KNOWN_BROWSER))
    else:
        spent.append(("password_by_account", f"{request.face}:{login}", identity.PASSWORD_BY_ACCOUNT))
    for name, subject, allowance in spent:
        identity.spend(name, subject, allowance=allowance, at=at)
    return [(name, subject) for name, subject, _ in spent]


def _tell_of_new_browser(request: HttpRequest, account_id: int, *, at: datetime) -> None:
    browser = browser_name(request.headers.get("User-Agent", ""))
    notifications.tell(account_id, code="sign_in.new", facts={"browser": browser}, about="", at=at)


def browser_name(user_agent: str) -> str:
    """Browser and system in two words, for people: `Firefox, Android`. Empty when neither is known."""
    browsers = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox"}
    browsers |= {"Chrome": "Chrome", "Safari": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
    systems |= {"Macintosh": "Mac", "Linux": "Linux"}
    found = [next((shown for sign, shown in signs.items() if sign in user_agent), "") for signs in (browsers, systems)]
    return ", ".join(part for part in found if part)


def sign_in_with_password(request: Any, *, login: str, password: str, next_url: str) -> HttpResponse:
    """Check the password and go to the next stage.

    Refuses with SignInFailed (the same for every reason) and TooManyTries.
    """
    clear_login(request)
    kind = "staff" if request.face == DESK else "citizen"
    user = get_adapter().authenticate(request, username=login, password=password, kind=kind)
    if user is None:
        log.info("sign_in_failed", face=request.face)
        raise identity.SignInFailed
    response: HttpResponse = perform_password_login(request, {}, Login(user=user, redirect_url=next_url or None))
    return response


def sign_in_after_enrolment(request: Any, *, account_id: int, signup: bool, next_url: str) -> HttpResponse:
    """Somebody just proved the phone and chose a password: nothing is left to ask."""
    clear_login(request)
    user = identity.get_user(account_id)
    record_authentication(request, user, method="password")
    record_authentication(request, user, method="sms_code")
    response: HttpResponse = perform_login(request, Login(user=user, signup=signup, redirect_url=next_url or None))
    return response


def passkey_challenge(request: HttpRequest) -> dict[str, Any]:
    """What the browser's passkey dialogue needs. The challenge stays in the session and works once.

    Refuses with TooManyTries: each challenge makes a session.
    """
    identity.spend("passkey_challenge", client_address(request), allowance=identity.PASSWORD_BY_ADDRESS, at=now())
    return dict(webauthn.begin_authentication())


def sign_in_with_passkey(request: Any, *, credential: dict[str, Any], next_url: str) -> HttpResponse:
    """A passkey that checked its owner stands for both factors.

    Refuses with SignInFailed, for a passkey of the other face too.
    """
    clear_login(request)
    identity_kind = "staff" if request.face == DESK else "citizen"
    try:
        webauthn.parse_authentication_response(credential)
        user = webauthn.extract_user_from_response(credential)
        authenticator = webauthn.complete_authentication(user, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise identity.SignInFailed from None
    finally:
        webauthn.clear_state()
    if user.kind != identity_kind or not user.is_active:
        raise identity.SignInFailed
    post_authentication(request, authenticator, passwordless=True)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_url or None))
    return response


class SmsCodeStage(LoginStage):  # type: ignore[misc]  # allauth has no types
    """The citizen's second factor. A passkey, or a code that was proven a moment ago, leaves nothing to do."""

    key = "sms_code"
    urlname = "portal:sign_in_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if {"passkey", "sms_code"} & set(authenticated_by(self.request)):
            return None, True
        send_sign_in_code(self, at=now())
        return HttpResponseRedirect(reverse(self.urlname)), True


class SecondFactorStage(LoginStage):  # type: ignore[misc]  # allauth has no types
    """The employee's second factor; who has none sets one up before anything else opens."""

    key = "second_factor"
    urlname = "desk:second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if "passkey" in authenticated_by(self.request):
            return None, True
        known = identity.has_second_factor(self.login.user.pk)
        return HttpResponseRedirect(reverse(self.urlname if known else "desk:set_up_second_factor")), True


def find_stage(request: Any, key: str) -> LoginStage | None:
    """The half-done sign-in of this browser, if it stands at this stage."""
    if request.user.is_authenticated:
        return None
    return LoginStageController.enter(request, key)


def send_sign_in_code(stage: LoginStage, *, at: datetime) -> None:
    """Send a new code to the phone; the one before is dead. Refuses with TooManyTries."""
    user = stage.login.user
    identity.spend("codes_by_account", user.login, allowance=identity.CODES_BY_ACCOUNT, at=at)
    identity.spend("codes_by_account_a_day", user.login, allowance=identity.CODES_BY_ACCOUNT_A_DAY, at=at)
    stage.state["bound_to"] = secrets.token_urlsafe(16)
    notifications.send_new_code(
        SIGN_IN_PURPOSE,
        bound_to=stage.state["bound_to"],
        to=user.mobile,
        text_code="sign_in.code",
        at=at,
        language=user.language,
    )
    stash_login(stage.request, stage.login)


def finish_sms_code(stage: LoginStage, *, typed: str, at: datetime) -> HttpResponse:
    """Refuses with CodeWrong and CodeExpired."""
    identity.use_code(SIGN_IN_PURPOSE, bound_to=stage.state.get("bound_to", ""), typed=typed, at=at)
    record_authentication(stage.request, stage.login.user, method="sms_code")
    response: HttpResponse = stage.exit()
    return response


def finish_totp(stage: LoginStage, *, typed: str, at: datetime) -> HttpResponse:
    """Refuses with CodeWrong and TooManyTries."""
    identity.use_totp(stage.login.user.pk, typed=typed, at=at)
    record_authentication(stage.request, stage.login.user, method="mfa", type="totp")
    response: HttpResponse = stage.exit()
    return response


def finish_totp_set_up(stage: LoginStage, *, secret: str, typed: str, at: datetime) -> HttpResponse:
    """Keep the app whose first code was right, and come in with that code. Refuses with CodeWrong and TooManyTries."""
    user = stage.login.user
    by = Actor(ActorKind.STAFF, user.reference, authenticated_by=authenticated_by(stage.request))
    identity.set_up_totp(user.pk, secret=secret, by=by, at=at)
    return finish_totp(stage, typed=typed, at=at)


def sign_out(request: Any, *, at: datetime) -> None:
    """End this browser's session, and say so in the audit."""
    if request.actor is not None:
        identity.record_sign_out(request.user.pk, session_key=request.session.session_key, by=request.actor, at=at)
    logout.logout(request)


def prove_again(request: Any, *, password: str) -> None:
    """The signed-in person shows the password once more. Refuses with PasswordWrong and TooManyTries."""
    at = now()
    user = request.user
    identity.spend("proof", str(user.pk), allowance=identity.PASSWORD_BY_KNOWN_BROWSER, at=at)
    if not user.check_password(password):
        raise identity.PasswordWrong
    identity.give_back("proof", str(user.pk))
    record_authentication(request, user, method="password", reauthenticated=True)


def new_passkey_challenge(request: Any) -> dict[str, Any]:
    """What the browser needs to make a passkey. The challenge stays in the session and works once."""
    return dict(webauthn.begin_registration(request.user, passwordless=True))


def add_passkey(request: Any, *, name: str, credential: dict[str, Any], at: datetime) -> None:
    """Keep the passkey that the browser made. Refuses with PasskeyNotAdded."""
    try:
        webauthn.parse_registration_response(credential)
        made = webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        raise identity.PasskeyNotAdded from None
    finally:
        webauthn.clear_state()
    if not made.is_user_verified():
        raise identity.PasskeyNotAdded
    identity.add_passkey(request.user.pk, name=name, credential=credential, by=request.actor, at=at)


def change_password(request: Any, *, present: str, wanted: str, at: datetime) -> None:
    """Other browsers are signed out, this one stays, under a new session key.

    Refuses with PasswordWrong, PasswordTooWeak and TooManyTries.
    """
    account_id, old_key = request.user.pk, request.session.session_key
    identity.spend("password_change", str(account_id), allowance=identity.PASSWORD_BY_KNOWN_BROWSER, at=at)
    identity.change_password(account_id, present=present, wanted=wanted, keep_session=old_key, by=request.actor, at=at)
    update_session_auth_hash(request, identity.get_user(account_id))
    identity.rename_session(account_id, old_key=old_key, new_key=request.session.session_key)
