"""The machine and its settings."""

import os
import platform
import shutil
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsConfigDict

from bridge.children import landlock, seccomp
from bridge.desk.sockets import open_doors
from bridge.doctor.finding import Finding, fault, fine, note
from bridge.errors import SetupFault
from bridge.service import alone
from bridge.settings import Settings

_NEEDED, _COMFORTABLE = 200 << 20, 2 << 30
"""Bytes of disk: for a few calls, and for a family's messages."""


def python() -> Finding:
    told = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return fine("Python", told)


class _Strict(Settings):
    """Refuses what it does not know."""

    model_config = SettingsConfigDict(extra="forbid")


def spelling() -> Finding:
    """A misspelt setting would be left out silently."""
    if not Path(".env").exists():
        return note(".env", "there is none", "cp .env.example .env, and fill in what you need.")
    try:
        _Strict()
    except ValidationError as why:
        unknown = [
            str(one["loc"][0]).upper()
            for one in why.errors(include_input=False, include_url=False)
            if one["type"] == "extra_forbidden"
        ]
        if unknown:
            return fault(".env", *_misspelt(unknown))
    return fine(".env", "every setting in it is known")


def _misspelt(unknown: list[str]) -> tuple[str, str]:
    known = [name.upper() for name in Settings.model_fields]
    meant = {name: get_close_matches(name, known, n=1) for name in unknown}
    remedies = [f"Write {guess[0]} instead of {name}." for name, guess in meant.items() if guess]
    strange = [name for name, guess in meant.items() if not guess]
    if strange:
        remedies.append(f"Remove {', '.join(strange)}; .env.example lists all settings.")
    return f"not a setting: {', '.join(unknown)}", " ".join(remedies)


def room(settings: Settings) -> Finding:
    what, directory = "data directory", settings.data_dir.absolute()
    there = next(one for one in (directory, *directory.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return fault(
            what,
            f"{directory} cannot be written to",
            "Set DATA_DIR in .env to a directory that the service may write to.",
        )
    free = shutil.disk_usage(there).free
    told = f"{directory}, {free / (1 << 30):.1f} GiB free"
    if free < _NEEDED:
        return fault(what, told, "Make room: messages and call records could not be kept.")
    if free < _COMFORTABLE:
        return note(what, told, "Make some room before the family's messages fill it.")
    return fine(what, told if directory.exists() else f"{told}; made at the first start")


def walls() -> Finding:
    what = "walls of readers"
    try:
        seccomp.loaded()
    except OSError:
        return fault(what, "libseccomp.so.2 is missing", "apt install libseccomp2")
    if not landlock.version():
        return note(
            what,
            "this kernel has no Landlock: a sound or a feed that breaks its reader could read what "
            "the service may read",
            "Use Linux 5.13 or newer, with landlock among its security modules (lsm=).",
        )
    return fine(what, f"system calls by a list, files by Landlock {landlock.version()}")


def clock(settings: Settings) -> Finding:
    now = datetime.now(settings.zone)
    return fine("time zone", f"{settings.time_zone}, where it is {now:%H:%M} on {now:%Y-%m-%d}")


def service(settings: Settings) -> Finding:
    if not (settings.data_dir / "lock").exists():
        return note("service", "not running, and never was")
    try:
        with alone(settings.data_dir):
            return note("service", "not running")
    except SetupFault:
        return fine("service", "running")


def front_desk(settings: Settings) -> Finding:
    """Can its doors be opened? Not asked while the service holds them."""
    try:
        with alone(settings.data_dir):
            for door, _ in open_doors(settings):
                door.close()
            settings.control_socket.unlink()
    except SetupFault as why:
        if why.code != "already_running":
            raise
        return fine("front desk", "open")
    except FileNotFoundError:  # no data directory yet
        return fine("front desk", "opened at the first start")
    return fine("front desk", f"can be opened at {settings.control_socket}")
