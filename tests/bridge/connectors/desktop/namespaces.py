"""What sessions take of a machine: where it is missing a test is skipped with a sentence, and where
it must be there (CI) it fails.
"""

import os
import subprocess
from functools import cache

import pytest

from tests.peers.programs import PeerFailed, program_path

_TRIED = ("--dev-bind", "/", "/", "--unshare-pid", "--unshare-net", "true")


def namespaces_are_needed() -> None:
    """Root has them, and most systems let everybody make his own."""
    _is_needed(_missing_namespaces())


def root_is_needed() -> None:
    """Only then each session has a uid of its own."""
    _is_needed("" if os.geteuid() == 0 else "only root gives each session a uid of its own")
    namespaces_are_needed()


def why_left_out() -> str:
    """Why whatever needs a session is left out here; "" where it can be done, or must be."""
    return "" if _must_be_there() else _missing_namespaces()


def _is_needed(missing: str) -> None:
    if missing:
        raise PeerFailed(missing) if _must_be_there() else pytest.skip.Exception(missing)


def _must_be_there() -> bool:
    return bool(os.environ.get("CI"))


@cache
def _missing_namespaces() -> str:
    if subprocess.run([program_path("bwrap"), *_TRIED], check=False).returncode:
        return "bubblewrap may not make namespaces here: it takes root, or user namespaces"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun cannot be opened here: a session has no way into a network"
    return ""
