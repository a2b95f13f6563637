"""What a browser needs to run in a test: to be nobody's root, and its managed policy.

These are not the walls of a session (desktop.sandbox.walls), only their two properties
that the agent depends on: everything of this machine can be seen from here.
"""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.peers.programs import program_path

ROOT = Path(__file__).parents[5]
UID = 70900


def few_walls(directory: Path, *origins: str) -> tuple[str, ...]:
    """A command before the agent's; `directory` holds its `home` and `run`, which are seen as
    /run/home and /run/session. Pages of `origins` may notify and listen.
    """
    namespaces_are_needed()
    policy = directory / "policies"
    managed = policy / "policies" / "managed"
    managed.mkdir(parents=True, exist_ok=True)
    allowed = {
        "NotificationsAllowedForUrls": list(origins),
        "AudioCaptureAllowedUrls": list(origins),
    }
    (managed / "house.json").write_text(json.dumps(allowed))
    users = directory / "passwd"
    users.write_text(f"user:x:{_uid()}:{_uid()}::/run/home:/usr/sbin/nologin\n")
    for folder in (policy, *policy.rglob("*")):
        folder.chmod(0o755)
    for folder in (directory / "home", directory / "run"):
        folder.mkdir(exist_ok=True)
        os.chown(folder, _uid(), _uid())
    return (
        *(program_path("bwrap"), "--die-with-parent", "--dev-bind", "/", "/"),
        *("--unshare-pid", "--proc", "/proc", "--tmpfs", "/run"),
        *_seen(Path(sys.base_prefix), Path(sys.prefix), ROOT),
        *("--bind", str(directory / "home"), "/run/home"),
        *("--bind", str(directory / "run"), "/run/session"),
        *("--ro-bind", str(policy), "/etc/chromium", "--ro-bind", str(users), "/etc/passwd"),
        *("--setenv", "HOME", "/run/home", "--setenv", "XDG_RUNTIME_DIR", "/run/session"),
        *("--chdir", "/run/home"),
        *_become(),
    )


def _seen(*paths: Path) -> Iterator[str]:
    """What is in folders that only root enters is shown in new ones."""
    if os.geteuid() != 0:
        return
    hidden = [path for path in paths if any(not one.stat().st_mode & 1 for one in path.parents)]
    for top in dict.fromkeys(path.parents[-2] for path in hidden):
        yield from ("--tmpfs", str(top))
    for path in hidden:
        for parent in reversed(path.parents[:-2]):
            yield from ("--perms", "0755", "--dir", str(parent))
        yield from ("--ro-bind", str(path), str(path))


def _become() -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ("--unshare-user", "--")
    number = str(_uid())
    return (
        *("--", "setpriv", "--reuid", number, "--regid", number),
        *("--clear-groups", "--no-new-privs", "--"),
    )


def _uid() -> int:
    return UID if os.geteuid() == 0 else os.geteuid()
