"""Things happen in any order: what must hold, holds on hundreds of random walks."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bridge.api.events import CardChanged
from bridge.api.listening_views import PlayoutKey
from bridge.api.views import CallAction, CallCard, CardState, PhoneState
from bridge.audio.port import Interrupted, Returned
from bridge.errors import BadInput, HouseError, NetworkDown, NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction, State
from tests.fake_clock import settled
from tests.house import House

WALKS = 500
STEPS = 40
PHONES = ("desk", "kitchen", "mobile")
FRIENDS = ("Ada", "Ben", "Cy")
OVER = {CardState.ENDED, CardState.MISSED, CardState.DECLINED, CardState.BLOCKED}


class Walk:
    """One random walk through a house."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house = house
        self.chance = chance
        self.offered = 0
        self.errands = 0
        self.call_outs = 0

    def set_the_scene(self) -> None:
        house, chance = self.house, self.chance
        house.rings(
            *PHONES,
            in_order=chance.random() < 0.5,
            seconds=chance.choice([5, 20]),
            announce=chance.random() < 0.7,
        )
        house.route.delay = chance.choice([0.0, 0.0, 0.3])
        house.subscriber.delay = chance.choice([0.0, 0.0, 0.2])
        house.subscriber.seconds = chance.choice([4 * 3600.0, 60.0])
        house.library.delay = chance.choice([0.0, 0.0, 0.4])
        house.mixer.shelf.delay = chance.choice([0.0, 0.3])
        if chance.random() < 0.2:
            house.mixer.shelf.faults["Two"] = BadInput("bad_audio")
        if chance.random() < 0.3:
            house.route.faults[house.phone("desk").party.address] = chance.choice(
                [NetworkDown("registrar_unreachable"), NotAllowed("no_trunk"), RuntimeError("bug")]
            )
        house.phone("kitchen").busy = chance.random() < 0.2
        house.phone("mobile").answers_at_once = chance.random() < 0.3

    async def take(self, steps: int) -> None:
        acts: list[Callable[[], Awaitable[None]]] = [
            self.a_friend_calls,
            self.a_friend_acts,
            self.a_phone_acts,
            self.a_phone_acts,
            self.somebody_accepts,
            self.somebody_accepts,
            self.a_button_is_pressed,
            self.time_passes,
            self.time_passes,
            self.the_house_calls,
            self.there_is_something_to_hear,
            self.a_listener_presses_a_key,
            self.several_at_once,
        ]
        for _ in range(steps):
            await self.chance.choice(acts)()
            if self.chance.random() < 0.7:
                await settled()
            self.holds()

    async def a_friend_calls(self) -> None:
        friend = self.house.friend(self.chance.choice(FRIENDS))
        if friend.leg is None or friend.leg.over:
            self.offered += 1
            leg = await friend.session.dial("me", friend.party)
            friend.takes(leg)  # type: ignore[arg-type]  # a loopback leg

    async def a_friend_acts(self) -> None:
        friend = self.house.friend(self.chance.choice(FRIENDS))
        if friend.leg is None or friend.leg.over:
            return
        match self.chance.randrange(6):
            case 0:
                await friend.leg.hang_up(Cause.CANCELLED)
            case 1:
                await friend.leg.hang_up(self.chance.choice([Cause.ELSEWHERE, Cause.NETWORK_LOST]))
            case 2:
                friend.speaks(self.chance.choice([0.2, 20.0]))
            case 3:
                await friend.leg.press(self.chance.choice("01#"))
            case 4:
                await friend.leg.hold(self.chance.random() < 0.5)
            case 5:
                friend.leg.peer.silent(3.0, "went_silent")

    async def a_phone_acts(self) -> None:
        leg = self.house.phone(self.chance.choice(PHONES)).leg
        if leg is None or leg.over:
            return
        match self.chance.randrange(8):
            case 0 | 1 | 2:
                await leg.answer()
            case 3 | 4:
                await leg.press(self.chance.choice("11123456789#"))
            case 5:
                await leg.hang_up(self.chance.choice([Cause.DECLINED, Cause.NORMAL, Cause.BUSY]))
            case 6 if leg.state in (State.INCOMING, State.RINGING):
                leg.became(State.EARLY)
                leg.peer.became(State.EARLY)
            case 7:
                await leg.hold(self.chance.random() < 0.5)

    async def somebody_accepts(self) -> None:
        phone = self.house.phone(self.chance.choice(PHONES))
        if phone.rings:
            await asyncio.sleep(2.5)
            await phone.on_the_line.answer()
            await asyncio.sleep(self.chance.choice([0.0, 1.0]))
            await phone.on_the_line.press("1")

    async def a_button_is_pressed(self) -> None:
        if not self.house.cards:
            return
        card = self.chance.choice(self.house.cards)
        phone = self.chance.choice([None, *(phone.id for phone in card.phones)])
        try:
            await self.house.switchboard.act(
                card.id, self.chance.choice(list(CallAction) + [CallAction.RING] * 3), phone
            )
        except HouseError as why:
            assert why.code in ("call_over", "no_such_phone"), why
        self.house.subscriber.change(blocked=())

    async def time_passes(self) -> None:
        await asyncio.sleep(self.chance.choice([0.1, 0.5, 1.0, 2.5, 7.0, 25.0]))

    async def the_house_calls(self) -> None:
        if self.chance.random() < 0.8:
            return
        board, phone = self.house.switchboard, self.house.phone_id(self.chance.choice(PHONES))
        try:
            await (board.verify(phone) if self.chance.random() < 0.5 else board.test_call(phone))
            self.errands += 1
        except NotAllowed as why:
            assert why.code == "already_calling", why

    async def there_is_something_to_hear(self) -> None:
        if self.chance.random() < 0.5:
            return
        library, order = self.house.library, self.house.library.job()
        if self.chance.random() < 0.6:
            library.podcast("One", "Two", "Three", first=self.chance.randrange(3))
        else:
            library.station(longest=self.chance.choice([None, 60.0]))
        try:
            await self.house.switchboard.call_out(order)
            self.call_outs += 1
        except NotAllowed as why:
            assert why.code == "already_calling", why
            assert order.job in library.claimed

    async def a_listener_presses_a_key(self) -> None:
        playbacks = [one for one in self.house.mixer.playbacks if not one.left]
        if self.house.cards and self.chance.random() < 0.3:
            card = self.chance.choice(self.house.cards)
            try:
                await self.house.switchboard.press(card.id, self.chance.choice(list(PlayoutKey)))
            except UnknownTarget as why:
                assert why.code == "call_over", why
        for playback in playbacks:
            if playback.source is not None and playback.source.live:
                playback.tell(self.chance.choice([Interrupted("stream_down"), Returned()]))
            elif playback.playing and self.chance.random() < 0.2:
                await playback.seek(1000.0)

    async def several_at_once(self) -> None:
        """Without letting anything happen in between."""
        for _ in range(3):
            await self.chance.choice([self.a_friend_acts, self.a_phone_acts])()

    # --- what must hold at every moment ----------------------------------------------------------

    def holds(self) -> None:
        house = self.house
        latest = {card.id: card for card in house.cards}
        for port in {port for pair in house.mixer.patches for port in pair}:
            assert sum(port in pair for pair in house.mixer.patches) == 1
        for friend in (house.friend(name) for name in FRIENDS):
            if friend.leg is not None and friend.leg.state in (State.ESTABLISHED, State.HELD):
                mine = [card for card in latest.values() if card.caller_name == friend.name]
                assert any(may_be_through(card) for card in mine)

    def held(self) -> None:
        """And after the end."""
        house = self.house
        assert len(house.subscriber.cdrs) == self.offered + self.errands + self.call_outs
        assert len({cdr.id for cdr in house.subscriber.cdrs}) == len(house.subscriber.cdrs)
        last = {event.card.id: event.card for event in house.events(CardChanged)}
        shown = Direction.INCOMING, Direction.CALL_OUT
        assert set(last) == {cdr.id for cdr in house.subscriber.cdrs if cdr.direction in shown}
        assert all(card.state in OVER and not card.actions for card in last.values())
        assert all(playback.left for playback in house.mixer.playbacks)
        settled = [job for job, _, _ in house.library.settled]
        assert sorted(settled) == sorted(house.library.dialled)
        assert len(settled) == self.call_outs
        kept = {cdr.voicemail for cdr in house.subscriber.cdrs if cdr.voicemail}
        assert kept == set(house.subscriber.voicemails)


def may_be_through(card: CallCard) -> bool:
    accepted = any(phone.state is PhoneState.ACCEPTED for phone in card.phones)
    return accepted or card.state in (CardState.ANSWERED, CardState.RECORDING)


@pytest.mark.parametrize("first", range(0, WALKS, 50))
async def test_whatever_happens(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 50):
        chance = random.Random(seed)
        before = asyncio.all_tasks()
        directory = tmp_path / str(seed)
        directory.mkdir()
        try:
            async with House.open(directory) as house:
                walk = Walk(house, chance)
                walk.set_the_scene()
                await walk.take(STEPS)
                await house.switchboard.drain(chance.choice([0.0, 10.0, 400.0]))
                await settled()
                walk.held()
            await settled()
            assert asyncio.all_tasks() == before
        except BaseException as why:
            why.add_note(f"walk {seed}")
            raise
