"""The log: one line a fact, and nobody's secret in it, whoever logged it."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge import logs
from bridge.logs import pass_on, redact, set_up, set_up_child


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A log file; afterwards logging is as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    set_up("INFO", tmp_path / "bridge.log")
    yield tmp_path / "bridge.log"
    for handler in root.handlers:
        handler.close()
    root.handlers, root.level = before, level


TOKEN = "123456789:AAE1234567890abcdefghijklmnopqrstuv"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"getMe of bot{TOKEN} failed", "getMe of bot… failed"),
        ("postgresql://house:pass-word@db/x", "postgresql://house:…@db/x"),
        ("password='hunter two' for ada", "password=… for ada"),
        ('{"trunk_password": "hunter2"}', '{"trunk_password": …}'),
        ("Bearer abcdefghijklmnop", "Bearer …"),
        ("?start=inv_abcdefghijkl", "?start=inv_…"),
        (
            "Authorization: Digest username=ada, response=abc\r\nVia: x",
            "Authorization: …\r\nVia: x",
        ),
        ("call from +49 30 123456", "call from …456"),
        ("called 0301234567", "called …567"),
    ],
)
def test_what_is_secret_is_struck_out(said: str, left: str) -> None:
    assert redact(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "worker 12345 serves",
        "127.0.0.1:54065",
        "6a1f0c1e-5a5c-4b43-9f0b-2d0c6d1f7a10",
        "0.1234567 seconds",
    ],
)
def test_what_is_no_secret_stays(said: str) -> None:
    assert redact(said) == said


def test_facts_and_tracebacks_are_struck_out_too(log: Path) -> None:
    logger = logging.getLogger("bridge.test")
    logger.warning("signed in", extra={"ignored": 1})
    try:
        raise ValueError("sip:ada:hunter2@provider.example refused, password=hunter2")
    except ValueError:
        logger.exception("an account could not be opened")
    written = log.read_text()
    assert "Traceback" in written
    assert "password=…" in written
    assert "hunter2" not in written


def test_a_name_cannot_forge_a_line(log: Path) -> None:
    name = "Eve\n2026-11-23T12:00:00Z warning the house is on fire\x1b[2J"
    logging.getLogger("bridge.test").info("call from %s", name)
    [line] = log.read_text().splitlines()
    assert "\\n" in line
    assert "\x1b" not in line


def test_the_file_is_for_its_owner_only(log: Path) -> None:
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_child_s_line_comes_through_with_its_level(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    to_file, level = root.handlers[:], root.level
    set_up_child("INFO")
    root.handlers[0].stream = sys.stderr  # type: ignore[attr-defined]  # the captured one
    logging.getLogger("bridge.child").error("the trunk %s is away", "of +49301234567")
    root.handlers, root.level = to_file, level
    said = capsys.readouterr().err.strip()
    assert said == "<3>bridge.child: the trunk of …567 is away"
    assert pass_on(said, "worker")
    assert (
        log.read_text().strip().endswith("error   bridge.child: [worker] the trunk of …567 is away")
    )


def test_what_a_library_prints_is_no_line_of_ours(log: Path) -> None:
    assert not pass_on("Assertion `call_id>=0' failed.", "worker")
    assert log.read_text() == ""


def test_others_everyday_lines_are_left_out(log: Path) -> None:
    for noisy in ("httpx", "telegram.ext", "apscheduler.scheduler"):
        logging.getLogger(noisy).info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    assert log.read_text() == ""
    assert TOKEN not in logs.redact(TOKEN)
