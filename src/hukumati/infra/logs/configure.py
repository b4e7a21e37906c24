"""Called by Django through settings.LOGGING_CONFIG, before anything else is loaded."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from structlog.typing import EventDict, Processor, WrappedLogger

# Nine digits are an ID number (or might be); +970/+972/05x are telephones.
PERSONAL = re.compile(r"(?<![\w-])(?:\+97[02]\d{8,9}|05\d{8}|\d{9})(?![\w-])")
TALKATIVE = {
    "httpx": logging.WARNING,  # logs whole addresses, and a registry's address holds an ID number
    "httpcore": logging.WARNING,
    "procrastinate": logging.WARNING,
    "django.request": logging.ERROR,  # a 404 is no event
    "django.security": logging.ERROR,
    "fontTools": logging.ERROR,
    "psycopg.pool": logging.ERROR,  # repeats every second what the caller hears as an error
    "pyhanko": logging.WARNING,
    "pyhanko_certvalidator": logging.WARNING,
    "asyncio": logging.WARNING,
}


def configure(options: Mapping[str, Any]) -> None:
    """`options`: {"shape": "json" | "lines", "level": "INFO"}."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                forget_paths,
                mask_personal,
                _renderer(str(options["shape"])),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options.get("level", "INFO"))
    for name, level in TALKATIVE.items():
        logging.getLogger(name).setLevel(level)
    django = logging.getLogger("django")
    django.handlers = []
    django.propagate = True


def forget_paths(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Django names the path of a request that failed; the request's own line names its view, which is enough to find it."""
    if event.get("logger") == "django.request":
        event["event"] = "request_failed"
    return event


def mask_personal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last guard; the first is that nobody logs such things."""
    for name, value in event.items():
        if isinstance(value, str) and name not in {"timestamp", "request_id"}:
            event[name] = PERSONAL.sub("[masked]", value)
        elif isinstance(value, int) and not isinstance(value, bool) and PERSONAL.fullmatch(str(value)):
            event[name] = "[masked]"
    return event


def _renderer(shape: str) -> Processor:
    if shape == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )
