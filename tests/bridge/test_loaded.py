"""What a worker loads: nobody sees in an import what others import behind it."""

import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

HEAVY = {"alembic", "click", "cryptography", "httpx", "icalendar", "psycopg", "rich", "sqlalchemy"}
"""What costs megabytes, and what a worker could only be robbed of. httpx is for its children."""

PROGRAMS = ("__main__", "decoder", "with_vosk", "with_whisper")
"""These run in processes of their own."""


def loaded_by(*modules: str) -> set[str]:
    """The top packages in a fresh interpreter that has imported these modules."""
    program = (
        f"import sys\nfor module in {modules!r}:\n    __import__(module)\n"
        "print(*(name for name, loaded in sys.modules.items() if loaded))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    return {name.partition(".")[0] for name in ran.stdout.decode().split()}


def inside(room: str) -> list[str]:
    """A room with all of its modules."""
    package = import_module(room)
    found = pkgutil.walk_packages(getattr(package, "__path__", ()), f"{room}.")
    names = [room, *(one.name for one in found)]
    return [name for name in names if not set(name.split(".")) & set(PROGRAMS)]


@pytest.mark.parametrize(
    "room",
    [
        *("bridge.switchboard", "bridge.calls", "bridge.audio", "bridge.connectors"),
        *("bridge.workers.process", "bridge.workers.media"),
    ],
)
def test_what_makes_calls_loads_nothing_heavy(room: str) -> None:
    assert not loaded_by(*inside(room)) & HEAVY


def test_what_is_heavy_would_be_seen() -> None:
    assert {"sqlalchemy", "cryptography"} < loaded_by("bridge.store.engine.store", "bridge.store")
