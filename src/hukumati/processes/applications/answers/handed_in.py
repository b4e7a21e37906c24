"""Questions that are answered by a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hukumati.processes.applications.answers.sent import Around, Wrong

if TYPE_CHECKING:
    from hukumati.domain.catalogue.facts import Field
    from hukumati.processes.applications.answers.sent import Typed


def read_handed_in(asked: Field, _typed: Typed, around: Around) -> str | None:
    """A file becomes an answer when it is handed in; what a form claims about it counts for nothing."""
    kept = around.uploads.get(asked.id)
    if not kept and asked.required:
        raise Wrong("answers.required")
    return kept
