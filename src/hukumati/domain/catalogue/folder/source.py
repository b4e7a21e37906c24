"""The text of a service folder, decoded file by file, with every fault collected."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import threading
import tomllib
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from hukumati.domain.catalogue.decisions.facts import Aggregation, HitPolicy, Type
from hukumati.domain.catalogue.facts import FieldKind, Format, Kind, ServiceFault, Stage
from hukumati.domain.catalogue.folder.lines import Lines
from hukumati.domain.catalogue.folder.shapes import BESIDE_THE_SNAPSHOT, OTHER_FILES, SHAPES, TABLE_FILE, Shape

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping, Sequence

    from hukumati.domain.catalogue.folder.lines import Path

# msgspec learns what a type is when it is first used; two threads that use a new one at once end the process.
_learning = threading.Lock()
FILE_BYTES_MAX = 200_000
AT = re.compile(r" - at `(\$[^`]*)`")
AT_PARTS = re.compile(r"\.([\w-]+)|\[(\d+)\]|\[(\.\.\.)\]")
QUOTED = re.compile(r"`([^`]*)`")
SYNTAX_LINE = re.compile(r"at line (\d+)")
WORDS = {
    "kind": (*FieldKind, *Kind),
    "stage": tuple(Stage),
    "format": tuple(Format),
    "type": tuple(Type),
    "hit_policy": tuple(HitPolicy),
    "aggregation": tuple(Aggregation),
}


def read_folder(path: pathlib.Path) -> dict[str, str]:
    """Every file of the folder as text, by its path inside."""
    texts = {}
    for file in sorted(path.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            with file.open("rb") as opened:
                texts[file.relative_to(path).as_posix()] = opened.read(FILE_BYTES_MAX + 1).decode(errors="replace")
    return texts


class Source:
    """The files, what they decode to, and the faults found so far."""

    def __init__(self, files: Mapping[str, str], *, shown_as: str = "") -> None:
        self.files = files
        self.faults: list[ServiceFault] = []
        self.broken = False
        """A file could not be decoded: what hangs together cannot be proved before that is put right."""
        self._shown_as = shown_as
        self._lines: dict[str, Lines] = {}
        self._check_names()

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(json.dumps(self.snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @cached_property
    def snapshot(self) -> dict[str, str]:
        """The files that decide what the service does."""
        return {name: text for name, text in sorted(self.files.items()) if name not in BESIDE_THE_SNAPSHOT}

    def fault(self, file: str, path: Path, code: str, hint: str) -> None:
        self.fault_at(file, self.line(file, path), code, hint)

    def fault_at(self, file: str, line: int, code: str, hint: str) -> None:
        self.faults.append(ServiceFault(f"{self._shown_as}{file}", line, code, hint))

    def line(self, file: str, path: Path) -> int:
        if file not in self._lines:
            self._lines[file] = Lines(self.files.get(file, ""))
        return self._lines[file].of(path)

    def toml(self, file: str) -> dict[str, Any] | None:
        """The raw table, or None (with a fault when the file is there but wrong)."""
        if file not in self.files:
            return None
        try:
            return tomllib.loads(self.files[file])
        except tomllib.TOMLDecodeError as error:
            self.broken = True
            line = SYNTAX_LINE.search(str(error))
            self.fault_at(file, int(line[1]) if line else 1, "not_toml", str(error))
            return None

    def decode[S: Shape](self, file: str, shape: type[S]) -> S | None:
        table = self.toml(file)
        if table is None:
            return None
        try:
            with _learning:
                return msgspec.convert(table, shape)
        except msgspec.ValidationError as error:
            self.broken = True
            self._shape_fault(file, str(error))
            return None

    def json(self, file: str) -> Any:
        try:
            return json.loads(self.files[file])
        except ValueError as error:
            self.fault_at(file, getattr(error, "lineno", 1), "not_json", str(error))
            return None

    def _check_names(self) -> None:
        known = (*SHAPES, *OTHER_FILES, *BESIDE_THE_SNAPSHOT)
        for name, text in self.files.items():
            if name not in known and not TABLE_FILE.fullmatch(name):
                self.fault_at(
                    name,
                    1,
                    "unknown_file",
                    f"not a file of a service; {close_to(name, known)}known are {', '.join(known)} and tables/<name>.toml",
                )
            if len(text) > FILE_BYTES_MAX:
                self.fault_at(name, 1, "file_too_large", f"more than {FILE_BYTES_MAX} bytes")

    def _shape_fault(self, file: str, message: str) -> None:
        at = AT.search(message)
        path: Path = tuple(int(n) if n else key for key, n, _any in AT_PARTS.findall(at[1])) if at else ()
        said = AT.sub("", message)
        quoted = QUOTED.findall(said)
        if said.startswith("Object contains unknown field"):
            hint = f"`{quoted[0]}` is not known here; {close_to(quoted[0], _field_names())}remove it or correct its spelling"
            self.fault(file, (*path, quoted[0]), "unknown_key", hint)
        elif said.startswith("Object missing required field"):
            self.fault(file, path, "key_missing", f"`{quoted[0]}` is missing here: add it")
        elif said.startswith("Invalid enum value"):
            allowed = WORDS.get(str(path[-1]), ())
            self.fault(
                file,
                path,
                "unknown_word",
                f"{said}; {close_to(said.split()[-1].strip(chr(39)), allowed)}use one of: {', '.join(allowed)}",
            )
        else:
            self.fault(file, path, "wrong_value", said)


def close_to(word: str, known: Sequence[str]) -> str:
    """`did you mean …? ` when something known is spelt alike."""
    near = difflib.get_close_matches(word, known, 1)
    return f"did you mean `{near[0]}`? " if near else ""


def _field_names() -> list[str]:
    from hukumati.domain.catalogue.folder import shapes

    structs = [value for value in vars(shapes).values() if isinstance(value, type) and issubclass(value, Shape)]
    return sorted({name for struct in structs for name in struct.__struct_encode_fields__})
