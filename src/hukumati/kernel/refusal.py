"""A "no" is an expected answer with a code and facts. A fault (…Error) is a surprise that pages someone."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar


@dataclasses.dataclass(eq=False)
class Refused(Exception):
    """Base of every refusal. Subclasses are dataclasses; `code` is `module.fact`, stable for ever, and the translation key."""

    code: ClassVar[str] = "kernel.refused"

    def facts(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def __str__(self) -> str:
        return f"{self.code} {self.facts()}"
