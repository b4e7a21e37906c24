"""What uploads speak in: limits, what was taken, and the refusals. Each refusal is said beside the question that asked for the file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from hukumati.kernel.refusal import Refused

if TYPE_CHECKING:
    from datetime import datetime

BYTES_MAX: Final = 5_000_000
"""No question may allow more: a request is no larger (settings.REQUEST_BYTES_MAX)."""
PIXELS_MAX: Final = 50_000_000
"""The largest pictures of today's telephones. Decoded, they fill 150 MB."""
PAGES_MAX: Final = 10
SIDE_MAX: Final = 2400
"""The longer side of what is kept, in pixels, unless a question says less: a photographed paper stays readable."""


class FileType(StrEnum):
    """What a file is, by its first bytes."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What may be handed in. A proportion is the width in per cent of the height; 0 means that any will do."""

    types: tuple[FileType, ...]
    bytes_max: int = BYTES_MAX
    pixels_max: int = PIXELS_MAX
    pages_max: int = PAGES_MAX
    width_min: int = 1
    height_min: int = 1
    proportion_min: int = 0
    proportion_max: int = 0
    side_max: int = SIDE_MAX


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """One thing that was handed in, as it is kept: a JPEG, or a PDF that holds pictures of pages only."""

    reference: str
    about: str
    field: str
    type: FileType
    sha256: str
    size_bytes: int
    width: int
    height: int
    pages: int
    taken_at: datetime

    @property
    def is_picture(self) -> bool:
        return self.type == FileType.JPEG

    @property
    def name(self) -> str:
        """The name it is sent under. What the citizen's own file was called is not kept."""
        return f"{self.reference}.{'jpg' if self.is_picture else self.type}"


@dataclass(frozen=True, slots=True)
class UploadFile:
    """Its bytes, on the way to a reader."""

    facts: UploadFacts
    content: bytes


@dataclass(eq=False)
class UploadNotFound(Refused):
    """No such upload of this case, or it has been taken away."""

    code: ClassVar[str] = "uploads.not_found"


@dataclass(eq=False)
class UploadRefused(Refused):
    """What was handed in cannot be taken. Nothing was kept."""

    code: ClassVar[str] = "uploads.refused"


@dataclass(eq=False)
class FileEmpty(UploadRefused):
    code: ClassVar[str] = "uploads.file_empty"


@dataclass(eq=False)
class FileTooLarge(UploadRefused):
    bytes_max: int
    code: ClassVar[str] = "uploads.file_too_large"


@dataclass(eq=False)
class TypeNotAccepted(UploadRefused):
    """Judged by its bytes, never by its name or by what the browser says of it."""

    accepted: tuple[FileType, ...]
    code: ClassVar[str] = "uploads.type_not_accepted"


@dataclass(eq=False)
class FileNotReadable(UploadRefused):
    """It begins like a picture or a PDF and cannot be read to its end: damaged, incomplete, locked by a password, or made to do harm."""

    code: ClassVar[str] = "uploads.file_not_readable"


@dataclass(eq=False)
class TooManyPixels(UploadRefused):
    pixels_max: int
    code: ClassVar[str] = "uploads.too_many_pixels"


@dataclass(eq=False)
class PictureTooSmall(UploadRefused):
    width_min: int
    height_min: int
    width: int
    height: int
    code: ClassVar[str] = "uploads.picture_too_small"


@dataclass(eq=False)
class WrongProportions(UploadRefused):
    """Too wide, or too tall, for the place where it is printed."""

    too_wide: bool
    code: ClassVar[str] = "uploads.wrong_proportions"


@dataclass(eq=False)
class TooManyPages(UploadRefused):
    pages_max: int
    code: ClassVar[str] = "uploads.too_many_pages"
