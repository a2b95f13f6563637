"""A real telephone, or a real caller: baresip 1.0 without sound hardware.

It speaks a WAV file into its calls and writes what it hears into another.  With an `account` it
registers at a provider, without one it is reached directly at `phone.uri`.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any, Literal, Self

from tests.peers.baresip_config import account_line, write_config
from tests.peers.baresip_events import Kind, PhoneEvent, event_of
from tests.peers.hearing import ENOUGH, Verdict, heard_sentence
from tests.peers.kamailio import Account
from tests.peers.netstring import ControlConnection
from tests.peers.programs import PeerFailed, Program, free_port, program_path, so_long_after
from tests.peers.speech import Sound, as_sound, load


class Baresip:
    """`async with Baresip(directory, "ada", speaks=wav) as phone:`

    `answer`: "manual" (somebody must call `answer()`), "auto" (at once), "never" (only rings).
    `speaks`: what is said in every call from its first moment, again and again with `pause` seconds
    between, for `talks` seconds; then baresip hangs up by itself ("end of file").  Without it the
    phone sends silence.  `dtmf`: how `press()` sends, by RFC 4733 ("rtpevent") or SIP ("info").
    """

    def __init__(
        self,
        directory: Path,
        name: str,
        address: str = "127.0.0.1",
        account: Account | None = None,
        speaks: Path | Sound | None = None,
        answer: Literal["manual", "auto", "never"] = "manual",
        *,
        display_name: str = "",
        port: int | None = None,
        codecs: tuple[str, ...] = ("PCMA", "PCMU"),
        dtmf: Literal["rtpevent", "info"] = "rtpevent",
        expires: int = 60,
        outbound_proxy: str = "",
        pause: float = 0.5,
        talks: float = 180.0,
        jitter_frames: str = "5-10",
    ) -> None:
        self.name, self.address, self.port = name, address, port or free_port(address)
        self.account, self.answers, self.display_name = account, answer, display_name or name
        self.codecs, self.dtmf, self.expires = codecs, dtmf, expires
        self.outbound_proxy = outbound_proxy
        self.jitter_frames = jitter_frames  # least-most frames of 20 ms that it holds back
        self.speaks, self.pause, self.talks = speaks, pause, talks
        self.program = Program(f"baresip-{name}", directory / name)
        self._said = 0
        self.events: list[PhoneEvent] = []
        self._unread: dict[str, asyncio.Queue[PhoneEvent]] = defaultdict(asyncio.Queue)
        self._control: ControlConnection | None = None
        self._answering: asyncio.Task[None] | None = None

    @property
    def uri(self) -> str:
        """Where it is reached: its account at the provider, or itself."""
        return self.account.uri if self.account else self.direct_uri

    @property
    def direct_uri(self) -> str:
        return f"sip:{self.name}@{self.address}:{self.port}"

    @property
    def digits(self) -> str:
        """All digits received so far, in all calls."""
        return "".join(event.said for event in self.events if event.kind == "digit")

    # -- starting and ending ---------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Ends it as a user would: calls are hung up, the registration is taken back."""
        await self.program.end()
        await self._hang_control()

    async def start(self) -> None:
        """Start it, and sign in without waiting for the registrar: see `registered()`."""
        control = free_port(self.address)
        write_config(self, control)
        await self.program.spawn(program_path("baresip"), "-f", str(self.program.directory), "-v")

        async def connect() -> ControlConnection | None:
            try:
                pair = await asyncio.open_connection(self.address, control)
            except OSError:
                return None
            return ControlConnection(*pair, self._happened)

        self._control = await self.program.until(connect, "its control connection", 10)
        # made only now, so that no event of the registration is missed
        await self.ask("uanew", account_line(self))

    async def kill(self) -> None:
        """The battery is taken out: no BYE, no goodbye to the registrar."""
        await self.program.kill()
        await self._hang_control()

    # -- verbs -----------------------------------------------------------------------------------

    async def dial(self, uri: str) -> None:
        """Call `uri`, having forgotten what was not yet read of earlier calls."""
        self.forget()
        await self.ask("dial", uri)

    async def answer(self) -> None:
        await self.ask("accept")

    async def hang_up(self) -> None:
        """End the current call, or give up while it rings."""
        await self.ask("hangup")

    async def reject(self) -> None:
        """Refuse the ringing call; baresip 1.0 always says 486 (use sipp for other codes)."""
        await self.ask("hangup")

    async def press(self, digits: str) -> None:
        """Press keys one after the other, each sent before the next is pressed."""
        for digit in digits:
            await self.ask("sndcode", digit)

    async def says(self, sound: Sound) -> None:
        """From now on, once, in the place of what it was saying; then it is silent."""
        self._said += 1
        said = sound.then(Sound.nothing(self.talks, sound.rate)).at(8000)
        path = said.save(self.program.directory / f"said-{self._said}.wav")
        await self.ask("ausrc", f"aufile,{path}")

    async def hold(self) -> None:
        await self.ask("hold")

    async def resume(self) -> None:
        await self.ask("resume")

    async def transfer(self, uri: str) -> None:
        """Blind transfer of the current call (REFER)."""
        await self.ask("transfer", uri)

    async def ask(self, command: str, params: str = "") -> str:
        """Any long command of baresip's menu, such as `callstat`."""
        if self._control is None:
            raise self.program.failure("it is not running")
        return await self._control.ask(command, params)

    # -- what happens ----------------------------------------------------------------------------

    async def happens(self, kind: Kind, timeout: float = 10.0) -> PhoneEvent:
        """The next event of this kind that nobody has read yet; waits `timeout` seconds for it."""
        unread = self._unread[kind]
        await self.program.until(lambda: not unread.empty(), f"{self.name}: {kind}", timeout)
        return unread.get_nowait()

    async def has_rung(self, seconds: float) -> None:
        """Wait until the newest call to it has rung so long."""
        rang = next(event for event in reversed(self.events) if event.kind == "incoming")
        await so_long_after(rang.at, seconds, f"{self.name} to have rung {seconds:g} s")

    def forget(self) -> None:
        """What happened up to now is nobody's business any more."""
        for unread in self._unread.values():
            while not unread.empty():
                unread.get_nowait()

    @property
    def calls_received(self) -> int:
        """Since it was switched on."""
        return sum(event.kind == "incoming" for event in self.events)

    @property
    def is_quiet(self) -> bool:
        """Nobody has called since `forget()`, or since the last call was read."""
        return self._unread["incoming"].empty()

    @property
    def is_talking(self) -> bool:
        """Whether its newest call was answered and is not over."""
        states = {"incoming", "ringing", "established", "closed"}
        newest = next((one.kind for one in reversed(self.events) if one.kind in states), None)
        return newest == "established"

    async def pressed(self, digits: str, timeout: float = 10.0) -> None:
        """Wait until the digits received end with `digits`."""
        await self.program.until(
            lambda: self.digits.endswith(digits), f"digits {digits!r}, got {self.digits!r}", timeout
        )

    async def registered(self, timeout: float = 10.0) -> PhoneEvent:
        return await self.happens("registered", timeout)

    async def hears(
        self,
        spoken: Path | Sound,
        timeout: float = 15.0,
        pesq_at_least: float | None = None,
        enough: float = ENOUGH,
        after: float = 0.0,
    ) -> Verdict:
        """Wait until the whole of `spoken` was heard in the newest call, after so many seconds."""
        verdict: Verdict | None = None
        wanted = {"enough": enough, "pesq_at_least": pesq_at_least, "whole": True}

        async def whole() -> bool:
            nonlocal verdict
            if self.recordings():
                heard = load(self.heard()).after(after)
                # in a thread: PESQ takes 40 ms, in which the test's own bridge must not stand still
                verdict = await asyncio.to_thread(heard_sentence, as_sound(spoken), heard, **wanted)
            return bool(verdict)

        try:
            await self.program.until(whole, "hearing the sentence", timeout, every=0.25)
        except PeerFailed as failure:
            why = "no sound" if verdict is None else verdict.why
            raise PeerFailed(f"{why}; {failure}") from None
        assert verdict is not None
        return verdict

    def spoken(self) -> Path:
        """What was said in the newest call, as it went into the codec."""
        if not (found := sorted(self.program.directory.glob("dump-*-enc.wav"))):
            raise self.program.failure("it has said nothing yet")
        return found[-1]

    def keep_heard(self, path: Path) -> Path:
        """What `heard()` holds now, as a complete WAV at `path`."""
        return load(self.heard()).save(path)

    def recordings(self) -> list[Path]:
        """What was heard, a WAV for each time that sound began, oldest first.

        Named after the second: two calls that begin within one second share a file.
        """
        return sorted(self.program.directory.glob("dump-*-dec.wav"))

    def heard(self) -> Path:
        """What was heard in the newest call, up to now when it still runs."""
        if not (found := self.recordings()):
            raise self.program.failure("it has heard nothing yet")
        return found[-1]

    def _happened(self, said: dict[str, Any]) -> None:
        event = event_of(said)
        if event is None:
            return
        self.events.append(event)
        self._unread[event.kind].put_nowait(event)
        if event.kind == "incoming" and self.answers == "auto":
            self._answering = asyncio.create_task(self.answer())

    async def _hang_control(self) -> None:
        if self._control is not None:
            await self._control.close()
            self._control = None
