"""People who press, say, hang up and answer in any order, while things break: what must hold, holds
on hundreds of random walks.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.api.listening_views import Medium
from bridge.api.views import CallAction
from bridge.calls.ports.directory import OpenAddress
from bridge.calls.ports.library import Offered
from bridge.errors import HouseError, NetworkDown, NotAllowed
from bridge.terms import Cause, Direction, State
from tests.fake_clock import settled
from tests.fakes import SECONDS_A_WORD, now
from tests.house import House
from tests.people import Friend, OwnPhone

WALKS = 300
STEPS = 40
SILENCE = 45.0
"""Seconds in which who has phoned in hears something, or somebody, or is hung up."""
ANSWERABLE = ("Ada", "Ben")
NUMBERS = ("mobile", "+4930001", "+4930002", "+4930003")
WAYS_IN = ("2468#", "2468#", "2468#", "1357#", "24*2468#", "*", "24681357#")
PATHS = ("11", "12", "2232#", "31", "38", "37", "41", "4133", "51", "531", "6", "9", "0", "**")
WORDS = ("Ada", "Ben", "yes", "no", "settings", "people", "messages", "status", "mumble")
STORES = (
    ("directory", ("contacts", "who_has", "talked", "dial")),
    ("mailbox", ("messages", "heard", "delete")),
    ("library", ("offered", "playlist")),
    (
        "subscriber",
        ("accounts", "prefer", "enable_phone", "check_pin", "pin_locked", "open_leg"),
    ),
)


class Walk:
    """One random walk of people who phone in."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house = house
        self.chance = chance
        self.phoned_in = 0
        self.mended: list[Callable[[], None]] = []

    async def set_the_scene(self) -> None:
        house, chance = self.house, self.chance
        house.rings("mobile", announce=chance.random() < 0.5, seconds=20)
        house.subscriber.change(
            has_pin=chance.random() < 0.95,
            voice=chance.random() < 0.8,
            barge_in=chance.random() < 0.5,
        )
        house.change_phone("mobile", pin_waived=chance.random() < 0.3)
        house.directory.knows("Ada", "1")
        house.directory.knows("Ben", "12", OpenAddress("xmpp", "ben"), OpenAddress("phone", "ben"))
        house.recognizer.mishears["mumble"] = {"Ada": 0.5, "Ben": 0.45, "yes": 0.3}
        house.library.podcast("One", "Two")
        house.library.on_offer = [Offered(Medium.PODCAST, "News", house.library.order, 1)]
        for name in ("Ada", "Ben", "Cy"):
            house.mailbox.holds(name)
            house.mixer.shelf.lengths[f"message of {name}"] = 6.0
        for name in ANSWERABLE:
            await house.online(name)
        house.friend("Ben").busy = chance.random() < 0.2
        house.friend("Ada").answers_at_once = chance.random() < 0.2
        house.subscriber.delay = chance.choice([0.0, 0.0, 0.3])
        house.subscriber.seconds = chance.choice([4 * 3600.0, 60.0, 10.0])
        house.directory.delay = chance.choice([0.0, 0.0, 0.4, 3.0])
        house.mixer.delay = chance.choice([0.0, 0.0, 0.2])
        house.library.delay = chance.choice([0.0, 0.3])

    async def take(self, steps: int) -> None:
        acts: list[Callable[[], Awaitable[None]]] = [
            self.somebody_phones_in,
            self.somebody_phones_in,
            self.keys_are_pressed,
            self.keys_are_pressed,
            self.keys_are_pressed,
            self.something_is_said,
            self.a_friend_acts,
            self.a_friend_acts,
            self.somebody_hangs_up,
            self.the_chat_calls,
            self.the_chat_hangs_up,
            self.something_breaks,
            self.all_is_mended,
            self.time_passes,
            self.time_passes,
            self.several_at_once,
        ]
        for _ in range(steps):
            await self.chance.choice(acts)()
            if self.chance.random() < 0.7:
                await settled()
                self.only_the_user_calls()
            self.holds()

    # --- what people do --------------------------------------------------------------------------

    def person(self, number: str) -> OwnPhone | Friend:
        return self.house.phone("mobile") if number == "mobile" else self.house.stranger(number)

    def inside(self) -> list[OwnPhone | Friend]:
        """Who is in a call."""
        people = (self.person(number) for number in NUMBERS)
        return [one for one in people if one.leg is not None and not one.leg.over]

    async def somebody_phones_in(self) -> None:
        person = self.person(self.chance.choice(NUMBERS))
        if person.leg is None or person.leg.over:
            self.phoned_in += 1
            leg = await person.session.dial("bridge", person.party)
            person.takes(leg)  # type: ignore[arg-type]  # a loopback leg
            await asyncio.sleep(self.chance.choice([0.0, 0.1, 2.0]))
            await person.on_the_line.press(self.chance.choice(WAYS_IN))

    async def keys_are_pressed(self) -> None:
        for person in self.inside():
            keys = self.chance.choice([*PATHS, *"0123456789*#"])
            await person.on_the_line.press(keys)

    async def something_is_said(self) -> None:
        for person in self.inside():
            if person.on_the_line.state is State.ESTABLISHED:
                await self.house.mixer.says(person.port, self.chance.choice(WORDS))

    async def a_friend_acts(self) -> None:
        leg = self.house.friend(self.chance.choice(ANSWERABLE)).leg
        if leg is None or leg.over:
            return
        match self.chance.randrange(6):
            case 0 | 1:
                await leg.answer()
            case 2:
                await leg.hang_up(self.chance.choice([Cause.DECLINED, Cause.NORMAL, Cause.BUSY]))
            case 3:
                await leg.hang_up(self.chance.choice([Cause.NETWORK_LOST, Cause.MEDIA_LOST]))
            case 4 if leg.state in (State.INCOMING, State.RINGING):
                leg.became(State.EARLY)
                leg.peer.became(State.EARLY)
            case 5:
                await leg.press("5*")

    async def somebody_hangs_up(self) -> None:
        for person in self.inside():
            if self.chance.random() < 0.5:
                cause = self.chance.choice([Cause.NORMAL, Cause.NORMAL, Cause.NETWORK_LOST])
                await person.on_the_line.hang_up(cause)

    async def the_chat_calls(self) -> None:
        contact = self.chance.choice(self.house.directory.kept)
        try:
            await self.house.switchboard.call_contact(contact.id, None, None)
        except NotAllowed as why:
            assert why.code in ("on_the_phone", "no_phone"), why
        mobile = self.house.phone("mobile")
        await asyncio.sleep(self.chance.choice([0.0, 3.0]))
        if mobile.rings and self.chance.random() < 0.7:
            await mobile.on_the_line.answer()
            await mobile.on_the_line.press(self.chance.choice("1113"))

    async def the_chat_hangs_up(self) -> None:
        running = self.house.switchboard.running()
        if running and self.chance.random() < 0.5:
            try:
                call = self.chance.choice(running)
                await self.house.switchboard.act(call.id, CallAction.HANG_UP)
            except HouseError as why:
                assert why.code == "call_over", why

    async def several_at_once(self) -> None:
        """Without letting anything happen in between."""
        acts = self.keys_are_pressed, self.a_friend_acts, self.somebody_hangs_up
        for _ in range(3):
            await self.chance.choice(acts)()

    async def time_passes(self) -> None:
        await asyncio.sleep(self.chance.choice([0.1, 0.5, 1.0, 2.5, 7.0, 25.0, 60.0]))

    # --- what breaks -----------------------------------------------------------------------------

    async def something_breaks(self) -> None:
        if self.chance.random() < 0.5:
            return
        name, verbs = self.chance.choice(STORES)
        part, verb = getattr(self.house, name), self.chance.choice(verbs)
        how = self.chance.choice(
            [NetworkDown("store_unreachable"), NotAllowed("minutes_today"), RuntimeError("x"), None]
        )

        async def broken(*_: object, **__: object) -> Any:
            if how is None:
                await asyncio.Future()
            raise how  # type: ignore[misc]  # never None

        setattr(part, verb, broken)
        self.mended.append(lambda: part.__dict__.pop(verb, None))

    async def all_is_mended(self) -> None:
        for mend in self.mended:
            mend()
        self.mended.clear()

    # --- what must hold at every moment ----------------------------------------------------------

    def holds(self) -> None:
        mixer = self.house.mixer
        for port in {port for pair in mixer.patches for port in pair}:
            assert sum(port in pair for pair in mixer.patches) == 1
        for person in self.inside():
            leg = person.on_the_line
            if leg.state is State.ESTABLISHED:
                assert self.last_heard(person) > now() - SILENCE, f"silence for {person.name}"

    def only_the_user_calls(self) -> None:
        """Who rings or talks does so for somebody who knows the PIN, or for the user's phone."""
        for friend in (self.house.friend(name) for name in ANSWERABLE):
            if friend.leg is not None and not friend.leg.over:
                assert any(self.is_the_user(person) for person in self.inside())

    def is_the_user(self, person: OwnPhone | Friend) -> bool:
        return person.name == "mobile" or person.party.address in self.house.subscriber.let_in

    def last_heard(self, person: OwnPhone | Friend) -> float:
        """When this person last heard something."""
        mixer, port = self.house.mixer, person.port
        if any(port in pair for pair in mixer.patches):
            return now()
        if any(one.port is port and not one.left for one in mixer.playbacks):
            return now()  # he may have paused it
        ends = (
            one.at + SECONDS_A_WORD * len(one.text.split())
            for one in mixer.played
            if one.port is port
        )
        return min(now(), max(ends, default=now()))

    def held(self) -> None:
        """And after the end."""
        cdrs = self.house.subscriber.cdrs
        directions = [cdr.direction for cdr in cdrs]
        assert directions.count(Direction.PHONED_IN) == self.phoned_in
        assert set(directions) <= {Direction.PHONED_IN, Direction.OUTGOING}
        dialled = sum(len(self.house.friend(name).legs) for name in ANSWERABLE)
        assert directions.count(Direction.OUTGOING) >= dialled
        assert all(playback.left for playback in self.house.mixer.playbacks)
        assert len(self.house.subscriber.talked) == len(self.house.subscriber.counted), (
            "tickets are closed"
        )


@pytest.mark.parametrize("first", range(0, WALKS, 50))
async def test_whatever_people_do(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 50):
        chance = random.Random(seed)
        before = asyncio.all_tasks()
        directory = tmp_path / str(seed)
        directory.mkdir()
        try:
            async with House.open(directory) as house:
                walk = Walk(house, chance)
                await walk.set_the_scene()
                await walk.take(STEPS)
                await house.switchboard.drain(chance.choice([0.0, 10.0, 400.0]))
                await settled()
                walk.held()
            await settled()
            assert asyncio.all_tasks() == before
        except BaseException as why:
            why.add_note(f"walk {seed}")
            raise
