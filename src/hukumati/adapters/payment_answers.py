"""What payment adapters read out of a provider's JSON: strictly, and whatever is not as agreed is a ValueError."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hukumati.domain.payments.ports import ProviderUnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEXT_MAX: Final = 200


@contextmanager
def understanding(name: str) -> Iterator[None]:
    """An answer that cannot be understood tells nothing: it is treated like no answer."""
    try:
        yield
    except (ValueError, RecursionError) as fault:
        raise ProviderUnreachableError(f"{name}: not understood: {fault}") from fault


def object_(said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise ValueError("not an object")  # noqa: TRY004 (bytes from outside, not a caller's type)
    return said


def objects(said: Mapping[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")  # noqa: TRY004
    return value


def text(said: Mapping[str, Any], name: str, longest: int = TEXT_MAX) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or "\x00" in value:
        raise ValueError(f"{name} is no text")
    value.encode()  # JSON may spell half a character, which no database keeps: a ValueError too
    return value


def whole(said: Mapping[str, Any], name: str) -> int:
    value = said.get(name)
    if type(value) is not int or abs(value) >= 2**62:
        raise ValueError(f"{name} is no whole number")
    return value


def moment(said: Mapping[str, Any], name: str) -> datetime:
    """In UTC; one without a zone is none."""
    told = datetime.fromisoformat(text(said, name))
    if told.tzinfo is None:
        raise ValueError(f"{name} has no time zone")
    return told.astimezone(UTC)


def is_identifier(name: str) -> bool:
    """Whether it can be one path segment of the provider's own making."""
    return 0 < len(name) <= TEXT_MAX and all(
        letter.isascii() and (letter.isalnum() or letter in "_-") for letter in name
    )


def segment(identifier: str, *, name: str) -> str:
    """For a path; whatever else it is, nothing is known of it."""
    if not is_identifier(identifier):
        raise ProviderUnreachableError(f"{name}: no id to ask about")
    return identifier
