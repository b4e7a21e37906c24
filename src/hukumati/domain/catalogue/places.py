"""Institutions, offices, localities and synonyms: content that stands beside the service folders."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from hukumati.domain.catalogue.facts import (
    Governorate,
    InstitutionFacts,
    InstitutionNotFound,
    Locality,
    OfficeFacts,
    OfficeNotFound,
)
from hukumati.domain.catalogue.listings.facts import Topic, TopicNotFound
from hukumati.domain.catalogue.words import Lexicon
from hukumati.domain.catalogue.words import lexicon as lexicon_of
from hukumati.infra import declared
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


def institutions() -> Mapping[str, InstitutionFacts]:
    """In the order in which they are shown."""
    return _institutions()


def institution_name(institution: str) -> Text:
    """Refuses with InstitutionNotFound."""
    try:
        return _institutions()[institution].name
    except KeyError:
        raise InstitutionNotFound(institution) from None


def get_office(office: str) -> OfficeFacts:
    """Refuses with OfficeNotFound."""
    try:
        return _offices()[office]
    except KeyError:
        raise OfficeNotFound(office) from None


def list_offices(*, institution: str = "", kind: str = "") -> list[OfficeFacts]:
    """Offices of an institution, of a kind, or both."""
    return [
        office
        for office in _offices().values()
        if (not institution or office.institution == institution) and (not kind or office.kind == kind)
    ]


def list_governorates() -> tuple[Governorate, ...]:
    """All of them with their localities, in the order in which they are shown."""
    return _governorates()


def list_localities() -> Mapping[str, Locality]:
    """Every town and village of the list, by id."""
    return _localities()


def basis_words(instrument: str, article: str) -> Text:
    """The legal basis of a fee line as people read it."""
    name = _instruments().get(instrument, Text(instrument, instrument))
    return Text(f"{name.ar}، المادة {article}", f"{name.en}, article {article}")


def list_instruments() -> Mapping[str, Text]:
    """Laws, regulations and tariffs that are declared, by their id."""
    return _instruments()


def legal_words(legal_basis: str) -> Text:
    """The same for a service's `instrument:article-14`."""
    instrument, _colon, article = legal_basis.partition(":article-")
    return basis_words(instrument, article)


@cache
def lexicon() -> Lexicon:
    return lexicon_of(_toml("synonyms.toml")["groups"], _toml("plurals.toml")["plurals"])


@cache
def categories() -> Mapping[str, Topic]:
    """In the order in which they are shown."""
    return _topics("category")


@cache
def life_events() -> Mapping[str, Topic]:
    """What happens to people and needs several services; in the order in which they are shown."""
    return _topics("life_event")


def get_category(category: str) -> Topic:
    """Refuses with TopicNotFound."""
    return _topic(categories(), category)


def get_life_event(life_event: str) -> Topic:
    """Refuses with TopicNotFound."""
    return _topic(life_events(), life_event)


@cache
def services_expected() -> int:
    """How many services the programme is to move; 0 when the installation does not say."""
    return int(_toml("topics.toml").get("programme", {}).get("services_expected", 0))


def _topics(table: str) -> Mapping[str, Topic]:
    return {
        row["id"]: Topic(row["id"], _text(row["name"]), _text(row["about"]), row["icon"])
        for row in _toml("topics.toml")[table]
    }


def _topic(known: Mapping[str, Topic], name: str) -> Topic:
    if name not in known:
        raise TopicNotFound(name)
    return known[name]


@cache
def _institutions() -> Mapping[str, InstitutionFacts]:
    rows = _toml("institutions.toml")["institution"]
    return {
        row["id"]: InstitutionFacts(row["id"], _text(row["name"]), _text(row["about"]), row["icon"]) for row in rows
    }


@cache
def _instruments() -> Mapping[str, Text]:
    return {
        row["id"]: _text(row["name"])
        for row in declared.rows(settings.SERVICES_DIR, "instruments.toml", "instrument").values()
    }


@cache
def _offices() -> Mapping[str, OfficeFacts]:
    return {
        row["id"]: OfficeFacts(
            id=row["id"],
            kind=row["kind"],
            institution=row["institution"],
            name=_text(row["name"]),
            governorate=_text(row["governorate"]),
            address=_text(row["address"]),
            hours=_text(row["hours"]),
        )
        for row in _toml("offices.toml")["office"]
    }


@cache
def _governorates() -> tuple[Governorate, ...]:
    return tuple(
        Governorate(
            row["id"],
            _text(row["name"]),
            tuple(Locality(one["id"], row["id"], _text(one)) for one in row["localities"]),
        )
        for row in _toml("places.toml")["governorate"]
    )


@cache
def _localities() -> Mapping[str, Locality]:
    return {one.id: one for governorate in _governorates() for one in governorate.localities}


def _toml(name: str) -> dict[str, Any]:
    with (settings.SERVICES_DIR / name).open("rb") as file:
        return tomllib.load(file)


def _text(table: Mapping[str, str]) -> Text:
    return Text(table["ar"], table["en"])
