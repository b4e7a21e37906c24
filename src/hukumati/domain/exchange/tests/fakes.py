"""A registry in this process, for what the exchange itself must do. The real one is spoken to in tests/ports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from hukumati.domain.exchange.facts import RegistryAnswerError, RegistryUnreachableError
from hukumati.domain.exchange.models import Read, Write
from hukumati.domain.exchange.ports import RefusedByRegistryError, RegistryAnswer, UnknownToRegistryError

AS_OF = datetime(2026, 11, 23, 8, 59, tzinfo=UTC)


@dataclass
class FakeRegistry:
    facts: dict = field(default_factory=lambda: {"state": "valid", "points": 0, "public_employee": True})
    mood: str = ""
    heard: list = field(default_factory=list)
    reads_seen: list = field(default_factory=list)
    entered: dict = field(default_factory=dict)
    up: bool = True
    checks: int = 0

    def ask(self, question):
        self.heard.append(question)
        self.reads_seen.append(Read.objects.filter(reference=question.reference).exists())
        if self.mood == "unknown":
            raise UnknownToRegistryError(question.registry)
        if self.mood == "unreachable":
            raise RegistryUnreachableError(question.registry, "timeout")
        if self.mood == "wrong":
            raise RegistryAnswerError(question.registry, "garbage")
        return RegistryAnswer({name: self.facts[name] for name in question.attributes}, AS_OF, "request-1")

    def tell(self, statement):
        self.heard.append(statement)
        self.reads_seen.append(Write.objects.filter(reference=statement.reference).exists())
        if self.mood == "unknown":
            raise UnknownToRegistryError(statement.registry)
        if self.mood == "refused":
            raise RefusedByRegistryError(statement.registry, "civil.already_registered")
        if self.mood == "wrong":
            raise RegistryAnswerError(statement.registry, "garbage")
        self.entered.setdefault(statement.key, {name: f"{name} {len(self.entered) + 1}" for name in statement.returns})
        if self.mood == "lost":
            raise RegistryUnreachableError(statement.registry, "timeout")
        return RegistryAnswer(self.entered[statement.key], AS_OF, "request-3")

    def check_identity(self, question):
        self.heard.append(question)
        name = {"first": "سلمى", "father": "محمود", "grandfather": "خليل", "family": "العطار"}
        latin = {"first": "Salma", "father": "Mahmoud", "grandfather": "Khalil", "family": "Al-Attar"}
        if self.mood == "unreachable":
            raise RegistryUnreachableError(question.registry, "timeout")
        if self.mood == "unknown":
            return RegistryAnswer(
                {"matches": False, "name_ar": None, "name_latin": None, "mobile": None}, AS_OF, "request-2"
            )
        return RegistryAnswer(
            {"matches": True, "name_ar": name, "name_latin": latin, "mobile": "+970590000001"}, AS_OF, "request-2"
        )

    def check(self, registry, *, service):
        self.heard.append((registry, service))
        self.checks += 1
        return self.up
