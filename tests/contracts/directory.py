"""What a Directory promises (bridge.calls.ports.directory)."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from bridge.calls.ports.directory import Directory, OpenAddress
from bridge.errors import UnknownTarget
from bridge.terms import State

GRACE = "grace@x.example"


class DirectoryWorld(ABC):
    """Calls on the network xmpp, and telephone numbers of DE, are possible; nothing else is."""

    directory: Directory

    @abstractmethod
    async def knows(self, name: str, *addresses: tuple[str, str]) -> UUID:
        """Somebody by (network, address)."""

    async def names(self) -> Sequence[str]:
        return [one.name for one in await self.directory.contacts()]


class DirectoryContract:
    @pytest.fixture
    async def world(self) -> DirectoryWorld:
        raise NotImplementedError("each side gives its world")

    async def test_a_contact_and_the_ways_to_it(self, world: DirectoryWorld) -> None:
        grace = await world.knows("Grace", ("xmpp", GRACE))
        hope = await world.knows("Hope", ("telex", "hope"))
        known = await world.directory.contact(grace)
        assert (known.id, known.name, known.speed_dial, known.talked) == (grace, "Grace", "1", None)
        assert [(way.network, way.address) for way in known.ways] == [("xmpp", GRACE)]
        assert (await world.directory.contact(hope)).ways == ()
        with pytest.raises(UnknownTarget, match="no_such_contact"):
            await world.directory.contact(uuid4())

    async def test_who_can_be_reached_comes_first(self, world: DirectoryWorld) -> None:
        await world.knows("Closed", ("telex", "closed"))
        ada = await world.knows("Ada", ("xmpp", "ada@x.example"))
        ben = await world.knows("Ben", ("xmpp", "ben@x.example"))
        assert await world.names() == ["Ada", "Ben", "Closed"]
        await world.directory.talked(ben)
        assert await world.names() == ["Ben", "Ada", "Closed"]
        await world.directory.talked(ada)
        assert await world.names() == ["Ada", "Ben", "Closed"]
        assert (await world.directory.contact(ada)).talked is not None

    async def test_one_who_is_gone_was_talked_to(self, world: DirectoryWorld) -> None:
        grace = await world.knows("Grace", ("xmpp", GRACE))
        await world.directory.talked(uuid4())
        assert (await world.directory.contact(grace)).talked is None

    @pytest.mark.parametrize(
        ("address", "network", "found"),
        [
            (GRACE, "xmpp", "Grace"),
            (GRACE, "", "Grace"),
            (GRACE, "teams", None),
            ("nobody@x.example", "xmpp", None),
            ("", "", None),
            ("+4930123456", "phone", "Alan"),
            ("030 123456", "sip", "Alan"),
            ("sip:+4930123456@provider.example", "sip", "Alan"),
            ("+4930123456", "xmpp", None),
        ],
    )
    async def test_whose_address_it_is(
        self, world: DirectoryWorld, address: str, network: str, found: str | None
    ) -> None:
        await world.knows("Grace", ("xmpp", GRACE))
        await world.knows("Alan", ("phone", "+4930123456"))
        holder = await world.directory.who_has(address, network)
        assert (holder.name if holder else None) == found

    async def test_what_may_cost_money(self, world: DirectoryWorld) -> None:
        costs = {"phone": "+4930123456", "sip": "sip:grace@x.example", "xmpp": GRACE}
        counted = {
            network: world.directory.counted(OpenAddress(network, address))
            for network, address in costs.items()
        }
        assert counted == {"phone": True, "sip": True, "xmpp": False}

    async def test_somebody_is_dialled(self, world: DirectoryWorld) -> None:
        grace = await world.knows("Grace", ("xmpp", GRACE))
        [way] = (await world.directory.contact(grace)).ways
        leg = await world.directory.dial(way, uuid4())
        assert leg.state is State.OUTGOING
        assert leg.remote.address == GRACE
