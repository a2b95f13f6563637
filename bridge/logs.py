"""One line a fact, without anybody's secret: logging for all programs of the house.

Modules log with the standard library; structlog gives the lines their shape. What is confidential
is struck out here, centrally, whoever logged it: passwords, tokens, SIP credentials; of telephone
numbers the last three digits stay, enough to tell two callers apart.
"""

import logging
import logging.handlers
import re
import sys
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import structlog

STRUCK = "…"
_FILE_BYTES, _FILES = 5 << 20, 3
_CONFIDENTIAL = re.compile(r"password|passwd|secret|token|credential|authorization", re.IGNORECASE)

_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    # RFC 3261 section 20.7 and 20.28: the digest, and whatever else stands in the header
    (
        re.compile(r"\b((?:Proxy-)?Authorization:)[ \t]*[^\r\n]+?(?=\\r|\\n|[\r\n]|$)", re.I),
        rf"\1 {STRUCK}",
    ),
    (re.compile(r"\b(Bearer|Digest|Basic)\s+[\w.~+/=-]{8,}", re.I), rf"\1 {STRUCK}"),
    # a Telegram bot token, alone or in an address of the Bot API
    (re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"), STRUCK),
    (re.compile(r"\binv_[\w-]{8,}"), f"inv_{STRUCK}"),
    (re.compile(r"(://[^\s:/@]+:)[^\s/@]+@"), rf"\1{STRUCK}@"),
    # RFC 3261 section 19.1.1 knows a password in a URI, and recommends none
    (re.compile(r"(\bsips?:[^\s:@]+:)[^\s@]+@"), rf"\1{STRUCK}@"),
    (
        re.compile(
            r"\b(\w*(?:password|passwd|secret|token)\w*)([\"']?\s*[=:]\s*)"
            r"(?:\"[^\"]*\"|'[^']*'|[^\s,;&)\]}]+)",
            re.I,
        ),
        rf"\1\2{STRUCK}",
    ),
    # seven to fifteen digits as people write them; not a part of a word, a fraction or a UUID
    (
        re.compile(r"(?<![\w.\-])\+?\d(?:[ ()/-]{0,2}\d){6,14}(?![\w-]|\.\d)"),
        lambda number: STRUCK + re.sub(r"\D", "", number[0])[-3:],
    ),
)


def redact(text: str) -> str:
    """`text` without what nobody but its owner should read."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def set_up(level: str, file: Path | None = None) -> None:
    """Log to `file`, else to standard error."""
    target: logging.Handler
    if file is None:
        target = logging.StreamHandler(sys.stderr)
    else:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        target = logging.handlers.RotatingFileHandler(
            file, maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="utf-8"
        )
    _install(target, level, structlog.processors.TimeStamper("iso"), _line)


def set_up_child(level: str) -> None:
    """For a program whose standard error another one reads: each line begins with its priority,
    as in sd-daemon(3), and the reader adds the time.
    """
    _install(logging.StreamHandler(sys.stderr), level, _unchanged, _prioritized)


def _install(target: logging.Handler, level: str, stamp: Any, render: Any) -> None:
    target.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _strike_out,
                stamp,
                render,
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[target], force=True)
    # nobody needs their everyday lines; those with addresses of the Bot API hold the token
    for noisy in ("alembic", "apscheduler", "asyncio", "httpcore", "httpx", "telegram", "uvicorn"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))


Event = MutableMapping[str, Any]


def _strike_out(_logger: object, _method: str, event: Event) -> Event:
    for key, value in event.items():
        if _CONFIDENTIAL.search(key):
            event[key] = STRUCK
        elif key != "exception":
            event[key] = redact(_one_line(str(value)))
        else:
            event[key] = redact(str(value))
    return event


def _one_line(text: str) -> str:
    """A caller's name may hold line ends: it must not be able to forge a line of the log."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def _unchanged(_logger: object, _method: str, event: Event) -> Event:
    return event


def _line(_logger: object, _method: str, event: Event) -> str:
    stamp, level = event.pop("timestamp"), event.pop("level")
    return f"{stamp} {level:8}{_body(event)}"


_PRIORITIES = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}


def _prioritized(_logger: object, _method: str, event: Event) -> str:
    """A traceback stays one line, for a reader of lines."""
    priority = _PRIORITIES.get(event.pop("level"), 6)
    return f"<{priority}>" + _body(event).replace("\n", " | ")


def _body(event: Event) -> str:
    name, said, trace = event.pop("logger"), event.pop("event"), event.pop("exception", "")
    facts = "".join(f" {key}={value}" for key, value in event.items())
    indented = "".join(f"\n    {line}" for line in trace.splitlines())
    return f"{name}: {said}{facts}{indented}"


_LEVELS = {
    2: logging.CRITICAL,
    3: logging.ERROR,
    4: logging.WARNING,
    6: logging.INFO,
    7: logging.DEBUG,
}
_CHILDS_LINE = re.compile(r"<(?P<priority>[0-7])>(?:(?P<name>[\w.]+): )?(?P<said>.*)")


def pass_on(line: str, source: str) -> bool:
    """Log a line of a child's standard error; False when the child's logging did not make it: it
    comes from a C library, or is what the interpreter says last.
    """
    ours = _CHILDS_LINE.fullmatch(line)
    if ours is None:
        return False
    level = _LEVELS.get(int(ours["priority"]), logging.INFO)
    logging.getLogger(ours["name"] or source).log(level, "[%s] %s", source, ours["said"])
    return True
