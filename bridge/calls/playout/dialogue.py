"""Listening on the phone: every key acts on the sound first, and is spoken or kept afterwards."""

import asyncio
import logging

from bridge.api.listening_views import PlayoutKey
from bridge.audio.port import Finished, Interrupted, Playback, Returned, Titled
from bridge.calls.call import limits
from bridge.calls.call.listener import Listener
from bridge.calls.forwarding.branch import Branch
from bridge.calls.playout import happenings, sentences
from bridge.calls.playout.audience import Audience
from bridge.calls.playout.call_out import CallOut
from bridge.calls.playout.deck import JUMP, Deck
from bridge.calls.playout.happenings import Happening, Happenings
from bridge.calls.playout.outage import Outage
from bridge.calls.playout.progress import Progress
from bridge.calls.playout.voice import Voice
from bridge.calls.spoken import spoken
from bridge.errors import HouseError
from bridge.scope import uninterrupted
from bridge.terms import Cause, EndedBy

log = logging.getLogger(__name__)

BEATS_A_CARD = 3
"""The card follows a key at once, and the sound every so many beats."""
LINGER = 0.5
"""Seconds for the last word to reach an ear through the phone's jitter buffer."""
BACK_TO_PREVIOUS = 5.0
"""Later than these seconds into an episode, 7 goes to its beginning."""


async def listen(call: CallOut, winner: Branch) -> None:
    """Play the playlist to the user, until it is at its end or the call is left."""
    end = winner.dialled
    assert end is not None, "a phone that accepted has been dialled"
    call.joined_to(winner.phone)
    async with call.services.mixer.playback(end.leg.audio) as playback:
        dialogue = PlayoutDialogue(call, end.listener, playback)
        call.body.start(limits.keep(call, end, dialogue.warn))
        await dialogue.run()


class PlayoutDialogue:
    """One reader of everything that happens, in its order."""

    def __init__(self, call: Audience, listener: Listener, playback: Playback) -> None:
        self._call = call
        self._listener = listener
        self._playback = playback
        self._deck = Deck(playback, call.playlist)
        self._inbox = Happenings()
        self.warn = self._inbox.ends
        self._voice = Voice(call, listener.leg.audio, self._deck, self._inbox.said)
        self._outage = Outage(call, self._inbox)
        self._progress = Progress(call.services.library)
        self._loading: asyncio.Task[None] | None = None
        self._on_air = ""
        self._at_end = False
        """Nothing is left to play: it is over as soon as all is said."""
        self._beats = 0

    async def run(self) -> None:
        start, inbox = self._call.body.start, self._inbox
        start(self._progress.run())
        start(inbox.keys_of(self._listener))
        start(inbox.facts_of(self._playback))
        start(inbox.beat())
        if self._call.playlist.longest_seconds is not None:
            start(inbox.time(self._call.playlist.longest_seconds))
        self._load()
        try:
            while not (self._at_end and not self._voice.speaks):
                await self._react(await inbox.get())
            await asyncio.sleep(LINGER)
        finally:
            inbox.never()
            self._note(leaving=True)
            await uninterrupted(self._progress.close())

    async def _react(self, happening: Happening) -> None:
        match happening:
            case happenings.PressedKey(digit):
                await self._voice.hush()
                await self._obey(digit)
            case happenings.ItemLoaded(why):
                await self._loaded(why)
            case happenings.SentenceEnded(number):
                self._voice.is_through(number)
            case Titled(title):
                self._on_air = title
            case Interrupted():
                self._outage.suspect()
            case Returned():
                self._outage.over()
            case Finished(why):
                await self._finished(why)
            case happenings.Down():
                await self._say_down()
            case happenings.Retry():
                self._load()
            case happenings.Ends(seconds):
                await self._say(limits.WARNED, seconds=f"{seconds:.0f}")
            case happenings.TimeIsUp():
                await self._end_with(sentences.TIME_IS_UP)
            case happenings.Beat():
                self._beats += 1
                self._note()
        await self._deck.apply()
        if not isinstance(happening, happenings.Beat) or self._beats % BEATS_A_CARD == 0:
            self._show()

    # --- the keys --------------------------------------------------------------------------------

    async def _obey(self, digit: str) -> None:
        """One that fits nothing does nothing."""
        deck = self._deck
        match digit:
            case PlayoutKey.PLAY:
                deck.paused = not deck.paused
                await deck.apply()
                self._note()
            case PlayoutKey.WHERE:
                await self._voice.say(
                    sentences.where(
                        self._call.rules.language, self._call.playlist, deck, self._on_air
                    )
                )
            case PlayoutKey.HELP:
                await self._say(*sentences.keys(deck.live, self._call.goes_on))
            case PlayoutKey.HANG_UP:
                self._call.end(Cause.NORMAL, EndedBy.PHONE)
                await asyncio.Future()  # the body is being left; later keys are not for us
            case _ if not deck.live:
                await self._wind(digit)

    async def _wind(self, digit: str) -> None:
        """Through an episode, and from one to the next."""
        deck = self._deck
        match digit:
            case PlayoutKey.BACK:
                await self._rewound(deck.position - JUMP)
            case PlayoutKey.FORWARD:
                await deck.seek(deck.position + JUMP)
            case PlayoutKey.SLOWER:
                await deck.change_speed(-1)
            case PlayoutKey.FASTER:
                await deck.change_speed(1)
            case PlayoutKey.PREVIOUS:
                if deck.position > BACK_TO_PREVIOUS or not self._go(-1):
                    await self._rewound(0.0)
            case PlayoutKey.NEXT:
                if not self._go(1):
                    await self._say(sentences.LAST)
            case PlayoutKey.HEARD:
                await self._heard()

    async def _rewound(self, to: float) -> None:
        await self._deck.seek(to)
        self._at_end = False

    # --- the sound -------------------------------------------------------------------------------

    def _load(self) -> None:
        self._at_end = False
        self._loading = self._call.body.start(self._taken_up(self._loading))

    async def _taken_up(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            before.cancel()
            await asyncio.wait({before})
        self._inbox.put(happenings.ItemLoaded(await self._deck.load()))

    async def _loaded(self, why: HouseError | None) -> None:
        if why is not None:
            await self._cannot_play(why)
        elif self._deck.live:
            self._outage.over()

    async def _finished(self, why: str) -> None:
        if not self._deck.loaded:
            return  # of an item that was left meanwhile
        if self._deck.live or why:
            self._deck.loaded = False
            await self._cannot_play(HouseError(why))
        else:
            await self._heard()

    async def _heard(self) -> None:
        self._deck.finish()
        if not self._go(1):
            self._note(leaving=True)
            await self._end_with(sentences.ALL_HEARD)

    def _go(self, steps: int) -> bool:
        """To another episode; False where there is none."""
        if not self._deck.has(steps):
            return False
        self._note(leaving=True)
        self._deck.move(steps)
        self._load()
        return True

    async def _cannot_play(self, why: HouseError) -> None:
        log.warning("%s cannot be played: %s", self._deck.item.episode or "a station", why)
        if self._deck.live:
            await self._say_down()
            self._outage.try_again()
        elif self._go(1):
            await self._say(sentences.UNPLAYABLE)
        else:
            await self._end_with(sentences.UNPLAYABLE, sentences.ALL_HEARD)

    async def _say_down(self) -> None:
        if self._outage.begun():
            await self._say(sentences.STATION_DOWN)

    # --- what is said ----------------------------------------------------------------------------

    async def _say(self, *said: str, **facts: str) -> None:
        language = self._call.rules.language
        await self._voice.say(" ".join(spoken(language, one, **facts) for one in said))

    async def _end_with(self, *last: str) -> None:
        self._at_end = True
        await self._say(*last, *([] if self._call.goes_on else [sentences.GOODBYE]))

    # --- what is kept and shown ------------------------------------------------------------------

    def _note(self, *, leaving: bool = False) -> None:
        """The position; who leaves an episode close to its end has heard it."""
        deck = self._deck
        if deck.item.episode is not None and deck.loaded:
            heard = leaving and deck.heard
            self._progress.note(deck.item.episode, 0.0 if heard else deck.position, heard)

    def _show(self) -> None:
        deck = self._deck
        self._call.now_playing(
            title=self._on_air or deck.item.title,
            episode=deck.item.episode,
            position=deck.position,
            seconds=deck.seconds,
            speed=deck.speed,
            paused=deck.paused,
        )
