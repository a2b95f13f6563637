"""The session's own D-Bus, and on it the notifications of the program: here they are not shown to
anybody, but told, and answered.
"""

# no postponed annotations here: dbus-fast reads the signatures from them

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Self

from dbus_fast import BusType, DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from bridge.connectors.desktop.agent.child import STARTS_WITHIN, SessionChild
from bridge.connectors.desktop.agent.control import Refused
from bridge.connectors.desktop.protocol.messages import (
    Action,
    NotificationClosed,
    Notified,
    Reply,
    Told,
)
from bridge.connectors.desktop.protocol.requests import CallBus

_NAME, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_EXPIRED, _BY_USER, _BY_CALL = 1, 2, 3
"""Reasons of NotificationClosed (Desktop Notifications Specification 1.2)."""
_CLICKED_AFTER = 0.15
"""Seconds: nobody is quicker, and a program may note its number only after it has been shown."""
_MOST_ACTIONS = 20
_MOST_OPEN = 100
"""Notifications at a time; then the oldest is taken as closed."""
_RULES = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>{}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
"""The usual ones of a session, but nothing is started because somebody calls it: a desktop's
services (a screen reader's bus, keyrings, file systems) have nothing to do here.
"""
ANSWERS_WITHIN = 8.0
"""Seconds, for what is called on the bus."""


class Notifications(ServiceInterface):
    """org.freedesktop.Notifications, version 1.2."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        super().__init__(_NAME)
        self._tell = tell
        self._numbers = count(1)
        self._open: dict[int, set[str]] = {}
        """The keys of their actions, by number."""
        self._shown: dict[int, float] = {}

    @dbus_method()
    def GetCapabilities(self) -> "as":  # type: ignore[valid-type]  # noqa: F722
        return ["actions", "body", "body-markup", "persistence"]

    @dbus_method()
    def GetServerInformation(self) -> "ssss":  # type: ignore[name-defined]  # noqa: F821
        return ["skype2sip", "skype2sip", "1", "1.2"]

    @dbus_method()
    def Notify(
        self,
        app_name: "s",  # type: ignore[name-defined]  # noqa: F821
        replaces_id: "u",  # type: ignore[name-defined]  # noqa: F821
        app_icon: "s",  # type: ignore[name-defined]  # noqa: F821
        summary: "s",  # type: ignore[name-defined]  # noqa: F821
        body: "s",  # type: ignore[name-defined]  # noqa: F821
        actions: "as",  # type: ignore[valid-type]  # noqa: F722
        hints: "a{sv}",  # type: ignore[valid-type]  # noqa: F722
        expire_timeout: "i",  # type: ignore[name-defined]  # noqa: F821
    ) -> "u":  # type: ignore[name-defined]  # noqa: F821
        number = replaces_id if replaces_id in self._open else next(self._numbers)
        pairs = list(zip(actions[::2], actions[1::2], strict=False))[:_MOST_ACTIONS]
        told = Notified(
            id=number,
            app=app_name[:200],
            summary=summary[:500],
            body=body[:2000],
            actions=tuple(Action(key=key[:200], label=label[:200]) for key, label in pairs),
        )
        self._open.pop(number, None)
        self._open[number] = {action.key for action in told.actions}
        self._shown[number] = time.monotonic()
        if len(self._open) > _MOST_OPEN:
            self.close(next(iter(self._open)), _EXPIRED)
        self._tell(told)
        return number

    @dbus_method()
    def CloseNotification(self, id: "u"):  # type: ignore[name-defined,no-untyped-def]  # noqa: F821
        self.close(id, _BY_CALL)

    @dbus_signal()
    def NotificationClosed(self, id, reason) -> "uu":  # type: ignore[name-defined,no-untyped-def]  # noqa: F821
        return [id, reason]

    @dbus_signal()
    def ActionInvoked(self, id, key) -> "us":  # type: ignore[name-defined,no-untyped-def]  # noqa: F821
        return [id, key]

    def close(self, id: int, reason: int) -> None:
        if self._open.pop(id, None) is not None:
            self._shown.pop(id)
            self.NotificationClosed(id, reason)
            self._tell(NotificationClosed(id=id))

    async def choose(self, id: int, key: str) -> None:
        """As if somebody had clicked there."""
        await asyncio.sleep(self._shown.get(id, 0.0) + _CLICKED_AFTER - time.monotonic())
        if key not in self._open.get(id, ()):
            raise Refused("desktop_no_notification")
        self.ActionInvoked(id, key)
        self.close(id, _BY_USER)


class Bus:
    """`async with Bus(run, tell) as bus:` is a bus that only this session can reach."""

    def __init__(self, run: Path, tell: Callable[[Told], None]) -> None:
        self._path, self._rules = run / "bus", run / "bus.conf"
        self.address = f"unix:path={self._path}"
        self.notifications = Notifications(tell)

    async def __aenter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        self._rules.write_text(_RULES.format(self.address))
        self._daemon = await SessionChild.start(
            "dbus-daemon", "--nofork", "--nopidfile", f"--config-file={self._rules}"
        )
        try:
            await self._daemon.made(self._path)
            async with asyncio.timeout(STARTS_WITHIN):
                self._bus = await self._connected()
            self._bus.export(_PATH, self.notifications)
            await self._bus.request_name(_NAME)
        except BaseException:
            await self._daemon.end()
            raise
        return self

    async def _connected(self) -> MessageBus:
        """The socket is there a moment before anybody listens."""
        while True:
            bus = MessageBus(self.address, bus_type=BusType.SESSION)
            with suppress(ConnectionRefusedError):
                return await bus.connect()
            await asyncio.sleep(0.01)

    async def __aexit__(self, *_: object) -> None:
        self._bus.disconnect()
        await self._daemon.end()

    async def lost(self) -> None:
        """Returns when the daemon has died."""
        await self._daemon.ended()

    async def call(self, asked: CallBus) -> Reply:
        """Refused("desktop_no_answer") when nobody there can do it."""
        message = Message(
            destination=asked.name,
            path=asked.path,
            interface=asked.interface,
            member=asked.member,
            signature=asked.signature,
            body=_body(asked.signature, asked.arguments),
        )
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                answer = await self._bus.call(message)
        except (DBusError, OSError):  # TimeoutError is one
            raise Refused("desktop_no_answer") from None
        if answer is None or answer.message_type is MessageType.ERROR:
            raise Refused("desktop_no_answer")
        return Reply(id=0, text=" ".join(str(one) for one in answer.body)[:2000])


def _body(signature: str, arguments: tuple[str | int | bool, ...]) -> list[Any]:
    """GActions want an empty array and dictionary after their name (org.gtk.Actions.Activate)."""
    if signature == "sava{sv}":
        name, *values = arguments
        return [name, [Variant("s", str(value)) for value in values], {}]
    return list(arguments)
