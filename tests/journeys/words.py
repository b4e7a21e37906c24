"""What a page says, in the reader's language: from the catalogues that the pages themselves are made of."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from babel.messages.pofile import read_po

from hukumati.config.demo.installation import ROOT

CATALOGUES = ("portal", "desk", "ui")


def said(words: str, language: str) -> str:
    """The words of a template, as a reader of this language sees them. Words without a translation fail the test."""
    if language == "en":
        return words
    for name in CATALOGUES:
        if translated := catalogue(name).get(words):
            return translated
    raise AssertionError(f"nowhere translated: {words!r}")


def service_said(service: str, path: str, language: str) -> str:
    """A text of a service's own: service_said("interior.birth_certificate_copy", "field.copies.label", "ar")."""
    found: Any = _service_texts(service, language)
    for key in path.split("."):
        found = found[key]
    assert isinstance(found, str)
    return found


@cache
def catalogue(name: str) -> dict[str, str]:
    """The Arabic of one catalogue, by its English; plurals and words with a context aside."""
    path = ROOT / f"src/hukumati/web/{name}/locale/ar/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        read = read_po(file)
    return {
        message.id: message.string
        for message in read
        if isinstance(message.id, str) and message.id and message.string and not message.context
    }


@cache
def _service_texts(service: str, language: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "services" / service.replace(".", "/") / "texts" / f"{language}.toml").read_text())
