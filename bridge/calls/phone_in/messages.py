"""The messages that callers left: heard one after the other, kept, deleted, answered by a call."""

import asyncio
import logging
from collections.abc import Sequence
from enum import Enum, auto
from functools import partial
from uuid import UUID

from bridge.api.views import VoicemailView
from bridge.audio.port import Finished
from bridge.calls import spoken
from bridge.calls.ivr.menu import Menu, MenuEntry
from bridge.calls.phone_in import people
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.policy.block_list import is_anonymous
from bridge.calls.ports.mailbox import Mailbox
from bridge.calls.spoken import N_, Phrase
from bridge.scope import ANSWERS_WITHIN, promptly, uninterrupted
from bridge.terms import Party

log = logging.getLogger(__name__)

_GRACE = 15.0
"""Seconds that playing a message may take longer than it is."""


class MessageAction(Enum):
    REPEAT = auto()
    PREVIOUS = auto()
    NEXT = auto()
    DELETE = auto()
    CALL_BACK = auto()


_MENU: Menu[MessageAction] = Menu(
    Phrase(""),
    (
        MenuEntry(
            "1",
            Phrase(N_("To hear it again, press 1.")),
            MessageAction.REPEAT,
            words=N_("again|repeat"),
        ),
        MenuEntry(
            "6", Phrase(N_("For the next one, press 6.")), MessageAction.NEXT, words=N_("next")
        ),
        MenuEntry(
            "4",
            Phrase(N_("For the one before, press 4.")),
            MessageAction.PREVIOUS,
            words=N_("previous|before"),
        ),
        MenuEntry("7", Phrase(N_("To delete the message, press 7.")), MessageAction.DELETE),
        MenuEntry("8", Phrase(N_("To call back, press 8.")), MessageAction.CALL_BACK),
    ),
)
_NONE = N_("You have no messages.")
_NO_MORE = N_("There are no more messages.")
_FIRST = N_("This is the first message.")
_NEW = N_("New message, {place} of {count}, from {name}, {when}.")
_OLD = N_("Message {place} of {count}, from {name}, {when}.")
_DELETED = N_("Deleted.")
_CANNOT_BE_HEARD = N_("This message cannot be played.")
_HIDDEN = N_("The caller hid the number: there is nobody to call back.")
_STRANGER = N_("{name} is none of your people: add them in the chat, then you can call back.")


async def enter(guest: PhonedIn) -> None:
    """New ones first. They keep their order, whatever is heard and deleted meanwhile."""
    mailbox = guest.services.mailbox
    found = sorted(await promptly(mailbox.messages()), key=lambda one: one.heard)
    if not found:
        return await guest.ivr.say(_NONE)
    order, place = [one.id for one in found], 0
    while place < len(here := await _still_there(mailbox, order)):
        message = here[place]
        heard = partial(_play, guest, message, place + 1, len(here))
        match await guest.ivr.choose(_MENU, heard):
            case None:
                return
            case MessageAction.NEXT:
                place += 1
            case MessageAction.PREVIOUS if place:
                place -= 1
            case MessageAction.PREVIOUS:
                await guest.ivr.say(_FIRST)
            case MessageAction.DELETE:
                await uninterrupted(promptly(mailbox.delete(message.id)))
                await guest.ivr.say(_DELETED)
            case MessageAction.CALL_BACK:
                await _call_back(guest, message)
    await guest.ivr.say(_NO_MORE)


async def _still_there(mailbox: Mailbox, order: Sequence[UUID]) -> list[VoicemailView]:
    by_id = {message.id: message for message in await promptly(mailbox.messages())}
    return [by_id[id] for id in order if id in by_id]


async def _play(guest: PhonedIn, message: VoicemailView, place: int, count: int) -> None:
    """What begins to be played counts as heard."""
    services, language = guest.services, guest.rules.language
    await services.say(
        guest.port,
        _OLD if message.heard else _NEW,
        place=str(place),
        count=str(count),
        name=_who(guest, message),
        when=spoken.when(language, message.created, services.clock.now(), guest.rules.zone),
    )
    try:
        await _play_sound(guest, message)
    except Exception:
        log.exception("a message could not be played")
        await services.say(guest.port, _CANNOT_BE_HEARD)


async def _play_sound(guest: PhonedIn, message: VoicemailView) -> None:
    """TimeoutError when it does not begin at once, or does not come to its end."""
    services, loop = guest.services, asyncio.get_running_loop()
    async with (
        asyncio.timeout(ANSWERS_WITHIN) as limit,
        services.mailbox.sound(message.id) as sound,
        services.mixer.playback(guest.port) as playback,
    ):
        await playback.load(sound)
        await playback.play()
        limit.reschedule(loop.time() + message.seconds + _GRACE)
        await _mark(services.mailbox, message)
        async for fact in playback.facts():
            if isinstance(fact, Finished):
                break


async def _mark(mailbox: Mailbox, message: VoicemailView) -> None:
    """It is heard on, whether that can be kept or not. A key that ends the message does not undo
    that, nor keep the chat from being told.
    """
    try:
        await uninterrupted(promptly(mailbox.heard(message.id)))
    except Exception:
        log.exception("a message could not be marked as heard")


async def _call_back(guest: PhonedIn, message: VoicemailView) -> None:
    directory, address = guest.services.directory, message.caller_address
    if is_anonymous(Party(address, message.caller_name)):
        return await guest.ivr.say(_HIDDEN)
    contact = await promptly(directory.who_has(address))
    if contact is None:
        await guest.ivr.say(_STRANGER, name=_who(guest, message))
    else:
        await people.call(guest, contact)


def _who(guest: PhonedIn, message: VoicemailView) -> str:
    party = Party(message.caller_address, message.caller_name)
    return spoken.caller(guest.rules.language, party, guest.rules.country)
