"""The database, and the key that its secrets are sealed with."""

from pathlib import Path

from bridge.doctor.finding import Finding, fine, note
from bridge.settings import Settings
from bridge.store.engine import keyfile
from bridge.store.engine.database import HEAD, sqlite_path
from bridge.store.migrate import at_revision


def database(settings: Settings) -> Finding:
    path = sqlite_path(settings.database)
    if path and not Path(path).exists():
        return note("database", f"{path} is made at the first start")
    found = at_revision(settings.database)
    kind = "SQLite" if path else "PostgreSQL"
    if found == HEAD:
        return fine("database", f"{kind}, up to date ({found})")
    return note(
        "database",
        f"{kind}, at {found or 'nothing'} instead of {HEAD}",
        "The service brings it up to date when it starts; or now: python -m bridge migrate",
    )


def seal_key(settings: Settings) -> Finding:
    keys = keyfile.present(settings)
    if keys is None:
        return note("seal key", "made at the first start", "Then keep a copy apart from the rest.")
    return fine("seal key", f"number {keys[0].id}, closed to others")
