"""What the chat sets for phoning in: the PIN, and switches."""

import logging

import pytest

from bridge.api.commands.accounts import ChangeAccount, ListAccounts
from bridge.api.commands.phones import AddPhone, ChangePhone
from bridge.api.commands.preferences import ChangeSettings, GetSettings, SetPin
from bridge.api.views import UserView
from bridge.errors import BadInput, NotAllowed
from bridge.store.people import accounts, pins
from bridge.terms import RingMode
from tests.bridge.desk.conftest import NOW, Office


@pytest.fixture
async def ada(office: Office) -> UserView:
    return await office.member(1, "Ada")


async def test_a_pin_is_set_changed_and_taken_away(office: Office, ada: UserView) -> None:
    ask = office.client.ask
    assert not (await ask(GetSettings(user=ada.id))).has_pin
    assert (await ask(SetPin(user=ada.id, pin="8305"))).has_pin
    for _ in range(pins.TRIES):
        await office.store.run(pins.guess, ada.id, NOW)
    assert (await ask(GetSettings(user=ada.id))).pin_locked_until == NOW + pins.LOCKED
    with pytest.raises(NotAllowed, match="pin_locked"):
        await office.store.run(pins.guess, ada.id, NOW)
    assert (await ask(SetPin(user=ada.id, pin="94037"))).pin_locked_until is None
    guess = await office.store.run(pins.guess, ada.id, NOW)
    assert pins.matches(guess.hash, "94037") and not pins.matches(guess.hash, "8305")
    assert not (await ask(SetPin(user=ada.id, pin=None))).has_pin
    assert office.workers.refreshed == [ada.id] * 3


@pytest.mark.parametrize(
    "pin, code",
    [("12", "bad_pin"), ("12a4", "bad_pin"), ("7777", "easy_pin"), ("2347", "easy_pin")],
)
async def test_a_pin_that_will_not_do(
    office: Office, ada: UserView, pin: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await office.client.ask(AddPhone(user=ada.id, label="Mobile", address="0171 1892347"))
    with pytest.raises(BadInput) as why:
        await office.client.ask(SetPin(user=ada.id, pin=pin))
    assert (why.value.code, why.value.facts) == (code, {})
    assert not (await office.client.ask(GetSettings(user=ada.id))).has_pin


async def test_the_pin_is_nowhere(
    office: Office, ada: UserView, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    command = SetPin(user=ada.id, pin="83051946")
    await office.client.ask(command)
    with pytest.raises(BadInput):
        await office.client.ask(SetPin(user=ada.id, pin="83051946x"))
    async with office.http() as http:
        told = await http.post("/commands/SetPin", json={"user": "?", "pin": "83051946"})
    assert "83051946" not in repr(command) + str(command) + caplog.text + told.text
    assert office.store.file is not None
    for path in office.store.file.parent.glob(f"{office.store.file.name}*"):
        assert b"83051946" not in path.read_bytes()


async def test_switches_are_switched_one_by_one(office: Office, ada: UserView) -> None:
    ask = office.client.ask
    before = await ask(GetSettings(user=ada.id))
    kept = before.preferences
    assert (kept.forwarding, kept.keeps_quiet, kept.voice, kept.barge_in) == (
        True,
        True,
        True,
        False,
    )
    assert before.voice_languages == {"en"}
    after = await ask(ChangeSettings(user=ada.id, patch={"forwarding": False, "barge_in": True}))
    changed = kept.model_copy(update={"forwarding": False, "barge_in": True})
    assert after == before.model_copy(update={"preferences": changed})
    patch = {"keeps_quiet": False, "voice": False, "ring_mode": RingMode.IN_ORDER}
    last = await ask(ChangeSettings(user=ada.id, patch=patch))
    assert last == after.model_copy(update={"preferences": changed.model_copy(update=patch)})


@pytest.mark.parametrize(
    "field, value", [("voice", "perhaps"), ("ring_mode", "at random"), ("pin", "8305")]
)
async def test_what_is_no_preference_is_refused_by_name(
    office: Office, ada: UserView, field: str, value: str
) -> None:
    ask = office.client.ask
    before = await ask(GetSettings(user=ada.id))
    with pytest.raises(BadInput) as why:
        await ask(ChangeSettings(user=ada.id, patch={"forwarding": False, field: value}))
    assert (why.value.code, why.value.facts) == ("bad_preference", {"field": field})
    assert await ask(GetSettings(user=ada.id)) == before


async def test_phones_and_accounts(office: Office, ada: UserView) -> None:
    ask = office.client.ask
    phone = await ask(AddPhone(user=ada.id, label="Desk", address="sip:a@h"))
    assert not phone.pin_waived
    assert (await ask(ChangePhone(user=ada.id, phone=phone.id, pin_waived=True))).pin_waived
    assert (await ask(ChangePhone(user=ada.id, phone=phone.id, label="D"))).pin_waived
    account = await office.store.run(
        accounts.keep, ada.id, "sip", "ada@h", options={}, secrets={}, now=NOW
    )
    changed = await ask(ChangeAccount(user=ada.id, account=account.id, is_phone_in=True))
    assert changed.is_phone_in and not changed.is_trunk
    assert (await ask(ListAccounts(user=ada.id)))[0].is_phone_in
