"""The other database: a private PostgreSQL, on a unix socket only, gone when it is closed.

As root (on CI) it runs as the unprivileged user `postgres`, which Debian's package makes, or
`nobody`: initdb refuses root.  That user cannot look into a test's own directory (mode 0700), so
the cluster lives in a temporary directory of its own unless one is given.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Self

from tests.peers.programs import PeerFailed, program_path

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # the cluster is thrown away: nothing needs to survive a power cut
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "50",
    "autovacuum": "off",
}


class PostgreSQL:
    """`with PostgreSQL() as server: server.url` (an SQLAlchemy URL for psycopg 3)."""

    def __init__(self, directory: Path | None = None) -> None:
        self._made = directory is None
        self.directory = directory or Path(tempfile.mkdtemp(prefix="pg-"))
        self.log = self.directory / "postgresql.log"
        self._user = _unprivileged() if os.geteuid() == 0 else None
        self._binaries = _binaries()
        self._running = False

    @property
    def url(self) -> str:
        """The database `postgres`; `database()` makes an empty one."""
        return self._url("postgres")

    def database(self, name: str) -> str:
        """The URL of a new, empty database."""
        self._run("createdb", "-h", str(self.directory), "-U", "house", name)
        return self._url(name)

    def drop(self, name: str) -> None:
        """Away with it, even when somebody is still connected."""
        self._run(
            "dropdb", "--force", "--if-exists", "-h", str(self.directory), "-U", "house", name
        )

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._running:
            self.stop()
        if self._made:
            shutil.rmtree(self.directory, ignore_errors=True)

    def start(self) -> None:
        """Make the cluster, the first time, and start it; ready when this returns."""
        data = self.directory / "data"
        if self._user is not None:
            os.chown(self.directory, self._user.pw_uid, self._user.pw_gid)
        if not data.exists():
            self._run("initdb", "-D", str(data), "-U", "house", "-A", "trust", "-N", "-E", "UTF8")
            with (data / "postgresql.conf").open("a") as config:
                config.writelines(f"{key} = '{value}'\n" for key, value in SETTINGS.items())
                config.write(f"unix_socket_directories = '{self.directory}'\n")
        self._run("pg_ctl", "-D", str(data), "-l", str(self.log), "-w", "-t", "20", "start")
        self._running = True

    def stop(self) -> None:
        """End it at once; connections are cut.  `start()` brings it back with what it held."""
        self._running = False
        self._run("pg_ctl", "-D", str(self.directory / "data"), "-m", "fast", "-w", "stop")

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://house@/{name}?host={self.directory}"

    def _run(self, command: str, *arguments: str) -> None:
        identity: dict[str, Any] = {}
        if self._user is not None:
            identity = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        # a file and no pipe: the server that pg_ctl leaves behind would hold a pipe open for ever
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [program_path(command, self._binaries), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=self.directory,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                timeout=60,
                check=False,
                **identity,
            )
            said.seek(0)
            words = said.read().decode(errors="replace")
        if done.returncode:
            log = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise PeerFailed(f"{command} ended with {done.returncode}:\n{words}\n{log}")


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PeerFailed("neither user postgres nor nobody exists to run PostgreSQL as")


def _binaries() -> str:
    """Debian keeps the server's programs out of PATH, one directory a version; the newest."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    return str(found[-1]) if found else ""
