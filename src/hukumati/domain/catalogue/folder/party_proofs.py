"""What must hold when another person is asked: the form says who, he is shown what he agrees to, and the table waits for his word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.domain.catalogue.facts import FieldKind
from hukumati.kernel.process import By

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hukumati.domain.catalogue.facts import ServiceVersion
    from hukumati.domain.catalogue.folder.lines import Path
    from hukumati.domain.catalogue.folder.proofs import Decoded
    from hukumati.domain.catalogue.folder.shapes import FieldShape

FILE = "form.toml"


def prove(version: ServiceVersion, files: Decoded) -> None:
    asking = [
        index for index, step in enumerate(version.process.steps if version.process else ()) if step.by == By.PARTY
    ]
    fields = [(path, field) for path, field in _fields(files) if field.kind == FieldKind.PARTY]
    if asking and not fields:
        hint = "the table waits for another person: the form needs a field of kind `party` that says who"
        files.source.fault("process.toml", ("steps", asking[0]), "nobody_to_ask", hint)
    for path, field in fields:
        if not asking:
            hint = f"`{field.id}` names who must agree, and no step asks: give process.toml `confirm` and `decline` by the party"
            files.source.fault(FILE, path, "party_never_asked", hint)
        _prove_shown(version, files, field, path)


def _prove_shown(version: ServiceVersion, files: Decoded, field: FieldShape, path: Path) -> None:
    """He agrees to something that he sees, and sees nothing that is not on the form."""
    if not field.shows:
        hint = f"`{field.id}`: name under `shows` the fields that the other person sees and agrees to"
        files.source.fault(FILE, path, "question_incomplete", hint)
    for name in field.shows:
        if version.form.find_field(name) is None or name == field.id:
            files.source.fault(
                FILE, path, "unknown_question", f"`{field.id}` shows `{name}`, which is no field of the form"
            )


def _fields(files: Decoded) -> Iterator[tuple[Path, FieldShape]]:
    for number, page in enumerate(files.form.page if files.form else ()):
        for index, field in enumerate(page.field):
            yield ("page", number, "field", index), field
