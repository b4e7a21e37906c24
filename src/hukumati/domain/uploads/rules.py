"""What can be said of a file by its first bytes and its measures. Pure: values in, values out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hukumati.domain.uploads.facts import (
    FileEmpty,
    FileTooLarge,
    FileType,
    PictureTooSmall,
    TooManyPixels,
    TypeNotAccepted,
    WrongProportions,
)

if TYPE_CHECKING:
    from hukumati.domain.uploads.facts import UploadLimits

BEGINNINGS: Final = {b"\xff\xd8\xff": FileType.JPEG, b"\x89PNG\r\n\x1a\n": FileType.PNG, b"%PDF-": FileType.PDF}


def type_of(content: bytes) -> FileType | None:
    """By its very first bytes: readers that search further for a beginning take two files for one."""
    return next((kind for beginning, kind in BEGINNINGS.items() if content.startswith(beginning)), None)


def require_acceptable(content: bytes, limits: UploadLimits) -> FileType:
    """The file's type, before anything is decoded. Refuses with FileEmpty, FileTooLarge, TypeNotAccepted."""
    if not content:
        raise FileEmpty
    if len(content) > limits.bytes_max:
        raise FileTooLarge(bytes_max=limits.bytes_max)
    kind = type_of(content)
    if kind is None or kind not in limits.types:
        raise TypeNotAccepted(accepted=limits.types)
    return kind


def require_few_pixels(width: int, height: int, limits: UploadLimits) -> None:
    """Asked before decoding: some hundred bytes may unfold to gigabytes. Refuses with TooManyPixels."""
    if width * height > limits.pixels_max:
        raise TooManyPixels(pixels_max=limits.pixels_max)


def require_measures(width: int, height: int, limits: UploadLimits) -> None:
    """Asked of the picture as it is seen, upright. Refuses with PictureTooSmall, WrongProportions."""
    if width < limits.width_min or height < limits.height_min:
        raise PictureTooSmall(width_min=limits.width_min, height_min=limits.height_min, width=width, height=height)
    if limits.proportion_max and width * 100 > height * limits.proportion_max:
        raise WrongProportions(too_wide=True)
    if width * 100 < height * limits.proportion_min:
        raise WrongProportions(too_wide=False)


def fitted(width: int, height: int, *, side_max: int) -> tuple[int, int]:
    """The measures, made smaller in proportion until the longer side fits."""
    longer = max(width, height)
    if longer <= side_max:
        return width, height
    return max(1, round(width * side_max / longer)), max(1, round(height * side_max / longer))
