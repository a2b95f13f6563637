"""The accounts of one user, as the store wants them."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bridge import files
from bridge.store.people import accounts
from tests.bridge.workers.conftest import Works
from tests.peers.programs import until


async def test_what_a_removed_account_kept_goes_with_it(works: Works) -> None:
    """Also of one that was switched off; never of one that only is."""
    user = await works.member("ada", 4001)
    now = datetime.now(UTC)

    def add(db: Session, name: str, enabled: bool) -> UUID:
        row = accounts.keep(db, user, "sip", name, options={"kept": name}, secrets={}, now=now)
        accounts.change(db, user, row.id, now=now, enabled=enabled)
        return row.id

    served = await works.store.run(add, "served", True)
    off = await works.store.run(add, "off", False)
    await works.pool.place(user)
    folder = files.folder(works.settings.data_dir, user)
    await until(lambda: any((folder / "serving").glob("*")), "the accounts to be served", 20)

    def forgotten() -> list[str]:
        kept = folder / "forgotten"
        return kept.read_text().split() if kept.exists() else []

    for account, name in ((served, "served"), (off, "off")):
        await works.store.run(accounts.remove, user, account)
        works.pool.refresh(user)
        await until(lambda name=name: forgotten()[-1:] == [name], f"{name} to be forgotten", 20)
    assert forgotten() == ["served", "off"]
