"""What every connector must do. A connector's test inherits `ConnectorContract` and gives it a
network:

    class TestSip(ConnectorContract):
        @pytest.fixture
        async def network(self) -> AsyncIterator[Network]:
            async with a_real_registrar() as network:
                yield network

Nothing here knows a protocol, and nothing needs a fake clock: it waits for facts, each for at most
the network's `patience`.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bridge.calls.ports.directory import OpenAddress
from bridge.calls.ports.leg import Became, Fact, Leg, Pressed
from bridge.connectors.base import AccountSession, Credentials, Desk
from bridge.errors import LoginRejected, NetworkDown, UnknownTarget
from bridge.terms import Cause, Party, State
from tests.house import House
from tests.people import until

ADA, BEN = "ada", "ben"


class Network(ABC):
    """A network with two accounts, "ada" and "ben", that can call each other."""

    patience = 5.0
    """Seconds that a fact may take here."""
    notices_loss = True
    """Whether a session's `run` itself ends when the network goes down."""
    calls_at_once = 2
    """Of one account; with 1 the second is BUSY for who calls, and declined for who is called."""
    tells_busy = True
    """Whether BUSY arrives as that, and not as DECLINED."""
    tells_nobody = True
    """Whether a call to nobody ends with the reason."""
    tells_keys = True
    """Whether a leg tells keys, and being held; else only the network has seen them (`arrived`)."""
    wrong_password = "wrong_password"
    """The code of LoginRejected; a program keeps its password to itself, and does not say why."""

    @abstractmethod
    def credentials(self, who: str) -> Credentials:
        """Those of an account, right ones."""

    @abstractmethod
    def wrong_credentials(self, who: str) -> Credentials:
        """The same with a wrong password."""

    @abstractmethod
    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        """By the connector that is tested."""

    @abstractmethod
    def address(self, who: str) -> str:
        """What is dialled to reach an account."""

    nobody = ""
    """An address that nobody has; "" when the network only finds out by calling."""

    def arrived(self, who: str) -> str:
        """Where legs do not tell: the keys that came to an account from the far end, "h" for being
        held and "u" for being taken back.
        """
        raise NotImplementedError

    @abstractmethod
    async def lose(self) -> None:
        """The network goes down."""


class Member:
    """An account that is signed in, and what its desk was told."""

    def __init__(self, network: Network, credentials: Credentials) -> None:
        self.network = network
        self.offers: asyncio.Queue[Leg] = asyncio.Queue()
        self.is_ready = asyncio.Event()
        self.roster: Sequence[Party] = ()
        self.session = network.session(credentials, self)

    def offer(self, leg: Leg) -> None:
        self.offers.put_nowait(leg)

    def ready(self, roster: Sequence[Party] = ()) -> None:
        self.roster = roster
        self.is_ready.set()

    def presence(self, contact: Party, online: bool) -> None:
        pass

    async def offered(self) -> "End":
        async with asyncio.timeout(self.network.patience):
            return End(self.network, await self.offers.get())

    async def calls(self, who: str, name: str = "Ada Lovelace") -> "End":
        showing = Party(self.session.credentials.address, name)
        leg = await self.session.dial(self.network.address(who), showing)
        return End(self.network, leg)


class End:
    """One end of a call, and its facts in their order."""

    def __init__(self, network: Network, leg: Leg) -> None:
        self.leg, self.network = leg, network
        self.patience = network.patience
        self.facts: list[Fact] = []
        self._events = leg.events()

    async def until(self, wanted: Callable[[Fact], bool]) -> Fact:
        async with asyncio.timeout(self.patience):
            async for fact in self._events:
                self.facts.append(fact)
                if wanted(fact):
                    return fact
        raise AssertionError(f"it ended first: {self.facts}")

    async def becomes(self, state: State) -> Became:
        fact = await self.until(lambda fact: isinstance(fact, Became) and fact.state is state)
        assert isinstance(fact, Became)
        return fact

    async def receives(self, keys: str) -> None:
        received = ""
        while received != keys:
            fact = await self.until(lambda fact: isinstance(fact, Pressed))
            assert isinstance(fact, Pressed)
            received += fact.digit
            assert keys.startswith(received), received

    async def ends(self) -> Cause:
        """And nothing comes after it."""
        fact = await self.becomes(State.TERMINATED)
        assert fact.cause is not None
        assert self.leg.over
        assert [one async for one in self._events] == []
        return fact.cause


@asynccontextmanager
async def signed_in(network: Network, who: str) -> AsyncIterator[Member]:
    member = Member(network, network.credentials(who))
    running = asyncio.create_task(member.session.run())
    try:
        async with asyncio.timeout(network.patience):
            await member.is_ready.wait()
        yield member
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, NetworkDown):
            await running
        await member.session.close()


class ConnectorContract:
    """The promises of bridge.connectors.base and bridge.calls.ports.leg."""

    @pytest.fixture
    async def network(self) -> Network:
        raise NotImplementedError("a connector's test gives its network")

    @pytest.fixture
    async def ada(self, network: Network) -> AsyncIterator[Member]:
        async with signed_in(network, ADA) as member:
            yield member

    @pytest.fixture
    async def ben(self, network: Network) -> AsyncIterator[Member]:
        async with signed_in(network, BEN) as member:
            yield member

    async def test_it_rings(self, ada: Member, ben: Member) -> None:
        caller = await ada.calls(BEN)
        assert caller.leg.state in (State.OUTGOING, State.RINGING)
        called = await ben.offered()
        assert called.leg.state is State.INCOMING
        await called.leg.ring()
        await caller.becomes(State.RINGING)
        assert State.ESTABLISHED not in states(caller)
        await caller.leg.hang_up(Cause.CANCELLED)
        await called.ends()

    async def test_the_called_end_knows_who_calls(self, ada: Member, ben: Member) -> None:
        caller = await ada.calls(BEN, name="Ada Lovelace")
        called = await ben.offered()
        assert called.leg.remote.address
        assert called.leg.remote.shown == "Ada Lovelace"
        await caller.leg.hang_up()
        await called.ends()

    async def test_it_is_answered(self, ada: Member, ben: Member) -> None:
        caller, called = await self.talking(ada, ben)
        assert caller.leg.audio is not called.leg.audio
        await caller.leg.hang_up()
        await caller.ends()
        await called.ends()

    async def test_it_is_answered_without_ringing(self, ada: Member, ben: Member) -> None:
        caller = await ada.calls(BEN)
        called = await ben.offered()
        await called.leg.answer()
        await caller.becomes(State.ESTABLISHED)
        await called.becomes(State.ESTABLISHED)
        await called.leg.hang_up()
        await caller.ends()

    async def test_the_caller_hangs_up(self, ada: Member, ben: Member) -> None:
        caller, called = await self.talking(ada, ben)
        await caller.leg.hang_up()
        assert await called.ends() is Cause.NORMAL
        assert await caller.ends() is Cause.NORMAL

    async def test_the_called_end_hangs_up(self, ada: Member, ben: Member) -> None:
        caller, called = await self.talking(ada, ben)
        await called.leg.hang_up()
        assert await caller.ends() is Cause.NORMAL
        assert await called.ends() is Cause.NORMAL

    async def test_the_caller_gives_up_while_it_rings(self, ada: Member, ben: Member) -> None:
        caller = await ada.calls(BEN)
        called = await ben.offered()
        await called.leg.ring()
        await caller.becomes(State.RINGING)
        await caller.leg.hang_up(Cause.CANCELLED)
        assert await called.ends() is Cause.CANCELLED
        assert await caller.ends() is Cause.CANCELLED

    @pytest.mark.parametrize("cause", [Cause.BUSY, Cause.DECLINED])
    async def test_the_called_end_refuses(self, ada: Member, ben: Member, cause: Cause) -> None:
        caller = await ada.calls(BEN)
        called = await ben.offered()
        await called.leg.hang_up(cause)
        assert await caller.ends() is (cause if ada.network.tells_busy else Cause.DECLINED)
        await called.ends()

    async def test_keys_go_both_ways(self, ada: Member, ben: Member) -> None:
        caller, called = await self.talking(ada, ben)
        await caller.leg.press("15*")
        await self.receives(called, BEN, "15*")
        await called.leg.press("#0")
        await self.receives(caller, ADA, "#0")
        await caller.leg.hang_up()
        await called.ends()

    async def test_a_call_is_held_and_taken_back(self, ada: Member, ben: Member) -> None:
        caller, called = await self.talking(ada, ben)
        await caller.leg.hold(True)
        if ada.network.tells_keys:
            await called.becomes(State.HELD)
        else:
            await self.receives(called, BEN, "h")
        await caller.leg.hold(False)
        if ada.network.tells_keys:
            await called.becomes(State.ESTABLISHED)
        else:
            await self.receives(called, BEN, "hu")
        await caller.leg.hang_up()
        await called.ends()

    async def test_a_contact_is_called_from_the_menu(
        self, network: Network, ada: Member, ben: Member, tmp_path: Path
    ) -> None:
        """Ada's account is the user's: he phones in and calls Ben, who is number 1."""
        folder = tmp_path / "house"
        folder.mkdir()
        async with House.open(folder) as house:
            house.directory.session = ada.session
            house.directory.knows("Ben", "1", OpenAddress("any", network.address(BEN)))
            house.subscriber.change(has_pin=True)
            guest = await house.friend("The user").calls("bridge")
            await guest.presses("2468#11")
            called = await ben.offered()
            await called.leg.answer()
            await until(lambda: bool(house.mixer.patches), "sound to flow", network.patience)
            [joined] = house.mixer.patches
            assert guest.port in joined
            await guest.presses("**")
            assert await called.ends() is Cause.NORMAL
            await guest.is_told("Your people", network.patience)
            await guest.hangs_up()
            await house.is_quiet()

    async def test_verbs_that_come_too_late_do_nothing(self, ada: Member, ben: Member) -> None:
        caller, called = await self.talking(ada, ben)
        await caller.leg.hang_up()
        await called.ends()
        await caller.ends()
        for end in (caller, called):
            await end.leg.ring()
            await end.leg.answer()
            await end.leg.press("1")
            await end.leg.hold(True)
            await end.leg.hang_up(Cause.BUSY)
            assert end.leg.state is State.TERMINATED
            assert end.leg.cause is Cause.NORMAL

    async def test_both_hang_up_at_the_same_moment(self, ada: Member, ben: Member) -> None:
        caller, called = await self.talking(ada, ben)
        await asyncio.gather(caller.leg.hang_up(), called.leg.hang_up())
        await caller.ends()
        await called.ends()

    async def test_an_answer_crosses_a_cancel(self, ada: Member, ben: Member) -> None:
        caller = await ada.calls(BEN)
        called = await ben.offered()
        await called.leg.ring()
        await asyncio.gather(called.leg.answer(), caller.leg.hang_up(Cause.CANCELLED))
        await caller.ends()
        await called.ends()

    async def test_glare(self, ada: Member, ben: Member) -> None:
        """Both call each other at once: two calls, and neither disturbs the other. Where there can
        be only one, there is none, and then again one.
        """
        if ada.network.calls_at_once == 1:
            attempts = await asyncio.gather(ada.calls(BEN), ben.calls(ADA))
            for attempt in attempts:
                assert await attempt.ends() in (Cause.BUSY, Cause.DECLINED)
            await self.is_free(ada, ben)
            return
        from_ada, from_ben = await asyncio.gather(ada.calls(BEN), ben.calls(ADA))
        at_ben, at_ada = await ben.offered(), await ada.offered()
        await at_ada.leg.hang_up(Cause.BUSY)
        assert await from_ben.ends() is Cause.BUSY
        await at_ben.leg.answer()
        await from_ada.becomes(State.ESTABLISHED)
        await from_ada.leg.hang_up()
        await at_ben.ends()

    async def test_two_calls_at_once(self, ada: Member, ben: Member) -> None:
        first, at_first = await self.talking(ada, ben)
        if ada.network.calls_at_once == 1:
            for member, who in ((ada, BEN), (ben, ADA)):
                assert await (await member.calls(who)).ends() is Cause.BUSY
            assert not first.leg.over
            assert not at_first.leg.over
            await first.leg.hang_up()
            await at_first.ends()
            await self.is_free(ada, ben)
            return
        second, at_second = await self.talking(ada, ben)
        await first.leg.hang_up()
        await at_first.ends()
        assert not second.leg.over
        assert not at_second.leg.over
        await at_second.leg.hang_up()
        await second.ends()

    async def test_a_wrong_password(self, network: Network) -> None:
        member = Member(network, network.wrong_credentials(ADA))
        with pytest.raises(LoginRejected) as rejected:
            async with asyncio.timeout(network.patience):
                await member.session.run()
        assert rejected.value.code == network.wrong_password
        assert not member.is_ready.is_set()
        for secret in member.session.credentials.secrets.values():
            assert secret not in repr(member.session.credentials) + str(rejected.value)
        await member.session.close()

    async def test_an_address_that_nobody_has(self, network: Network, ada: Member) -> None:
        if network.nobody:
            with pytest.raises(UnknownTarget):
                await ada.session.dial(network.nobody)
        else:
            leg = await ada.session.dial(network.address("nobody"))
            end = End(network, leg)
            known = (Cause.NOT_FOUND, Cause.UNREACHABLE)
            assert await end.ends() in (known if network.tells_nobody else (Cause.DECLINED,))

    async def test_the_network_is_lost(self, network: Network, ada: Member) -> None:
        member = Member(network, network.credentials(BEN))
        running = asyncio.create_task(member.session.run())
        async with asyncio.timeout(network.patience):
            await member.is_ready.wait()
        await network.lose()
        if not network.notices_loss:
            running.cancel()
        with pytest.raises((NetworkDown, asyncio.CancelledError)):
            async with asyncio.timeout(network.patience):
                await running
        with pytest.raises(NetworkDown):
            async with asyncio.timeout(network.patience):
                await member.session.run()
        await member.session.close()

    async def test_it_can_be_run_again(self, network: Network, ben: Member) -> None:
        """The keeper runs the same session again after trouble."""
        member = Member(network, network.credentials(ADA))
        for _ in range(2):
            member.is_ready.clear()
            running = asyncio.create_task(member.session.run())
            async with asyncio.timeout(network.patience):
                await member.is_ready.wait()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        await member.session.close()

    async def talking(self, ada: Member, ben: Member) -> tuple[End, End]:
        """Ada has called Ben, and both hear each other."""
        caller = await ada.calls(BEN)
        called = await ben.offered()
        await called.leg.ring()
        await called.leg.answer()
        await caller.becomes(State.ESTABLISHED)
        await called.becomes(State.ESTABLISHED)
        return caller, called

    async def is_free(self, ada: Member, ben: Member) -> None:
        """After all that was, Ben can be called."""
        caller, called = await self.talking(ada, ben)
        await called.leg.hang_up()
        assert await caller.ends() is Cause.NORMAL

    async def receives(self, end: End, who: str, keys: str) -> None:
        network = end.network
        if network.tells_keys:
            await end.receives(keys)
            return
        await until(lambda: network.arrived(who) == keys, f"{keys} to arrive", network.patience)


def states(end: End) -> list[State]:
    return [fact.state for fact in end.facts if isinstance(fact, Became)]
