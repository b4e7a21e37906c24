"""The pure door: what a service's own rules, and the rules of processes, may see. Values only, no Django behind it."""

from __future__ import annotations

from hukumati.domain.catalogue.decisions.inputs import fact_at
from hukumati.domain.catalogue.facts import (
    Assessment,
    Facts,
    Field,
    FieldKind,
    Kind,
    Page,
    ReadDeclaration,
    ServiceVersion,
    WriteDeclaration,
)
from hukumati.domain.catalogue.names import full_name
from hukumati.domain.catalogue.offers import chosen_records, offered_people, offered_records, person_key
from hukumati.domain.catalogue.questions import HANDED_IN, letters_pattern
from hukumati.domain.catalogue.rules import (
    conditions_that_hold,
    document_data,
    eligibility,
    eligibility_so_far,
    facts_missing,
    fee,
)
from hukumati.domain.catalogue.tariff import given_back
from hukumati.kernel.money import Money
from hukumati.kernel.text import Text

__all__ = [
    "HANDED_IN",
    "Assessment",
    "Facts",
    "Field",
    "FieldKind",
    "Kind",
    "Money",
    "Page",
    "ReadDeclaration",
    "ServiceVersion",
    "Text",
    "WriteDeclaration",
    "chosen_records",
    "conditions_that_hold",
    "document_data",
    "eligibility",
    "eligibility_so_far",
    "fact_at",
    "facts_missing",
    "fee",
    "full_name",
    "given_back",
    "letters_pattern",
    "offered_people",
    "offered_records",
    "person_key",
]
