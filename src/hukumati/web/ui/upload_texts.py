"""Why a photo or a file cannot be taken, and what to do, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as late

from hukumati.web.ui.writing import megabytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hukumati.domain.uploads.facts import FileType

TYPE_NAMES: Final = {"jpeg": "JPG", "png": "PNG", "pdf": "PDF"}


def type_names(types: Iterable[FileType]) -> str:
    """`JPG or PNG`, by the names that people see at the end of a file's name. A word between them keeps their order in Arabic."""
    return f" {_('or')} ".join(TYPE_NAMES[kind] for kind in types)


def _too_large(refusal: Any) -> str:
    return _("The file is larger than %(megabytes)s MB. Choose a smaller one.") % {
        "megabytes": megabytes(refusal.bytes_max)
    }


def _type_not_accepted(refusal: Any) -> str:
    return _("This file is of another kind, whatever its name says. Choose one of these kinds: %(types)s") % {
        "types": type_names(refusal.accepted)
    }


def _too_many_pixels(refusal: Any) -> str:
    return _("The picture has more than %(megapixels)s megapixels. Choose a smaller one.") % {
        "megapixels": megabytes(refusal.pixels_max)
    }


def _too_small(refusal: Any) -> str:
    return _(
        "The picture is too small: %(width)s by %(height)s pixels. It needs %(width_min)s by %(height_min)s or more."
    ) % {
        "width": refusal.width,
        "height": refusal.height,
        "width_min": refusal.width_min,
        "height_min": refusal.height_min,
    }


def _wrong_proportions(refusal: Any) -> str:
    if refusal.too_wide:
        return _("The picture is too wide. Hold the phone upright, or cut the picture at its sides.")
    return _("The picture is too tall. Cut it above and below, with a little room over the head.")


def _too_many_pages(refusal: Any) -> str:
    return _("The file has more than %(pages)s pages. Hand in only those that are asked for.") % {
        "pages": refusal.pages_max
    }


UPLOAD_TEXTS: Final[dict[str, Callable[[Any], str] | Any]] = {
    "uploads.not_found": late("This was not found."),
    "uploads.refused": late("This file cannot be taken. Choose another."),
    "uploads.file_empty": late("The file is empty. Choose another."),
    "uploads.file_too_large": _too_large,
    "uploads.type_not_accepted": _type_not_accepted,
    "uploads.file_not_readable": late(
        "The file cannot be read: it is damaged, incomplete or locked. Take the picture again, or choose another file."
    ),
    "uploads.too_many_pixels": _too_many_pixels,
    "uploads.picture_too_small": _too_small,
    "uploads.wrong_proportions": _wrong_proportions,
    "uploads.too_many_pages": _too_many_pages,
}
