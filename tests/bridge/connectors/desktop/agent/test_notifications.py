"""What a program says on the session's bus, and what it is answered there."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from bridge.connectors.desktop.protocol.messages import Action, NotificationClosed, Notified
from bridge.connectors.desktop.protocol.requests import CallBus, Invoke
from bridge.errors import HouseError
from tests.bridge.connectors.desktop.agent.running import Agent
from tests.peers.programs import until

pytestmark = pytest.mark.real

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


class Client:
    """A program that shows notifications, and hears what becomes of them."""

    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self.heard: list[tuple[object, ...]] = []
        bus.add_message_handler(self._hear)

    async def call(self, member: str, signature: str = "", *arguments: object) -> list[object]:
        answer = await self.bus.call(
            Message(NAME, PATH, NAME, member, signature=signature, body=list(arguments))
        )
        assert answer is not None and answer.message_type is not MessageType.ERROR
        return answer.body

    async def notify(self, summary: str, *actions: str, replaces: int = 0) -> int:
        hints = {"urgency": Variant("y", 2)}
        said = await self.call(
            *("Notify", "susssasa{sv}i", "Friends", replaces, "", summary, "calls"),
            *(list(actions), hints, 0),
        )
        assert isinstance(said[0], int)
        return said[0]

    def _hear(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.interface == NAME:
            self.heard.append((message.member, *message.body))


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with Agent(tmp_path) as agent:
        yield agent


@pytest.fixture
async def client(agent: Agent) -> AsyncIterator[Client]:
    bus = MessageBus(f"unix:path={agent.run}/bus", bus_type=BusType.SESSION)
    await bus.connect()
    client = Client(bus)
    rule = f"type='signal',interface='{NAME}'"
    added = await bus.call(
        Message(
            *("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch"),
            signature="s",
            body=[rule],
        )
    )
    assert added is not None and added.message_type is not MessageType.ERROR
    yield client
    bus.disconnect()
    await bus.wait_for_disconnect()


async def test_a_notification_is_told_with_its_actions(agent: Agent, client: Client) -> None:
    number = await client.notify("Ada", "0", "Accept", "1", "Decline")
    assert await agent.told(Notified) == Notified(
        id=number,
        app="Friends",
        summary="Ada",
        body="calls",
        actions=(Action(key="0", label="Accept"), Action(key="1", label="Decline")),
    )


async def test_a_chosen_action_reaches_the_program_and_closes_the_notification(
    agent: Agent, client: Client
) -> None:
    number = await client.notify("Ada", "accept", "Accept")
    await agent.ask(Invoke(notification=number, key="accept"))
    await until(lambda: len(client.heard) == 2, "both signals")
    assert client.heard == [("ActionInvoked", number, "accept"), ("NotificationClosed", number, 2)]
    assert await agent.told(NotificationClosed) == NotificationClosed(id=number)


async def test_a_notification_that_the_program_closes_is_over(agent: Agent, client: Client) -> None:
    number = await client.notify("Ada", "accept", "Accept")
    await client.call("CloseNotification", "u", number)
    assert await agent.told(NotificationClosed) == NotificationClosed(id=number)
    with pytest.raises(HouseError) as refused:
        await agent.ask(Invoke(notification=number, key="accept"))
    assert refused.value.code == "desktop_no_notification"


async def test_an_action_that_was_not_offered_is_none(agent: Agent, client: Client) -> None:
    number = await client.notify("Ada", "accept", "Accept")
    with pytest.raises(HouseError) as refused:
        await agent.ask(Invoke(notification=number, key="buy"))
    assert refused.value.code == "desktop_no_notification"
    assert client.heard == []


async def test_one_that_replaces_another_keeps_its_number(agent: Agent, client: Client) -> None:
    number = await client.notify("Ada")
    assert await client.notify("Ada again", replaces=number) == number
    assert (await agent.told(Notified, lambda one: one.summary == "Ada again")).id == number


async def test_longer_texts_than_anybody_reads_are_cut(agent: Agent, client: Client) -> None:
    many = [word for number in range(30) for word in (str(number), "x" * 300)]
    await client.notify("A" * 5000, *many)
    told = await agent.told(Notified)
    assert len(told.summary) == 500
    assert len(told.actions) == 20
    assert len(told.actions[0].label) == 200


async def test_the_bus_can_be_called(agent: Agent, client: Client) -> None:
    asked = CallBus(name=NAME, path=PATH, interface=NAME, member="GetServerInformation")
    assert "1.2" in (await agent.ask(asked)).text


async def test_nobody_on_the_bus_is_said_so(agent: Agent) -> None:
    asked = CallBus(name="com.example.Nobody", path="/", interface="com.example.No", member="No")
    with pytest.raises(HouseError) as refused:
        await agent.ask(asked)
    assert refused.value.code == "desktop_no_answer"


async def test_arguments_that_do_not_fit_their_signature_are_said_so(agent: Agent) -> None:
    asked = CallBus(
        name=NAME,
        path=PATH,
        interface=NAME,
        member="CloseNotification",
        signature="u",
        arguments=("none",),
    )
    with pytest.raises(HouseError) as refused:
        await agent.ask(asked)
    assert refused.value.code == "desktop_failed"
