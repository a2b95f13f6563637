"""The play: set up by chat, a call that is taken, one that is not, and a podcast that calls."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import AsyncExitStack
from pathlib import Path

from tests.demo.timeline import Span, Story
from tests.peers.baresip import Baresip
from tests.peers.kamailio import Kamailio
from tests.peers.ladder import encoded
from tests.peers.podcast import Podcast
from tests.peers.speech import Sound, say
from tests.peers.web import WebServer
from tests.real.service import Service

ADA_SAYS = "Hello, this is Ada. I am calling your internet number, and your desk phone rings."
DESK_SAYS = "Good morning Ada. I hear you very well, and no computer of mine is on."
EPISODE_SAYS = (
    "Welcome to a new episode of Bridge Stories. In the year two thousand and six somebody dreamt "
    "of a server that rings your ordinary phone. Today it does, and you are listening to it."
)
NUMBER, ADAS_NUMBER = "4930555010", "4930555020"
RING_SECONDS = 10
MESSAGE_SECONDS = 9.0
_VOICE_NOTE = re.compile(r"\(voice message[^:]*:\d+: (?P<path>\S+)\)")


class Play:
    """Afterwards `stories` and the recordings in `directory` tell what happened."""

    def __init__(self, directory: Path, scratch: Path) -> None:
        self.directory = directory
        self.scratch = scratch
        self.ada_says: Sound = say(ADA_SAYS)
        self.desk_says: Sound = say(DESK_SAYS, speed=150)
        self.episode: Sound = say(EPISODE_SAYS, speed=160)
        self.stories: list[Story] = []
        self.chat = ""
        self.calls_json = "[]"
        self.voice_note: Path | None = None

    async def perform(self) -> None:
        async with AsyncExitStack() as stage:
            provider = await stage.enter_async_context(
                Kamailio(self.scratch / "provider", {NUMBER: "demo-one", ADAS_NUMBER: "demo-two"})
            )
            self.house = await stage.enter_async_context(
                Service(self.directory / "house", echo=True, PRIVATE_HOSTS="127.0.0.1")
            )
            self.ada = await stage.enter_async_context(
                Baresip(
                    self.scratch,
                    "ada",
                    account=provider.account(ADAS_NUMBER),
                    speaks=self.ada_says,
                    display_name="Ada Lovelace",
                )
            )
            self.desk = await stage.enter_async_context(
                Baresip(self.scratch, "desk", speaks=self.desk_says)
            )
            self.number = provider.account(NUMBER)
            self.web = await stage.enter_async_context(WebServer())
            try:
                await self._set_up()
                await self._taken()
                await self._not_taken()
                await self._podcast_calls()
                self.calls_json = await self.house.calls()
            finally:
                self.chat = self.house.chat

    def leave_chat(self) -> None:
        (self.directory / "chat.txt").write_text(self.chat + "\n")

    async def _set_up(self) -> None:
        await self.house.claim()
        await self.house.add_phone("Desk", self.desk)
        await self.house.choose_ring_time("Desk", RING_SECONDS)
        await self.house.add_account(self.number)
        await self._add_podcast()

    async def _add_podcast(self) -> None:
        self.podcast = Podcast(self.web, "Bridge Stories")
        first = encoded(say("An old episode."), self.scratch / "old.mp3")
        self.podcast.publish("How it began", first, 2)
        await self.house.says("/podcasts")
        await self.house.sees("Add a podcast")
        await self.house.presses("Add a podcast")
        await self.house.sees("address")
        await self.house.says(self.podcast.address)
        await self.house.sees("Bridge Stories is in your list")

    async def _taken(self) -> None:
        """Ada calls, the desk phone rings with her name, 1 is pressed, both talk."""
        clock = _Clock("Ada calls, the desk phone is picked up")
        await self.house.says("/start")
        await self.ada.dial(self.number.uri)
        clock.mark("caller", "dials")
        shown = await self.desk.happens("incoming")
        clock.mark("phone", f"rings: “{shown.display_name}”", shown.at)
        await self.house.sees("Call from Ada Lovelace")
        await asyncio.sleep(2)  # a person walks to the phone
        await self.desk.answer()
        picked = await self.desk.happens("established")
        await asyncio.sleep(2)  # and listens to the announcement before pressing
        await self.desk.press("1")
        pressed = clock.mark("phone", "presses 1")
        answered = await self.ada.happens("established")
        clock.mark("caller", "is answered", answered.at)
        await self.desk.hears(self.ada_says)
        await self.ada.hears(self.desk_says)
        await self.ada.hang_up()
        over = (await self.desk.happens("closed")).at
        clock.mark("caller", "hangs up", over)
        await self.house.sees("Answered on Desk")
        self.ada.keep_heard(self.directory / "heard-by-caller.wav")
        self.desk.keep_heard(self.directory / "heard-by-phone.wav")
        clock.span("caller", "ringing", clock.begun, answered.at)
        clock.span("caller", "talking", answered.at, over)
        clock.span("phone", "ringing", shown.at, picked.at)
        clock.span("phone", "asking", picked.at, pressed)
        clock.span("phone", "talking", pressed, over)
        clock.heard("caller", self.directory / "heard-by-caller.wav", answered.at)
        clock.heard("phone", self.directory / "heard-by-phone.wav", picked.at)
        self.stories.append(clock.story(over))

    async def _not_taken(self) -> None:
        """Nobody picks up: Ada hears the greeting and leaves a message."""
        clock = _Clock("Ada calls again, nobody picks up: voicemail")
        await self.house.says("/start")
        await self.ada.dial(self.number.uri)
        clock.mark("caller", "dials")
        shown = await self.desk.happens("incoming")
        clock.mark("phone", "rings", shown.at)
        answered = await self.ada.happens("established", RING_SECONDS + 10)
        clock.mark("caller", "hears the greeting", answered.at)
        silent = (await self.desk.happens("closed")).at
        clock.mark("phone", "stops ringing", silent)
        await self.house.sees("leaving a message")
        await asyncio.sleep(MESSAGE_SECONDS + 4)  # as long as Ada wants to talk
        await self.ada.hang_up()
        over = (await self.ada.happens("closed")).at
        clock.mark("caller", "hangs up", over)
        chat = await self.house.sees("voice message")
        found = _VOICE_NOTE.search(chat)
        self.voice_note = Path(found["path"]) if found else None
        heard = self.scratch / "heard-in-voicemail.wav"
        self.ada.keep_heard(heard)
        clock.span("caller", "ringing", clock.begun, answered.at)
        clock.span("caller", "voicemail", answered.at, over)
        clock.span("phone", "ringing", shown.at, silent)
        clock.heard("caller", heard, answered.at)
        self.stories.append(clock.story(over))

    async def _podcast_calls(self) -> None:
        """A new episode appears, the desk phone rings and plays it."""
        second = encoded(self.episode, self.scratch / "new.mp3")
        self.podcast.publish("Two thousand and six", second, self.episode.seconds)
        clock = _Clock("A new episode appears, the desk phone rings")
        self.desk.forget()
        await self.house.says("/podcasts")
        await self.house.sees("Bridge Stories")
        await self.house.presses("Bridge Stories")
        await self.house.sees("Look for news")
        await self.house.presses("Look for news")
        clock.mark("chat", "“Look for news”")
        shown = await self.desk.happens("incoming", 30)
        clock.mark("phone", f"rings: “{shown.display_name}”", shown.at)
        await asyncio.sleep(2.5)  # a person walks to the phone
        await self.desk.answer()
        picked = await self.desk.happens("established")
        await asyncio.sleep(4)  # and listens to what it is about before pressing
        await self.desk.press("1")
        pressed = clock.mark("phone", "presses 1")
        await self.desk.hears(self.episode)
        await self.desk.press("#")
        over = (await self.desk.happens("closed")).at
        clock.mark("phone", "presses #", over)
        await self.house.sees("Answered on Desk")
        recording = self.directory / "podcast-heard-by-phone.wav"
        self.desk.keep_heard(recording)
        clock.span("phone", "ringing", shown.at, picked.at)
        clock.span("phone", "asking", picked.at, pressed)
        clock.span("phone", "listening", pressed, over)
        clock.heard("phone", recording, picked.at)
        self.stories.append(clock.story(over))


class _Clock:
    """Collects what happened, in seconds since the call was dialled."""

    def __init__(self, title: str) -> None:
        self.begun = time.monotonic()
        self._story = Story(title, 0.0)

    def mark(self, side: str, text: str, at: float | None = None) -> float:
        at = at or time.monotonic()
        self._story.marks.append((at - self.begun, side, text))
        return at

    def span(self, side: str, state: str, start: float, end: float) -> None:
        self._story.spans.append(Span(side, state, start - self.begun, end - self.begun))

    def heard(self, side: str, recording: Path, at: float) -> None:
        self._story.heard_by[side] = (recording, at - self.begun)

    def story(self, over: float) -> Story:
        self._story.seconds = over - self.begun + 1.5
        return self._story
