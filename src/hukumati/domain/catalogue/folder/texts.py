"""The words of a service in both languages, and whether each is needed and there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hukumati.domain.catalogue.folder.source import close_to
from hukumati.kernel.text import Text

if TYPE_CHECKING:
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.source import Source

AR, EN = "texts/ar.toml", "texts/en.toml"
MISSING = Text("", "")


class Texts:
    """Hands out texts by key and remembers which were asked for. Arabic is the source; English must have the same keys."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._ar = self._read(AR)
        self._en = self._read(EN)
        self._used: set[str] = set()

    @property
    def used(self) -> dict[str, Text]:
        return {
            key: Text(self._ar[key], self._en[key]) for key in sorted(self._used) if key in self._ar and key in self._en
        }

    def need(self, key: str, *, file: str, path: Path) -> Text:
        """The text, or a fault where it is needed."""
        self._used.add(key)
        for language, known in ((AR, self._ar), (EN, self._en)):
            if not known.get(key):
                self._source.fault(
                    file,
                    path,
                    "text_missing",
                    f"{language} has no text `{key}`; {close_to(key, list(known))}write it there",
                )
        return Text(self._ar.get(key, ""), self._en.get(key, ""))

    def find(self, key: str) -> Text | None:
        """An optional text: both languages or none."""
        if key not in self._ar and key not in self._en:
            return None
        return self.need(key, file=AR if key in self._ar else EN, path=tuple(key.split(".")))

    def report_unused(self) -> None:
        for language, known in ((AR, self._ar), (EN, self._en)):
            for key in sorted(set(known) - self._used):
                self._source.fault(
                    language,
                    tuple(key.split(".")),
                    "text_unused",
                    f"nothing shows `{key}`: remove it or correct its name",
                )

    def _read(self, file: str) -> dict[str, str]:
        if file not in self._source.files:
            self._source.fault_at(file, 1, "file_missing", "every service has its words in Arabic and English")
            return {}
        return self._flat(file, self._source.toml(file) or {}, ())

    def _flat(self, file: str, table: dict[str, Any], path: tuple[str, ...]) -> dict[str, str]:
        flat: dict[str, str] = {}
        for key, value in table.items():
            here = (*path, key)
            if isinstance(value, dict):
                flat |= self._flat(file, value, here)
            elif isinstance(value, str):
                flat[".".join(here)] = value.strip()
            else:
                self._source.fault(file, here, "wrong_value", "a text stands in quotes")
        return flat
