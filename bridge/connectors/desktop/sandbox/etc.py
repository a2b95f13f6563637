"""What a session sees as /etc: of the machine's only what says nothing about it."""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from bridge.connectors.desktop.sandbox.authorities import BUNDLE, bundle, certificates, for_chromium
from bridge.connectors.desktop.sandbox.folder import Folder
from bridge.connectors.desktop.sandbox.network import NAME_SERVER

ETC = (
    *("/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types"),
    *(
        "/etc/ssl/certs",
        "/etc/ssl/openssl.cnf",
        "/etc/ca-certificates",
        "/etc/ca-certificates.conf",
    ),
    *("/etc/fonts", "/etc/gtk-3.0", "/etc/X11", "/etc/xdg", "/etc/chromium.d"),
    *("/etc/pulse", "/etc/dbus-1/session.conf", "/etc/glvnd"),
)
"""Keys of servers are in /etc/ssl/private, which is not here."""


def etc_of(folder: Folder) -> Path:
    """Where it is made, beside the session's own files: the session only reads it."""
    return folder.path / "etc"


def write_etc(folder: Folder, origins: Iterable[str], authorities: Path | None = None) -> None:
    """What is made up for this session. SetupFault("bad_authorities")."""
    etc, (uid, gid) = etc_of(folder), folder.owner
    own = certificates(authorities)
    shutil.rmtree(etc, ignore_errors=True)
    policies = etc / "chromium" / "policies" / "managed"
    policies.mkdir(parents=True)
    (policies / "session.json").write_text(json.dumps(policy(origins, for_chromium(own))))
    for name, text in {
        # the D-Bus daemon ends without an entry for its own uid
        "passwd": f"user:x:{uid}:{gid}::/home/user:/usr/sbin/nologin\n",
        "group": f"user:x:{gid}:\n",
        "hosts": "127.0.0.1 localhost desktop\n::1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
        "resolv.conf": f"nameserver {NAME_SERVER}\noptions timeout:2\n",
    }.items():
        (etc / name).write_text(text)
    if own:
        trusted = etc / BUNDLE.relative_to("/etc")
        trusted.parent.mkdir(parents=True)
        trusted.write_text(bundle(own))
    for path in (etc, *etc.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def policy(origins: Iterable[str], authorities: list[str]) -> dict[str, object]:
    """Chromium's, for all its profiles; the page's user is a program, and answers no questions."""
    allowed = list(origins)
    return {
        "NotificationsAllowedForUrls": allowed,
        "AudioCaptureAllowedUrls": allowed,
        "CACertificates": authorities,
        # without TLS a page may do neither; who named such a one knows it, in his own network
        "OverrideSecurityRestrictionsOnInsecureOrigin": [
            origin for origin in allowed if origin.startswith("http://")
        ],
    }
