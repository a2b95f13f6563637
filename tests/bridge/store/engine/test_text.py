"""Names from strangers: whatever they hold, a row keeps something that can be shown."""

from uuid import UUID

import pytest

from bridge.store import Store
from bridge.store.calls import outbox
from bridge.store.people import accounts, phones, users
from bridge.store.preferences import block_list
from bridge.text import LONGEST
from tests.bridge.store.conftest import NOW

HOSTILE = {
    "emoji": ("Ada 👩🏽‍🚀", "Ada 👩🏽‍🚀"),
    "sql": ("'; DROP TABLE users; --", "'; DROP TABLE users; --"),
    "percent": ("100 % %s %(x)s :name", "100 % %s %(x)s :name"),
    "nul": ("A\x00da", "Ada"),
    "surrogate": ("A\ud800da", "Ada"),
    "escape": ("\x1b[31mAda\x9b0m", "[31mAda0m"),
    "lines": ("Ada\r\nTo: eve\t!", "Ada To: eve !"),
    "turned": ("\u202e94321\u202c Ada", "94321 Ada"),
    "long": ("x" * 10_000, "x" * LONGEST),
    "nothing": ("\x00\x01", ""),
}


@pytest.mark.parametrize("raw, clean", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_row_keeps_the_clean_text_in_memory_and_on_disk(
    store: Store, ada: UUID, raw: str, clean: str
) -> None:
    with store.begin() as db:
        phone = phones.add(db, ada, "Mobile", "+4930123456")
        phone.label = raw
        assert phone.label == clean
        block_list.block(db, ada, "+49*" + raw, raw, NOW)
        users.change(db, ada, name=raw)
    with store.begin() as db:
        assert phones.of_user(db, ada)[0].label == clean
        assert block_list.of_user(db, ada)[0].name == clean
        assert users.get(db, ada).name == clean


def test_text_is_clean_in_a_bare_statement_too(store: Store, ada: UUID) -> None:
    with store.begin() as db:
        db.execute(users.User.__table__.update().values(name="A\x00da \ud800"))
        assert db.query(users.User).filter(users.User.name == "A\x00da").one().id == ada


def test_json_takes_what_text_does_not(store: Store, ada: UUID) -> None:
    ugly = {"why": "\x00 \ud800 👩🏽‍🚀 '; --"}
    with store.begin() as db:
        account = accounts.keep(
            db, ada, "sip", "sip:ada@example.org", options=ugly, secrets=ugly, now=NOW
        ).id
        outbox.append(db, ada, {"event": ugly}, NOW)
    with store.begin() as db:
        assert accounts.get(db, ada, account).options == ugly
        assert accounts.secrets(db, ada, account) == ugly
        assert outbox.after(db, "bot")[0].body == {"event": ugly}
