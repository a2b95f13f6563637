"""A SQLite file with all tables and nothing in them: made once by `migrate`, then copied, which
takes a hundredth of the time.
"""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bridge.store.engine.database import sqlite_path
from bridge.store.migrate import migrate


def lay_out(url: str) -> None:
    """At `url`; a database that is there already is left as it is."""
    path = sqlite_path(url)
    assert path is not None, url
    if not Path(path).exists():
        Path(path).write_bytes(_fresh())


@cache
def _fresh() -> bytes:
    with TemporaryDirectory() as directory:
        path = Path(directory, "house.db")
        migrate(f"sqlite:///{path}")
        return path.read_bytes()
