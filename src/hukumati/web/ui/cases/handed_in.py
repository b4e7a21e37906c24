"""Photos and papers on a page: what is taken, in words, and what stands there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from hukumati.domain.uploads import api as uploads
from hukumati.web.ui.cases.problems import problem_of
from hukumati.web.ui.cases.words import in_page_language
from hukumati.web.ui.fields import Field
from hukumati.web.ui.upload_texts import type_names
from hukumati.web.ui.writing import ltr, megabytes

if TYPE_CHECKING:
    from hukumati.domain.catalogue import api as catalogue
    from hukumati.processes.applications.facts import ApplicationFacts
    from hukumati.web.ui.cases.values import Given

ENDINGS: Final = {
    uploads.FileType.JPEG: ("jpg", "jpeg"),
    uploads.FileType.PNG: ("png",),
    uploads.FileType.PDF: ("pdf",),
}
PICTURE: Final = Markup(
    '<a class="upload" href="{address}" target="_blank"><img src="{address}" alt="{label}" loading="lazy"></a>'
)
PAPER: Final = Markup('<a href="{address}">{label}</a> {name}')


def question(asked: catalogue.Field, given: Given, limits: uploads.UploadLimits) -> Field:
    """A question that is answered by a file: what stands there already is shown, and another may take its place."""
    label, kept = in_page_language(asked.label), given.application.answers.get(asked.id)
    if not given.takes_files:
        known = _("Handed in") if kept else _("The citizen hands it in on the own phone")
        return Field(name=asked.id, label=label, kind="show", value=known)
    return Field(
        name=asked.id,
        label=label,
        kind="file",
        hint=" ".join(part for part in (in_page_language(asked.hint), limits_in_words(limits)) if part),
        error=problem_of(asked, given.errors),
        optional=not asked.required,
        accept=",".join(f".{ending}" for kind in limits.types for ending in ENDINGS[kind]),
        shown=shown_upload(given.application, kept, label=label, face="portal") if kept else "",
        bytes_max=limits.bytes_max,
    )


def limits_in_words(limits: uploads.UploadLimits) -> str:
    """What is taken, said before it is refused."""
    return _("%(types)s, up to %(megabytes)s MB.") % {
        "types": type_names(limits.types),
        "megabytes": megabytes(limits.bytes_max),
    }


def shown_upload(application: ApplicationFacts, reference: str, *, label: str, face: str) -> Markup:
    """A picture as a picture, a paper as a link to it. One whose draft is given up is named only."""
    kept = uploads.find_kept(reference, about=application.reference)
    if kept is None:
        return ltr(reference)
    address = reverse(f"{face}:upload", args=[application.reference, reference])
    drawn = PICTURE if kept.is_picture else PAPER
    return drawn.format(address=address, label=label, name=ltr(kept.name))
