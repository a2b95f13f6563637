"""What the host does for one user, or for all, from the command line."""

import json
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.api.client import Client
from bridge.api.commands.access import ForgetMe
from bridge.errors import SetupFault
from bridge.service import alone
from bridge.settings import Settings
from bridge.store import Store, key_ring
from bridge.store.engine import keyfile
from bridge.store.people import users
from bridge.store.upkeep import personal_records, rotation


def rotate_key(settings: Settings) -> int:
    """Seal every secret with a new master key; how many. SetupFault("already_running") beside a
    house, which would seal what is said to it meanwhile with the old one.
    """
    with alone(settings.data_dir), Store.open(settings.database, key_ring(settings)) as store:
        return rotation.rotate(store, keyfile.writable(settings))


def export(settings: Settings, who: str) -> str:
    """Everything about a user as JSON; passwords are not in it."""
    with Store.open(settings.database) as store, store.reading() as db:
        exported = personal_records.export(db, _find(db, who).id)
    return json.dumps(exported, indent=2, ensure_ascii=False)


async def forget(settings: Settings, who: str) -> str:
    """Delete everything about a user; the user's name. If the house runs, it does it."""
    with Store.open(settings.database) as store:
        with store.reading() as db:
            found = _find(db, who)
            user, name = found.id, found.name
        try:
            with alone(settings.data_dir):
                personal_records.forget_wholly(store, settings.data_dir, user)
        except SetupFault as why:
            if why.code != "already_running":
                raise
            await _by_the_house(settings, user)
    return name


async def _by_the_house(settings: Settings, user: UUID) -> None:
    async with Client(settings) as desk:
        await desk.ask(ForgetMe(user=user))


def _find(db: Session, who: str) -> users.User:
    everyone = users.everyone(db)
    fitting = [row for row in everyone if who in (row.name, str(row.chat), str(row.id))]
    if len(fitting) == 1:
        return fitting[0]
    told = ", ".join(f"{row.name} ({row.chat})" for row in fitting or everyone) or "nobody"
    if fitting:
        raise SetupFault(
            "more_than_one_user",
            why=f"More than one user is called {who}: {told}.",
            remedy="Give the number in brackets instead of the name.",
        )
    raise SetupFault(
        "no_such_user",
        why=f"There is no user {who}.",
        remedy=f"Give the name or the number of one of these: {told}.",
    )
