"""A small telephone program for a desktop, as others write them: it has a window, notifies of
calls, plays and records while one lasts. It runs inside a session; its recipe is beside it.

    desktop_client.py HOST:PORT     signs in at that exchange (tests/peers/exchange.py)
    desktop_client.py call NAME     tells the one that runs to call somebody
    desktop_client.py contacts      asks the one that runs whom it knows
"""

import asyncio
import json
import struct
import sys
from pathlib import Path
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from Xlib import XK, X
from Xlib.display import Display

SPOKEN, VOICE = b"m", b"v"
_HEAD = struct.Struct("!cH")
_RATE, _FRAME = 16000, 640
PROFILE = ".telephone.json"
_NAME, _PATH = "org.example.Telephone", "/org/example/Telephone"
_NOTES, _NOTES_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


def packed(kind: bytes, content: bytes) -> bytes:
    return _HEAD.pack(kind, len(content)) + content


async def unpacked(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """IncompleteReadError, or OSError, at the end."""
    kind, size = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    return kind, await reader.readexactly(size)


class Voice:
    """Both directions, while a call lasts, by the tools of PulseAudio."""

    held = False

    async def start(self, say: "asyncio.Queue[bytes]") -> None:
        record, play = (
            asyncio.create_subprocess_exec(
                *(tool, "--raw", "--format=s16le", f"--rate={_RATE}", "--channels=1"),
                "--latency-msec=20",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            for tool in ("parec", "pacat")
        )
        self._microphone, self._speaker = await record, await play
        self._speaking = asyncio.create_task(self._speak(say))

    def hear(self, frame: bytes) -> None:
        assert self._speaker.stdin is not None
        self._speaker.stdin.write(frame)

    async def stop(self) -> None:
        self._speaking.cancel()
        for tool in (self._microphone, self._speaker):
            tool.kill()
            await tool.wait()

    async def _speak(self, say: "asyncio.Queue[bytes]") -> None:
        assert self._microphone.stdout is not None
        while True:
            frame = await self._microphone.stdout.readexactly(_FRAME)
            if not self.held:
                say.put_nowait(packed(VOICE, frame))


class Window:
    """Its title is all that it shows; what is typed goes to `typed`, a character or key's name."""

    def __init__(self, typed: Any) -> None:
        self._display, self._typed = Display(), typed
        root = self._display.screen()
        self._window = root.root.create_window(
            *(100, 100, 400, 300, 0, root.root_depth), event_mask=X.KeyPressMask
        )
        self._window.set_wm_class("telephone", "Telephone")
        self.title("Telephone")
        self._window.map()
        self._display.flush()
        asyncio.get_running_loop().add_reader(self._display.fileno(), self._events)

    def title(self, text: str) -> None:
        self._window.set_wm_name(text)
        self._display.flush()

    def _events(self) -> None:
        while self._display.pending_events():
            event = self._display.next_event()
            if event.type == X.KeyPress:
                shifted = int(bool(event.state & X.ShiftMask))
                key = self._display.keycode_to_keysym(event.detail, shifted)
                special = {XK.XK_Return: "Return", XK.XK_Escape: "Escape"}
                if key in special or 0x20 <= key < 0x7F:
                    self._typed(special.get(key) or chr(key))


class Telephone:
    """One call at a time; others ring meanwhile."""

    def __init__(self, bus: MessageBus, exchange: str) -> None:
        self._bus, self._exchange = bus, exchange
        self._kept = Path.home() / PROFILE
        self._lines = [""]
        self._out: asyncio.Queue[bytes] = asyncio.Queue()
        self._voice: Voice | None = None
        self._rings: dict[int, int] = {}
        """Of each call that rings its notification."""
        self._name, self._contacts = "", list[str]()
        self._window = Window(self._typed)

    async def run(self) -> None:
        """Until the exchange is lost."""
        self._bus.add_message_handler(self._on_bus)
        await self._bus.request_name(_NAME)
        await self._call_bus("org.freedesktop.DBus", "AddMatch", "s", f"interface='{_NOTES}'")
        reader, writer = await asyncio.open_connection(*self._exchange.split(":"))
        sending = asyncio.create_task(self._send(writer))
        if self._kept.exists():
            self._tell("hello", **json.loads(self._kept.read_text()))
        else:
            self._window.title("Sign in")
        try:
            while True:
                kind, content = await unpacked(reader)
                if kind == VOICE:
                    if self._voice is not None:
                        self._voice.hear(content)
                else:
                    await self._told(**json.loads(content))
        finally:
            sending.cancel()

    async def _send(self, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(await self._out.get())
            await writer.drain()

    def _tell(self, kind: str, **more: Any) -> None:
        self._out.put_nowait(packed(SPOKEN, json.dumps({"kind": kind, **more}).encode()))

    async def _told(self, kind: str, **more: Any) -> None:
        match kind:
            case "welcome":
                self._name, self._contacts = more["name"], more["contacts"]
                if not self._kept.exists():
                    name, password, *_ = self._lines
                    self._kept.write_text(json.dumps({"name": name, "password": password}))
                self._window.title(f"Telephone of {self._name}")
            case "rejected":
                self._lines = [""]
                self._window.title("Sign in: wrong name or password")
            case "rings":
                body = f"Incoming call from {more['address']}"
                buttons = ["accept", "Accept", "reject", "Reject"]
                self._rings[more["call"]] = await self._notify(more["name"], body, buttons)
            case "gone":
                if note := self._rings.pop(more["call"], None):
                    await self._call_bus(_NOTES, "CloseNotification", "u", note)
            case "rings there":
                self._window.title(f"Telephone of {self._name}, calling {more['name']}")
            case "failed":
                self._window.title(f"Telephone of {self._name}")
                await self._notify(more["name"], more["why"], [])
            case "talk":
                self._window.title(f"Telephone of {self._name}, talking")
                self._voice = Voice()
                await self._voice.start(self._out)
            case "over":
                self._window.title(f"Telephone of {self._name}")
                if voice := self._voice:
                    self._voice = None
                    await voice.stop()

    def _typed(self, key: str) -> None:
        if not self._name:
            if key != "Return":
                self._lines[-1] += key
            elif len(self._lines) == 2:
                self._tell("hello", name=self._lines[0], password=self._lines[1])
            else:
                self._lines.append("")
        elif key == "Escape":
            self._tell("bye")
        elif self._voice is not None:
            self._tell("key", key=key)

    # --- the desktop ------------------------------------------------------------------------------

    def _on_bus(self, message: Message) -> Message | None:
        if message.member == "ActionInvoked":
            note, key = message.body
            for call in [call for call, its in self._rings.items() if its == note]:
                del self._rings[call]
                self._tell(key, call=call)
        if message.interface != _NAME or message.member is None:
            return None
        if message.member == "Contacts":
            return Message.new_method_return(message, "s", ["\n".join(self._contacts)])
        if message.member == "Hold" and self._voice is not None:
            self._voice.held = message.body[0]
        self._tell(message.member.lower(), what=message.body[0])
        return Message.new_method_return(message)

    async def _notify(self, summary: str, body: str, buttons: list[str]) -> int:
        said: list[Any] = ["Telephone", 0, "", summary, body, buttons, {}, -1]
        answer = await self._call_bus(_NOTES, "Notify", "susssasa{sv}i", *said)
        return int(answer[0])

    async def _call_bus(self, name: str, member: str, signature: str, *body: Any) -> list[Any]:
        return await call_bus(self._bus, name, member, signature, *body)


async def call_bus(
    bus: MessageBus, name: str, member: str, signature: str, *body: Any
) -> list[Any]:
    path = {_NAME: _PATH, _NOTES: _NOTES_PATH}.get(name, "/org/freedesktop/DBus")
    answer = await bus.call(Message(name, path, name, member, signature=signature, body=list(body)))
    assert answer is not None
    if answer.message_type is MessageType.ERROR:
        raise SystemExit(str(answer.body))
    return answer.body


async def main(*words: str) -> None:
    bus = await MessageBus(bus_type=BusType.SESSION).connect()
    match words:
        case ("call", name):
            await call_bus(bus, _NAME, "Dial", "s", name)
        case ("contacts",):
            print(*await call_bus(bus, _NAME, "Contacts", ""))
        case (exchange,):
            try:
                await Telephone(bus, exchange).run()
            except (OSError, EOFError):
                raise SystemExit("the exchange is lost") from None


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
