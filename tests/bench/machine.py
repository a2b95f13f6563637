"""On what it was measured: a figure without its machine says nothing."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.peers.programs import program_path

_LIBRARIES = ("pjsua2-python", "SQLAlchemy", "uvicorn", "python-telegram-bot", "pesq")
_PROGRAMS = {
    **{"kamailio": "-v", "sipp": "-v", "baresip": "-h"},
    **dict.fromkeys(("chromium", "pulseaudio", "slirp4netns"), "--version"),
}
_VERSION = re.compile(r"v?(\d+\.\d+(?:\.\d+)?)")


def describe() -> dict[str, Any]:
    """Cores, kernel, versions, and how busy it was in the last minute before the measurement."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "versions": {
            **{name: version(name) for name in _LIBRARIES},
            **{name: _program_version(name, option) for name, option in _PROGRAMS.items()},
        },
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def _program_version(name: str, option: str) -> str:
    said = subprocess.run(
        [program_path(name), option], capture_output=True, text=True, timeout=10, check=False
    )
    found = _VERSION.search(said.stdout + said.stderr)
    return found[1] if found else "unknown"
