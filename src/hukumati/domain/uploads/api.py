"""The door of uploads."""

from __future__ import annotations

from hukumati.domain.uploads.actions import end_given_up, keep, release, take
from hukumati.domain.uploads.facts import (
    BYTES_MAX,
    FileEmpty,
    FileNotReadable,
    FileTooLarge,
    FileType,
    PictureTooSmall,
    TooManyPages,
    TooManyPixels,
    TypeNotAccepted,
    UploadFacts,
    UploadFile,
    UploadLimits,
    UploadNotFound,
    UploadRefused,
    WrongProportions,
)
from hukumati.domain.uploads.queries import find_kept, read

__all__ = [
    "BYTES_MAX",
    "FileEmpty",
    "FileNotReadable",
    "FileTooLarge",
    "FileType",
    "PictureTooSmall",
    "TooManyPages",
    "TooManyPixels",
    "TypeNotAccepted",
    "UploadFacts",
    "UploadFile",
    "UploadLimits",
    "UploadNotFound",
    "UploadRefused",
    "WrongProportions",
    "end_given_up",
    "find_kept",
    "keep",
    "read",
    "release",
    "take",
]
