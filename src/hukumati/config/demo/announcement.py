"""What a newcomer needs to know, in both languages, when everything is up."""

from __future__ import annotations

import json
import sys
import tomllib
from typing import TYPE_CHECKING, Any

from hukumati.config.demo.installation import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hukumati.config.demo.installation import Installation

CAST = ROOT / "sandbox" / "population" / "cast.toml"


def announce(installation: Installation, *, seconds: float) -> None:
    """Print it."""
    sys.stdout.write("\n".join(_lines(installation, seconds=seconds)) + "\n")
    sys.stdout.flush()


def _lines(installation: Installation, *, seconds: float) -> Iterator[str]:
    web, phones = installation.addresses.url("web"), installation.addresses.url("phones")
    yield ""
    yield f"حكومتي جاهزة · Hukumati is ready ({seconds:.1f} s)"
    yield ""
    yield f"  {web}/                  البوابة بالعربية · portal in Arabic"
    yield f"  {web}/en/               portal in English"
    yield f"  {web}/desk/             مكتب الموظفين · desk of the staff"
    yield f"  {phones}/                  الهواتف: الرسائل القصيرة · phones: what SMS they received"
    yield f"  {phones}/authenticator     رموز الموظفين · codes of the staff"
    yield f"  {phones}/mail              البريد · mail"
    yield f"  {installation.addresses.url('gateway')}/bank/             كشوف البنك · the bank's statements"
    yield ""
    yield "مواطنون للتجربة · citizens to try: sign up with these three; the code comes to the phones page"
    yield f"  {'ID · رقم الهوية':<18}{'born · الميلاد':<18}{'card · البطاقة':<18}"
    for person in _citizens():
        yield f"  {person['national_id']:<18}{person['birth_date']!s:<18}{person['card_issued_on']!s:<18}{' '.join(person['name'])}"
        yield f"  {'':<54}{person['shows']['ar']} · {person['shows']['en']}"
    yield ""
    yield f"موظفون · staff: password {installation.secrets['HUKUMATI_DEMO_STAFF_PASSWORD']}   كلمة المرور"
    for member in _staff(installation):
        yield f"  {member['login']:<20}{member['name']}"
    yield ""
    yield "Ctrl-C للإيقاف، والبيانات تبقى · Ctrl-C stops, data stays · make demo-reset"


def _citizens() -> list[dict[str, Any]]:
    """Those who can sign up by themselves; the others are there because somebody's family needs them."""
    if not CAST.exists():
        return []
    people: list[dict[str, Any]] = tomllib.loads(CAST.read_text())["person"]
    return [
        person
        for person in people
        if {"shows", "mobile", "card_issued_on"} <= person.keys() and "died_on" not in person
    ]


def _staff(installation: Installation) -> list[dict[str, str]]:
    path = installation.home / "authenticator.json"
    members: list[dict[str, str]] = json.loads(path.read_text()) if path.exists() else []
    return members
