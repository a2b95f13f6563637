"""Members come in, strangers are not heard, and codes cannot be tried out."""

import pytest
from telegram import Chat, Message, User

from bot.access import PER_SECONDS, TRIES, Access
from bot.app import App
from bot.terminal.conversation import ChatMessage as Shown
from bot.terminal.messenger import Messenger
from bridge.api.commands.access import Claim, Join, WhoIs
from bridge.api.commands.phones import ListPhones
from bridge.errors import NotAllowed
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person


async def test_the_first_with_the_code_becomes_the_owner(ada: Person, desk: FakeDesk) -> None:
    await ada.says(f"/start {desk.code}")
    await ada.sees("Hello Ada.")
    await ada.sees("Members")
    claim = desk.last(Claim)
    assert (claim.chat, claim.name, claim.language) == (ada.number, "Ada", "en")


async def test_a_wrong_code_is_told_in_the_language_of_telegram(
    app: App, messenger: Messenger, desk: FakeDesk
) -> None:
    otto = Person(messenger, name="Otto", language="de-AT")
    await otto.says("/start 0000")
    await otto.sees("Dieser Code stimmt nicht.")
    assert not desk.homes


async def test_nobody_is_answered_with_a_code_once_there_is_an_owner(
    messenger: Messenger, ada: Person, home: Home
) -> None:
    eve = Person(messenger, name="Eve", language="en")
    await eve.says("/start 0000")
    await ada.says("/help")
    await ada.sees("Your telephone bridge")  # by now Eve's message was read, too
    assert not [message for message in eve.chat.messages.values() if message.by_bot]


async def test_an_invitation_lets_one_person_in(
    messenger: Messenger, ada: Person, home: Home
) -> None:
    await ada.says("/members")
    await ada.presses("Invite somebody")
    link = (await ada.sees("https://t.me/bridge_bot?start=inv_")).text
    payload = link.split("?start=")[1].split()[0]
    otto = Person(messenger, name="Otto", language="de")
    await otto.says(f"/start {payload}")
    await otto.sees("Hallo Otto.")
    eve = Person(messenger, name="Eve", language="en")
    await eve.says(f"/start {payload}")
    await eve.sees("This invitation has been used already.")


async def test_strangers_are_not_answered(
    messenger: Messenger, ada: Person, home: Home, desk: FakeDesk
) -> None:
    eve = Person(messenger, name="Eve")
    for text in ("/start", "hello", "/phones", "/start ", "4711-0815"):
        await eve.says(text)
    await eve.sends_voice(b"OggS" + bytes(30))
    shown = await _menu(ada)
    eve.press(shown, shown.buttons[0])
    await eve.says("/help")
    await _settled(ada)
    assert not [message for message in eve.screen if message.by_bot]
    assert not [asked for asked in desk.asked if isinstance(asked, Claim | Join)]


async def test_groups_are_not_heard(
    messenger: Messenger, ada: Person, home: Home, desk: FakeDesk
) -> None:
    shown = await _menu(ada)
    group = {"id": -100, "type": "group", "title": "Family"}
    spoken = {
        "message_id": 900,
        "date": 1,
        "chat": group,
        "from": ada.chat.person,
        "text": "/phones",
    }
    messenger.updates.push("message", spoken)
    pressed = {**ada.chat.json(shown), "chat": group}
    messenger.updates.push(
        "callback_query",
        {"id": "1", "from": ada.chat.person, "chat_instance": "1", "message": pressed,
         "data": "phones.open"},
    )  # fmt: skip
    await _settled(ada)
    assert not [asked for asked in desk.asked if isinstance(asked, ListPhones)]


async def test_a_stranger_learns_nothing_of_a_house_that_is_down(
    messenger: Messenger, ada: Person, home: Home, desk: FakeDesk
) -> None:
    await _menu(ada)
    desk.down = True
    eve = Person(messenger, name="Eve")
    await eve.says("hello")
    await ada.says("/phones")
    await ada.sees("The telephone bridge does not answer at the moment.")
    assert not [message for message in eve.screen if message.by_bot]


async def test_a_removed_member_is_out_at_once(
    ada: Person, home: Home, desk: FakeDesk, messenger: Messenger
) -> None:
    shown = await _menu(ada)
    desk.homes.clear()
    before = len(ada.chat.log)
    await ada.presses("Phones")
    await ada.says("/phones")
    await desk.hears(WhoIs, 3)
    assert len(ada.chat.log) == before + 2  # what she did herself
    assert shown.id in ada.chat.messages
    desk.down = True
    await ada.says("/phones")
    await desk.hears(WhoIs, 4)
    desk.down = False
    otto = Person(messenger, name="Otto")
    desk.member(otto.number, "Otto")
    await otto.says("/help")
    await otto.sees("Your telephone bridge")
    assert len(ada.chat.log) == before + 3


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_five_codes_in_ten_minutes_and_no_more(desk: FakeDesk) -> None:
    clock = Clock()
    access = Access(desk, clock)
    eve, code = _stranger("/start guess")
    for _ in range(TRIES):
        with pytest.raises(NotAllowed):
            await access.admit(eve, code)
        clock.now += 1
    assert await access.admit(eve, _stranger(f"/start {desk.code}")[1]) is None
    assert len([asked for asked in desk.asked if isinstance(asked, Claim)]) == TRIES
    clock.now = PER_SECONDS
    assert await access.admit(eve, _stranger(f"/start {desk.code}")[1])


async def test_tries_are_counted_per_chat(desk: FakeDesk) -> None:
    access = Access(desk, Clock())
    eve, code = _stranger("/start guess")
    for _ in range(TRIES):
        with pytest.raises(NotAllowed):
            await access.admit(eve, code)
    ada, right = _stranger(f"/start {desk.code}", number=8)
    assert await access.admit(ada, right)


async def test_the_codes_are_in_no_repr(desk: FakeDesk) -> None:
    assert "geheim" not in repr(Claim(chat=1, name="a", language="de", code="geheim"))
    assert "geheim" not in repr(Join(chat=1, name="a", language="de", token="geheim"))


def _stranger(text: str, number: int = 7) -> tuple[User, Message]:
    chat = Chat(number, Chat.PRIVATE)
    return User(number, "Eve", is_bot=False), Message(1, now(), chat, text=text)


async def _menu(person: Person) -> Shown:
    await person.says("/start")
    return await person.sees("Hello")


async def _settled(person: Person) -> None:
    """What was sent before by anybody has been served by now."""
    await person.says("/help")
    await person.sees("Your telephone bridge")
