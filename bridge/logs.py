"""One line a fact, without anybody's secret: logging for all programs of the house.

What is confidential is struck out here, centrally, whoever logged it: passwords, tokens, SIP
credentials; of telephone numbers the last three digits stay, enough to tell two callers apart.
"""

import logging
import logging.handlers
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

STRUCK = "…"
_FILE_BYTES, _FILES = 5 << 20, 3

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
    _install(target, level, _Line())


def set_up_child(level: str) -> None:
    """For a program whose standard error another one reads: each line begins with its priority,
    as in sd-daemon(3), and the reader adds the time.
    """
    _install(logging.StreamHandler(sys.stderr), level, _ChildsLine())


def _install(target: logging.Handler, level: str, shape: logging.Formatter) -> None:
    target.setFormatter(shape)
    logging.basicConfig(level=level, handlers=[target], force=True)
    # nobody needs their everyday lines; those with addresses of the Bot API hold the token
    for noisy in ("alembic", "apscheduler", "asyncio", "httpcore", "httpx", "telegram", "uvicorn"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLogger().level))


class _Line(logging.Formatter):
    """One fact; the lines of its traceback follow, set in."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return f"{stamp} {record.levelname.lower():8}{self._body(record)}"

    def _body(self, record: logging.LogRecord) -> str:
        said = redact(_one_line(record.getMessage()))
        indented = "".join(f"\n    {line}" for line in self._trace(record).splitlines())
        return f"{record.name}: {said}{indented}"

    def _trace(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[0] is None:
            return ""
        return redact(self.formatException(record.exc_info))


class _ChildsLine(_Line):
    """A traceback stays in the line, for a reader of lines."""

    def format(self, record: logging.LogRecord) -> str:
        priority = _PRIORITIES.get(record.levelno, 6)
        return f"<{priority}>" + self._body(record).replace("\n", " | ")


def _one_line(text: str) -> str:
    """A caller's name may hold line ends: it must not be able to forge a line of the log."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


_LEVELS = {
    2: logging.CRITICAL,
    3: logging.ERROR,
    4: logging.WARNING,
    6: logging.INFO,
    7: logging.DEBUG,
}
_PRIORITIES = {level: priority for priority, level in _LEVELS.items()}
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
