"""What somebody typed on a page whose session ended meanwhile: kept until they have signed in again, for them and that page alone.

Only a session that grew old keeps anything. One that was ended on purpose, or never was, leaves nothing behind, so that nobody fills the
database with forms. Files are not kept: a browser has to choose them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.timezone import now

if TYPE_CHECKING:
    from django.http import HttpRequest

KEPT: Final = "kept_form"
LETTERS_MAX: Final = 20_000
KEPT_SECONDS: Final = 30 * 60
NEVER_KEPT: Final = frozenset({"csrfmiddlewaretoken", "later"})


def keep(request: Any, *, account_id: int) -> None:
    """Put the form of this request aside in the visitor's new, anonymous session, unless it is larger than any honest one."""
    typed = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > LETTERS_MAX:
        return
    request.session[KEPT] = {"path": request.path, "account": account_id, "at": now().timestamp(), "typed": typed}


def take(request: HttpRequest, *, account_id: int) -> dict[str, list[str]] | None:
    """What this person typed on this page before the session ended; once. None when there is nothing, or it is another's, or too old."""
    kept = request.session.get(KEPT)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    if kept["account"] != account_id or now().timestamp() - kept["at"] > KEPT_SECONDS:
        return None
    typed: dict[str, list[str]] = kept["typed"]
    return typed
