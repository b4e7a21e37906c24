"""Reading what a request brings: bounded, typed, refused with a code."""

import hmac
import json
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

BODY_BYTES_MAX = 64_000
FIELDS_MAX = 50
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class Refusal(Exception):
    """An answer that says no, with a stable code."""

    def __init__(self, status: int, code: str, message: str, **facts: object) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.facts = status, code, message, facts


async def answer_refusal(_request: Request, refusal: Exception) -> Response:
    """Registered as the exception handler of every simulator."""
    assert isinstance(refusal, Refusal)
    return JSONResponse({"code": refusal.code, "message": refusal.message} | refusal.facts, status_code=refusal.status)


async def read_raw(request: Request) -> bytes:
    """The body, refused when too large."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_BYTES_MAX:
            raise Refusal(413, "body_too_large", f"At most {BODY_BYTES_MAX} bytes.")
    return raw


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a sent form; a form that is no form has none."""
    raw = await read_raw(request)
    try:
        return parse_qs(
            raw.decode(errors="replace").replace("%00", ""), keep_blank_values=True, max_num_fields=FIELDS_MAX
        )
    except ValueError:
        raise Refusal(422, "form_invalid", f"At most {FIELDS_MAX} fields.") from None


def parse_object(raw: bytes) -> dict[str, Any]:
    """A JSON object, or a refusal."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal(400, "body_not_json", "The body must be a JSON object.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "body_not_json", "The body must be a JSON object.")
    return body


def text_field(body: dict[str, Any], name: str, *, length_max: int) -> str:
    """A non-empty string field."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > length_max or "\x00" in value:
        raise Refusal(422, "field_invalid", f"{name} must be a text of 1 to {length_max} characters.", field=name)
    return value


def amount_field(body: dict[str, Any], name: str, *, amount_max: int = 100_000_000) -> int:
    """A positive integer field in minor units."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= amount_max:
        raise Refusal(422, "field_invalid", f"{name} must be an integer from 1 to {amount_max}.", field=name)
    return value


def choice_field(body: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    """One of a few words."""
    value = body.get(name)
    if not isinstance(value, str) or value not in choices:
        raise Refusal(422, "field_invalid", f"{name} must be one of {', '.join(choices)}.", field=name)
    return value


def require_bearer(request: Request, key: str) -> None:
    """Only a caller that holds the key."""
    scheme, _, offered = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(offered.encode(), key.encode()):
        raise Refusal(401, "unauthorized", "A valid bearer key is needed.")


def latin_digits(text: str) -> str:
    """Arabic-Indic and Persian digits written as 0-9."""
    return text.translate(_DIGITS)
