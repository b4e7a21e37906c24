"""The catalogue as linked data: CPSV-AP 3.2 (European core vocabulary of public services) and DCAT. Names come from there; nothing is said that the catalogue does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.catalogue import places
from hukumati.domain.catalogue.facts import Stage
from hukumati.domain.catalogue.words import ARABIC
from hukumati.kernel.money import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hukumati.domain.catalogue.facts import InstitutionFacts
    from hukumati.domain.catalogue.listings.facts import DescribedService, Topic
    from hukumati.kernel.text import Text

    type Node = dict[str, Any]

EU: Final = "http://publications.europa.eu/resource/authority"
CONTEXT: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
COUNTRY: Final = f"{EU}/country/PSE"
LANGUAGES: Final = (f"{EU}/language/ARA", f"{EU}/language/ENG")
PUBLISHER: Final = "cabinet"
TITLE: Final = [
    {"@value": "دليل الخدمات الحكومية", "@language": "ar"},
    {"@value": "Catalogue of government services", "@language": "en"},
]
ABOUT: Final = [
    {
        "@value": "كل الخدمات الحكومية: من يقدمها، ولمن، وما تتطلبه، ورسومها، ومدتها، وهل هي متاحة عبر الإنترنت.",
        "@language": "ar",
    },
    {
        "@value": "Every government service: who gives it, for whom, what it needs, its fee, its time, and whether it is online.",
        "@language": "en",
    },
]
STAGES: Final = {
    Stage.LISTED: ("موصوفة", "Listed"),
    Stage.RE_ENGINEERED: ("أعيد تصميمها", "Re-engineered"),
    Stage.AUTOMATED: ("مؤتمتة", "Automated"),
    Stage.PILOT: ("تجريبية", "Pilot"),
    Stage.OPEN: ("متاحة", "Open"),
    Stage.SUSPENDED: ("موقوفة", "Suspended"),
}


class Graph:
    """Nodes with addresses under `base`, the public address of the installation."""

    def __init__(self, base: str) -> None:
        self.base = base

    def around(self) -> Iterator[Node]:
        """What services point to: institutions, categories, events of life, stages, the country."""
        yield {"@id": COUNTRY, "@type": "dct:Location"}
        for institution in places.institutions().values():
            yield self._institution(institution)
        for category in places.categories().values():
            yield {"@id": self._category(category.id), "@type": "skos:Concept", "skos:prefLabel": _texts(category.name)}
        for event in places.life_events().values():
            yield self._life_event(event)
        for stage, (ar, en) in STAGES.items():
            label = [{"@value": ar, "@language": "ar"}, {"@value": en, "@language": "en"}]
            yield {"@id": self._stage(stage), "@type": "skos:Concept", "skos:prefLabel": label}

    def service(self, service: DescribedService) -> Iterator[Node]:
        """A service, and what belongs to it alone."""
        entry = service.entry
        about = self._service(entry.id)
        parts = [*self._channels(service), *self._cost(service), *self._papers(service), *self._laws(service)]
        yield {
            "@id": about,
            "@type": "cpsv:PublicService",
            "dct:identifier": entry.id,
            "dct:title": _texts(entry.name),
            "dct:description": _texts(entry.summary if entry.summary.ar else entry.name),
            "dct:language": [{"@id": language} for language in LANGUAGES],
            "dct:spatial": {"@id": COUNTRY},
            "adms:status": {"@id": self._stage(entry.stage)},
            "cv:hasCompetentAuthority": {"@id": self._of_institution(entry.institution)},
            "dcat:keyword": [_keyword(word) for word in service.keywords],
            **self._more(service),
            **_links(parts),
        }
        yield from (part for _name, part in parts)

    def data_set(self) -> Node:
        """What the data set is and where to take it (DCAT)."""
        institution = places.institutions().get(PUBLISHER) or next(iter(places.institutions().values()))
        files = (("catalogue.csv", "text/csv"), ("catalogue.jsonld", "application/ld+json"))
        return {
            "@context": CONTEXT,
            "@graph": [
                {
                    "@id": f"{self.base}/catalogue/dataset.jsonld",
                    "@type": "dcat:Dataset",
                    "dct:title": TITLE,
                    "dct:description": ABOUT,
                    "dct:publisher": {"@id": self._of_institution(institution.id)},
                    "dct:language": [{"@id": language} for language in LANGUAGES],
                    "dct:spatial": {"@id": COUNTRY},
                    "dcat:landingPage": {"@id": f"{self.base}/progress/"},
                    "dcat:distribution": [{"@id": f"{self.base}/{name}"} for name, _type in files],
                },
                {"@id": f"{self.base}/progress/", "@type": "foaf:Document"},
                {"@id": COUNTRY, "@type": "dct:Location"},
                self._institution(institution),
                *(
                    {
                        "@id": f"{self.base}/{name}",
                        "@type": "dcat:Distribution",
                        "dcat:accessURL": {"@id": f"{self.base}/{name}"},
                        "dcat:mediaType": media_type,
                    }
                    for name, media_type in files
                ),
            ],
        }

    def _institution(self, institution: InstitutionFacts) -> Node:
        return {
            "@id": self._of_institution(institution.id),
            "@type": ["cv:PublicOrganisation", "org:Organization", "foaf:Agent"],
            "dct:identifier": institution.id,
            "dct:title": _texts(institution.name),
            "skos:prefLabel": _texts(institution.name),
            "dct:spatial": {"@id": COUNTRY},
        }

    def _life_event(self, event: Topic) -> Node:
        return {
            "@id": self._event(event.id),
            "@type": ["cv:LifeEvent", "cv:Event"],
            "dct:identifier": event.id,
            "dct:title": _texts(event.name),
            "dct:description": _texts(event.about),
        }

    def _more(self, service: DescribedService) -> Node:
        entry = service.entry
        more: Node = {}
        if entry.category:
            more["cv:thematicArea"] = {"@id": self._category(entry.category)}
        if entry.life_events:
            more["cv:isGroupedBy"] = [{"@id": self._event(event)} for event in entry.life_events]
        if entry.answer_within_working_days is not None:
            days = f"P{entry.answer_within_working_days}D"
            more["cv:processingTime"] = {"@value": days, "@type": "xsd:duration"}
        return more

    def _channels(self, service: DescribedService) -> Iterator[tuple[str, Node]]:
        entry = service.entry
        if entry.startable:
            words = [{"@value": "عبر الإنترنت", "@language": "ar"}, {"@value": "Online", "@language": "en"}]
            yield "cv:hasChannel", self._channel(f"{self._service(entry.id)}#online", entry.institution, words)
        for office in service.offices:
            name = places.get_office(office).name
            yield "cv:hasChannel", self._channel(f"{self._service(entry.id)}#{office}", entry.institution, _texts(name))
        if service.place:
            address = f"{self._service(entry.id)}#counter"
            yield "cv:hasChannel", self._channel(address, entry.institution, _texts(service.place))

    def _channel(self, address: str, institution: str, words: list[dict[str, str]]) -> Node:
        return {
            "@id": address,
            "@type": "cv:Channel",
            "dct:identifier": address.rpartition("#")[2],
            "dct:description": words,
            "cv:ownedBy": {"@id": self._of_institution(institution)},
        }

    def _cost(self, service: DescribedService) -> Iterator[tuple[str, Node]]:
        fee = service.entry.fee_from
        if fee is None:
            return
        yield (
            "cv:hasCost",
            {
                "@id": f"{self._service(service.entry.id)}#fee",
                "@type": "cv:Cost",
                "dct:identifier": f"{service.entry.id}-fee",
                "cv:hasValue": {
                    "@value": str(fee.amount_minor / 10 ** MINOR_DIGITS[fee.currency]),
                    "@type": "xsd:double",
                },
                "cv:currency": {"@id": f"{EU}/currency/{fee.currency}"},
                "dct:description": [
                    {"@value": "أقل رسم", "@language": "ar"},
                    {"@value": "The least fee", "@language": "en"},
                ],
            },
        )

    def _papers(self, service: DescribedService) -> Iterator[tuple[str, Node]]:
        for number, paper in enumerate(service.papers, 1):
            address = f"{self._service(service.entry.id)}#paper-{number}"
            node = {"@id": address, "@type": "cv:EvidenceType", "dct:identifier": f"{service.entry.id}-paper-{number}"}
            yield "cv:hasInputType", {**node, "dct:title": _texts(paper)}

    def _laws(self, service: DescribedService) -> Iterator[tuple[str, Node]]:
        for basis in service.legal_basis:
            address = f"{self.base}/laws/{basis.replace(':', '/')}"
            words = _texts(places.legal_words(basis))
            yield "cv:hasLegalResource", {"@id": address, "@type": "eli:LegalResource", "dct:title": words}

    def _service(self, service_id: str) -> str:
        return f"{self.base}/services/{service_id}/"

    def _of_institution(self, institution: str) -> str:
        return f"{self.base}/institutions/{institution}/"

    def _category(self, category: str) -> str:
        return f"{self.base}/categories/{category}/"

    def _event(self, event: str) -> str:
        return f"{self.base}/life-events/{event}/"

    def _stage(self, stage: Stage) -> str:
        return f"{self.base}/progress/#{stage}"


def _texts(words: Text) -> list[dict[str, str]]:
    return [{"@value": words.ar, "@language": "ar"}, {"@value": words.en, "@language": "en"}]


def _keyword(word: str) -> dict[str, str]:
    return {"@value": word, "@language": "ar" if ARABIC.search(word) else "en"}


def _links(parts: list[tuple[str, Node]]) -> Node:
    linked: Node = {}
    for name, part in parts:
        linked.setdefault(name, []).append({"@id": part["@id"]})
    return linked
