"""A house for scenes: a whole switchboard on the loopback network, by a fake clock.

house.rings("desk", "mobile", in_order=True, seconds=20)
ada = await house.friend("Ada").calls()
await house.phone("desk").is_ringing(showing="Ada")
await house.later(20)
await house.phone("mobile").answers(pressing="1")
await ada.hears(house.phone("mobile"))
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

from bridge.api.events import CardChanged, Event
from bridge.api.views import CallAction, CallCard, CallView, CardPhone, PhoneState, PhoneView
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import Credentials
from bridge.connectors.loopback.connector import Loopback, LoopbackSession
from bridge.switchboard import Switchboard
from bridge.terms import MediaReport, Party, RingMode
from tests.fake_clock import FakeClock, settled
from tests.fake_directory import FakeDirectory
from tests.fake_library import FakeLibrary
from tests.fake_mailbox import FakeMailbox
from tests.fake_recognizer import FakeRecognizer
from tests.fakes import FakeEncoder, FakeMixer, FakeSpeaker, FakeSubscriber
from tests.people import PASSWORD, PATIENCE, Friend, OwnPhone, Person, until

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class OwnAccount:
    network: str = "loopback"
    label: str = "My account"
    is_phone_in: bool = False


class SlowRoute:
    """Dials phones through an account of the loopback network, each by its address there. That
    takes `delay` seconds, and may fail.
    """

    def __init__(self, trunk: LoopbackSession) -> None:
        self._trunk = trunk
        self.delay = 0.0
        self.faults: dict[str, Exception] = {}

    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        if self.delay:
            await asyncio.sleep(self.delay)
        if phone.address in self.faults:
            raise self.faults[phone.address]
        return await self._trunk.dial(phone.address, showing)

    def counted(self, phone: PhoneView) -> bool:
        return not phone.address.startswith("sip:")


class _Door:
    """The desk of the number by which the user phones in."""

    def __init__(self, house: "House") -> None:
        self._house = house

    def offer(self, leg: Leg) -> None:
        self._house.switchboard.offer(leg, OwnAccount(label="Phone-in", is_phone_in=True))

    def ready(self, roster: object = ()) -> None:
        pass

    def presence(self, contact: Party, online: bool) -> None:
        pass


class House:
    """One user's house; `open` it."""

    def __init__(self, directory: Path, facts: asyncio.TaskGroup) -> None:
        self.facts = facts
        self.network = Loopback()
        self.clock = FakeClock()
        self.subscriber = FakeSubscriber(self.clock)
        self.mixer = FakeMixer(directory)
        self.speaker = FakeSpeaker()
        self.encode = FakeEncoder()
        self.library = FakeLibrary()
        self.told: list[Event] = []
        self.folder = directory
        self._trunk = LoopbackSession(Credentials("trunk", secrets=PASSWORD), self, self.network)
        self._account = LoopbackSession(Credentials("me", secrets=PASSWORD), self, self.network)
        self.route = SlowRoute(self._trunk)
        self.directory = FakeDirectory(self._account)
        self.mailbox = FakeMailbox(self.clock)
        self.recognizer = FakeRecognizer()
        self.switchboard = Switchboard(
            CallServices(
                self.subscriber,
                self.route,
                self.mixer,
                self.speaker,
                self.told.append,
                self.clock,
                encode=self.encode,
                library=self.library,
                directory=self.directory,
                mailbox=self.mailbox,
                recognizer=self.recognizer,
            )
        )
        self._phones: dict[str, OwnPhone] = {}
        self._friends: dict[str, Friend] = {}
        self._signed_in: list[asyncio.Task[None]] = []
        self.sign_in(self._account)
        self.sign_in(
            LoopbackSession(Credentials("bridge", secrets=PASSWORD), _Door(self), self.network)
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, directory: Path) -> AsyncIterator["House"]:
        """When it is left, nothing of the calls may be left either."""
        async with asyncio.TaskGroup() as facts:
            house = cls(directory, facts)
            await settled()
            yield house
            await house.switchboard.drain(0)
            await settled()
            house.is_empty()
            for signed_in in house._signed_in:
                signed_in.cancel()
            for person in house.people:
                for leg in person.legs:
                    assert leg.over, f"a leg of {person.name} is left"

    @property
    def people(self) -> list[OwnPhone | Friend]:
        return [*self._phones.values(), *self._friends.values()]

    def is_empty(self) -> None:
        """Nothing is left of any call."""
        assert self.switchboard.running() == []
        assert self.subscriber.open == {}
        assert self.mixer.patches == []
        assert self.mixer.ears == {}
        assert list(self.folder.iterdir()) == []
        assert len({cdr.id for cdr in self.subscriber.cdrs}) == len(self.subscriber.cdrs)

    def sign_in(self, session: LoopbackSession) -> None:
        self._signed_in.append(self.facts.create_task(session.run()))

    # --- the desk of the user's account ----------------------------------------------------------

    def offer(self, leg: Leg) -> None:
        self.switchboard.offer(leg, OwnAccount())

    def ready(self, roster: object = ()) -> None:
        pass

    def presence(self, contact: Party, online: bool) -> None:
        pass

    # --- setting the scene -----------------------------------------------------------------------

    def rings(
        self, *labels: str, in_order: bool = False, seconds: int = 20, announce: bool = True
    ) -> None:
        """These phones of the user ring. One that is called mobile is a mobile number, the others
        are SIP phones in the house.
        """
        phones = tuple(
            PhoneView(
                id=uuid4(),
                label=label,
                address="+4915123456789" if label == "mobile" else f"sip:{label}@house",
                position=position,
                ring_seconds=seconds,
                verified=True,
            )
            for position, label in enumerate(labels)
        )
        mode = RingMode.IN_ORDER if in_order else RingMode.TOGETHER
        self.subscriber.change(phones=phones, ring_mode=mode, announce=announce)
        for phone in phones:
            person = self._phones[phone.label] = OwnPhone(self, phone.label, phone.address)
            self.sign_in(person.session)

    async def unplugs(self, label: str) -> None:
        """The phone is not on the network any more."""
        await settled()
        del self.network.online[self.phone(label).party.address]

    def change_phone(self, label: str, **facts: object) -> None:
        phones = tuple(
            phone.model_copy(update=facts) if phone.label == label else phone
            for phone in self.subscriber.kept.phones
        )
        self.subscriber.change(phones=phones)

    def phone(self, label: str) -> OwnPhone:
        return self._phones[label]

    def phone_id(self, label: str) -> UUID:
        return next(phone.id for phone in self.subscriber.kept.phones if phone.label == label)

    def friend(self, name: str, number: str = "") -> Friend:
        if name not in self._friends:
            self._friends[name] = Friend(self, name, number or name.lower())
        return self._friends[name]

    async def online(self, name: str) -> Friend:
        """A friend who can be called."""
        friend = self.friend(name)
        self.sign_in(friend.session)
        await settled()
        return friend

    def stranger(self, number: str, name: str = "") -> Friend:
        """Somebody who shows a number and perhaps no name."""
        return self._friends.setdefault(number, Friend(self, name, number))

    def report(self, person: Person, report: MediaReport) -> None:
        """How the sound of this person's leg is."""
        person.on_the_line.peer.media_report = lambda: report  # type: ignore[method-assign]

    def breaks(self, person: Person, verb: str) -> Callable[[], None]:
        """A verb of the house's leg to this person never returns; gives what mends it."""

        async def never(*_: object) -> None:
            await asyncio.Future()

        leg = person.on_the_line.peer
        setattr(leg, verb, never)
        return lambda: delattr(leg, verb)

    # --- what happens ----------------------------------------------------------------------------

    async def later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await settled()

    async def serves(self, friend: Friend) -> None:
        """A call that the worker serves in a task of its own."""
        offered: asyncio.Future[Leg] = asyncio.get_running_loop().create_future()
        self.offer = offered.set_result  # type: ignore[method-assign]  # for this one call
        await friend.calls()
        await self.switchboard.incoming(await offered, OwnAccount())

    async def press(self, action: CallAction, label: str = "") -> None:
        """A button of the card."""
        phone = self.phone_id(label) if label else None
        await self.switchboard.act(self.card.id, action, phone)
        await settled()

    async def is_quiet(self, within: float = PATIENCE) -> None:
        """No call is left."""
        await until(lambda: not list(self.switchboard._calls), "all calls are over", within)

    # --- what came of it -------------------------------------------------------------------------

    def events(self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]

    @property
    def cards(self) -> list[CallCard]:
        return [event.card for event in self.events(CardChanged)]

    @property
    def card(self) -> CallCard:
        """As the chat shows it now."""
        return self.cards[-1]

    def on_card(self, label: str) -> CardPhone:
        return next(phone for phone in self.card.phones if phone.label == label)

    def last_card_of_phone(self, label: str) -> PhoneState | None:
        return self.on_card(label).state

    @property
    def last_cdr(self) -> CallView:
        return self.subscriber.cdrs[-1]
