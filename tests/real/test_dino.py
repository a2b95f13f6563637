"""The virtual computer: its user signs in to Dino by chat, a friend calls him there, and the phone
on his desk rings. His computer is off.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from bridge.api.commands.access import WhoIs
from bridge.api.commands.contacts import AddContact
from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.port import Clip
from bridge.audio.voice.voice_note import to_wav
from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.sandbox.network import HOUSE
from bridge.terms import Cause, Direction, EndedBy, State
from tests.bridge.connectors.desktop.flat import Flat, becomes, heard
from tests.bridge.connectors.sip.conftest import engine
from tests.peers import dino
from tests.peers.coturn import Coturn
from tests.peers.hearing import correlation
from tests.peers.programs import PeerFailed, until
from tests.peers.prosody import PORT, Person, Prosody
from tests.peers.speech import Sound
from tests.real.household import Household, accepts, picks_up
from tests.real.service import OWNER_CHAT

__all__ = ["engine"]

pytestmark = pytest.mark.timeout(700)  # another test may have the port of the server

PEOPLE = {"ada": Person("Ada Lovelace", "open sesame"), "ben": Person("Ben Franklin", "kite")}
HEARD, CONTROL = 0.5, 0.4
"""Of the correlation, after two programs that improve what they hear."""
SET_UP, NEXT, TYPE, TYPE_SECRET = "41", "56", "58", "59"
"""What stands at these numbers of the pictures: a button, and what follows the 54 points."""


class Home(Household):
    """Its only account is Dino's, and its only phone that on the desk."""

    def __init__(self, directory: Path, server: Prosody) -> None:
        super().__init__(directory, PRIVATE_HOSTS="127.0.0.1", AUTHORITIES=str(server.authority))
        self._server = server

    async def _set_up(self) -> None:
        await self.service.claim()
        await self.service.add_phone("Desk", self.desk)
        await self._sign_in()
        owner = await self.front_desk.ask(WhoIs(chat=OWNER_CHAT))
        assert owner is not None
        self.owner = owner.id

    async def _sign_in(self) -> None:
        """As a person does who sees the pictures."""
        await self.service.says("/accounts")
        await self.service.sees("Add an account")
        await self.service.presses("Add an account")
        await self.service.sees("On which network")
        await self.service.presses("Program or web app")
        await self.service.sees("Which program?")
        await self.service.presses("Dino (XMPP)")
        for number, text in (
            *((SET_UP, ""), (TYPE, self._server.address("ben")), (NEXT, "")),
            *((TYPE_SECRET, PEOPLE["ben"].password), (NEXT, "")),
            (NEXT, ""),  # "All set up!"
        ):
            await self.service.sees("Where shall I click?", 40)
            await self.service.presses(number)
            if text:
                await self.service.sees("What shall I type there?")
                await self.service.says(text)
        await self.service.sees("Where shall I click?", 40)
        await self.service.presses("I am signed in")
        await self.service.sees("is set up")


async def test_a_friend_calls_the_account_of_a_program(tmp_path: Path, engine: PjsuaEngine) -> None:
    async with (
        Coturn(tmp_path / "relay") as relay,
        Prosody(tmp_path / "xmpp", PEOPLE, domain=HOUSE, port=PORT, relay=relay) as server,
    ):
        ada = Ada(tmp_path, engine, server)
        async with Home(tmp_path, server) as home, ada.flat.serving():
            await home.is_ready(60)
            await ada.flat.is_ready()
            for who in PEOPLE:
                await server.signed_in(who, 40)
            contact = AddContact(
                user=home.owner, name="Ada Lovelace", address=f"xmpp:{ada.address}"
            )
            await home.front_desk.ask(contact)
            for act in (is_answered, leaves_a_message, is_called):
                await has_sound(partial(act, home, ada))


class Ada:
    """The friend; she has Dino too."""

    def __init__(self, directory: Path, engine: PjsuaEngine, server: Prosody) -> None:
        self.directory, self._server = directory, server
        self.mixer = ConferenceMixer(engine, directory / "recordings")
        self.flat = Flat(directory / "ada", self.mixer, "dino", authorities=server.authority)
        dino.signed_in(self.flat.folder.home, server.address("ada"), PEOPLE["ada"].password)

    @property
    def address(self) -> str:
        return self._server.address("ada")

    async def calls(self) -> Leg:
        return await self.flat.session.dial(self._server.address("ben"))

    async def answers(self) -> Leg:
        """Once somebody calls her."""
        leg = await self.flat.rings()
        await leg.ring()
        await leg.answer()
        await becomes(leg, State.ESTABLISHED, 20)
        return leg


async def has_sound(act: Callable[[], Awaitable[bool]]) -> None:
    """One of a few calls; everything else must be right each time."""
    for _ in range(dino.CALLS):
        if await act():
            return
    raise PeerFailed(f"{dino.CALLS} calls had no sound")


async def is_answered(home: Home, ada: Ada) -> bool:
    """The phone rings with her name; with key 1 both hear each other; she hangs up."""
    await home.rings("Desk", seconds=60)
    call = await ada.calls()
    shown = await home.desk.happens("incoming", timeout=30)
    assert shown.display_name == "Ada Lovelace"
    await home.service.sees("Call from Ada Lovelace")
    assert call.state is not State.ESTABLISHED
    await accepts(home.desk)
    await becomes(call, State.ESTABLISHED, 20)
    were_heard = await both_are_heard(home, ada, call)
    await call.hang_up()
    await home.desk.happens("closed")
    await home.service.sees("Answered on Desk, 0:")
    record = await home.record()
    assert (record.caller_name, record.caller_address) == ("Ada Lovelace", "")
    assert (record.answered_on, record.ended_by) == ("Desk", EndedBy.CALLER)
    assert record.cause == Cause.NORMAL.word
    return were_heard


async def leaves_a_message(home: Home, ada: Ada) -> bool:
    """Nobody answers; what she says comes into the chat."""
    await home.rings("Desk", seconds=5)
    call = await ada.calls()
    await home.desk.happens("incoming", timeout=30)
    await becomes(call, State.ESTABLISHED, 30)
    await home.service.sees("leaving a message")
    clip = Clip("said", home.ada_says.save(ada.directory / "said.wav"), home.ada_says.seconds)
    for _ in range(2):  # the first time the greeting may still be spoken
        await ada.mixer.play(call.audio, clip)
    await call.hang_up()
    record = await home.record(30)
    assert record.answered is None
    if record.voicemail is None:
        return False
    await home.service.sees("Message from Ada Lovelace")
    note = home.directory / "note.wav"
    note.write_bytes(await to_wav(await home.voice_note(record.voicemail), 60))
    assert tells(note, home.ada_says, home.desk_says)
    return True


async def is_called(home: Home, ada: Ada) -> bool:
    """By the chat: the user's own phone rings first, then she; he hangs up."""
    await home.rings("Desk")
    await home.service.says("/call ada")
    shown = await picks_up(home.desk)
    assert shown.display_name == "Ada Lovelace"
    await home.desk.press("1")
    call = await ada.answers()
    assert call.remote.name == "Ben Franklin"
    were_heard = await both_are_heard(home, ada, call)
    await home.desk.press("**")
    await becomes(call, State.TERMINATED, 20)
    await home.desk.happens("closed")
    record = await home.record()
    assert (record.direction, record.caller_name) == (Direction.OUTGOING, "Ada Lovelace")
    assert record.ended_by is EndedBy.PHONE
    return were_heard


async def both_are_heard(home: Home, ada: Ada, call: Leg) -> bool:
    """By each other, sooner or later: two programs improve what they hear."""

    async def both_hear() -> bool:
        at_ada = await heard(ada.mixer, call, call, home.ada_says, ada.directory)
        told = (
            await asyncio.to_thread(tells, at_ada, home.desk_says, home.ada_says),
            await asyncio.to_thread(tells, home.desk.heard(), home.ada_says, home.desk_says),
        )
        at_ada.unlink()
        return all(told)

    try:
        await until(both_hear, "each to hear the other", dino.SOUND_WITHIN)
    except PeerFailed:
        return False
    return True


def tells(recording: Path, right: Sound, wrong: Sound) -> bool:
    """Whether `right` was heard; `wrong` never is, or anything would be."""
    assert correlation(wrong, recording).correlation < CONTROL
    return correlation(right, recording).correlation > HEARD
