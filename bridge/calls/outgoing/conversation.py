"""The user talks to one of his contacts: she is dialled, he hears how that goes, both talk."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bridge.calls import spoken
from bridge.calls.call import limits
from bridge.calls.call.call import Call
from bridge.calls.call.dialling import Dialled, dialled
from bridge.calls.call.listener import Listener
from bridge.calls.forwarding.talk import LOST, pass_keys, press
from bridge.calls.ivr.inputs import tell
from bridge.calls.outgoing import reasons
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.calls.ports.leg import Became, Fact, Leg
from bridge.calls.ports.subscriber import Ticket
from bridge.calls.spoken import N_
from bridge.errors import HouseError, NotAllowed
from bridge.scope import Scope, promptly, scope, uninterrupted
from bridge.terms import Cause, EndedBy, Party, State

log = logging.getLogger(__name__)

RINGS_FOR = 60.0
"""Seconds after which nobody comes any more."""
SILENT_FOR = 5.0
"""Seconds after which the user hears the ringing tone, though the network has not told of it."""
STAR, STAR_WAITS = "*", 0.8
"""Two hang up the other side; seconds in which the second one must follow, or they are keys."""
_SENTENCE_WITHIN = 15.0
_BROKEN = {Cause.NETWORK_LOST, Cause.MEDIA_LOST, Cause.FAILED}
_CALLING = N_("Calling {name}, {network}. To hang up, press star twice.")


@dataclass(frozen=True)
class ToContact:
    """A contact who is dialled (bridge.calls.call.dialling.Callee)."""

    call: Call
    way: OpenAddress

    async def ticket(self) -> Ticket:
        subscriber, directory = self.call.services.subscriber, self.call.services.directory
        return await subscriber.open_leg(self.call.id, None, directory.counted(self.way))

    async def dial(self) -> Leg:
        return await self.call.services.directory.dial(self.way, self.call.id)


class Conversation:
    """Of the user, who is on the phone `label` at `user`; `call` is what is kept of it."""

    def __init__(
        self, call: Call, user: Listener, label: str, contact: DirectoryEntry, way: OpenAddress
    ) -> None:
        self._call = call
        self._services = call.services
        self._user = user
        self._label = label
        self._contact = contact
        self._way = way
        self._alerted, self._early = asyncio.Event(), asyncio.Event()
        self._why = ""
        """What the user hears at its end."""
        self._one_star = False
        """Was enough to hang up."""

    async def run(self) -> None:
        """Until one of both hangs up; then the user has heard why, and `call` has ended."""
        call = self._call
        try:
            await self._call_her()
        except Exception:
            log.exception("a contact could not be called")
            call.note_end(Cause.FAILED, EndedBy.HOUSE)
        finally:  # if the user's leg is gone, too
            call.note_end(self._farewell(), EndedBy.PHONE)
            if call.answered is not None:
                await uninterrupted(self._remember())
        if self._one_star:
            await self._drop_second_star()
        if not self._user.leg.over and (why := self._why or self._why_over()):
            await tell(self._services, self._user, partial(self._say, why))

    async def _call_her(self) -> None:
        """Left when the user, by two stars or a button, hangs up the other side."""
        call = self._call
        async with scope() as body:
            outside, call.leave = call.leave, body.leave
            try:
                if call.ending is None:
                    await self._dial()
            except HouseError as refused:
                self._why = self._not_dialled(refused)
            finally:
                call.leave = outside

    async def _dial(self) -> None:
        async with dialled(self._call, ToContact(self._call, self._way), self._farewell) as end:
            end.listener.retell = self._heard
            await self._talk(end)
        if end.leg.over:
            self._call.note_end(end.leg.cause or Cause.FAILED, EndedBy.CALLER)

    async def _talk(self, end: Dialled) -> None:
        call = self._call
        async with scope() as body:
            body.start(self._pass_keys(end))
            if await self._answered(body, end):
                async with self._services.mixer.patch(end.leg.audio, self._user.leg.audio):
                    call.through(self._label)
                    body.start(pass_keys(end.listener, self._user.leg))
                    body.start(limits.keep(call, end, self._warn))
                    await asyncio.Future()

    # --- until she answers -----------------------------------------------------------------------

    async def _answered(self, body: Scope, end: Dialled) -> bool:
        sounds = {body.start(self._tell_progress()), body.start(self._let_through_early(end))}
        try:
            async with asyncio.timeout(RINGS_FOR):
                await end.listener.established()
        except TimeoutError:
            self._call.note_end(Cause.NO_ANSWER, EndedBy.CALLER)  # it is she who did not come
            return False
        for sound in sounds:
            sound.cancel()
        await asyncio.wait(sounds)
        return True

    async def _tell_progress(self) -> None:
        """Whom we call, then the ringing tone, until the network has a sound of its own."""
        telling = asyncio.ensure_future(self._ring_back())
        try:
            await self._early.wait()
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _ring_back(self) -> None:
        network = spoken.network(self._call.rules.language, self._way.network)
        await self._say(_CALLING, network=network)
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENT_FOR):
                await self._alerted.wait()
        while True:
            await self._services.sound(self._user.leg.audio, "ringing")

    async def _let_through_early(self, end: Dialled) -> None:
        """Early media (a 183): the network's announcements, and its own ringing tone."""
        await self._early.wait()
        async with self._services.mixer.patch(end.leg.audio, self._user.leg.audio):
            await asyncio.Future()

    def _heard(self, fact: Fact) -> None:
        match fact:
            case Became(State.RINGING):
                self._alerted.set()
            case Became(State.EARLY):
                self._early.set()

    # --- keys ------------------------------------------------------------------------------------

    async def _pass_keys(self, end: Dialled) -> None:
        """All but two stars; while it rings, one is enough."""
        while True:
            key = await self._user.keys.get()
            if key == STAR and await self._hangs_up(end):
                return self._call.end(self._farewell(), EndedBy.PHONE)
            await press(end.leg, key)

    async def _hangs_up(self, end: Dialled) -> bool:
        if end.listener.established_at is None:
            self._one_star = True
            return True
        try:
            async with asyncio.timeout(STAR_WAITS):
                following = await self._user.keys.get()
        except TimeoutError:
            return False
        if following != STAR:
            self._user.put_back(following)
        return following == STAR

    async def _drop_second_star(self) -> None:
        """Who has learnt that two hang up presses two: the second one is not for the menu."""
        try:
            key = await promptly(self._user.keys.get(), STAR_WAITS)
        except TimeoutError:
            return
        if key != STAR:
            self._user.put_back(key)

    # --- how it ends -----------------------------------------------------------------------------

    def _farewell(self) -> Cause:
        """What she is told."""
        return Cause.CANCELLED if self._call.answered is None else Cause.NORMAL

    def _not_dialled(self, refused: HouseError) -> str:
        if isinstance(refused, NotAllowed):
            self._call.refused(refused)
            self._call.note_end(Cause.FORBIDDEN, EndedBy.HOUSE)
        else:
            log.warning("a contact could not be dialled: %s", refused.code)
            self._call.note_end(Cause.UNREACHABLE, EndedBy.HOUSE)
        return reasons.of(refused)

    def _why_over(self) -> str:
        """Nothing is said to who hung up, and where both have heard the goodbye."""
        ending = self._call.ending
        if ending is None or ending.by is EndedBy.PHONE:
            return ""
        if self._call.answered is not None:
            return LOST if ending.cause in _BROKEN else ""
        return reasons.not_answered(ending.cause)

    async def _remember(self) -> None:
        try:
            await promptly(self._services.directory.talked(self._contact.id))
        except Exception:
            log.exception("it could not be kept with whom the user talked")

    async def _warn(self, left: float) -> None:
        await self._say(limits.WARNED, seconds=f"{left:.0f}")

    async def _say(self, sentence: str, **facts: str) -> None:
        call = self._call
        party = Party(self._way.address, self._contact.spoken, self._way.network)
        name = spoken.caller(call.rules.language, party, call.rules.country)
        try:
            async with asyncio.timeout(_SENTENCE_WITHIN):
                await self._services.say(self._user.leg.audio, sentence, name=name, **facts)
        except Exception:
            log.exception("a sentence could not be spoken")
