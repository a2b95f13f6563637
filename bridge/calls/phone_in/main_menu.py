"""The menu of the house, as a tree: what is said, and which room each key leads to."""

import logging
from enum import Enum, auto

from bridge.calls.ivr.menu import Menu, MenuEntry
from bridge.calls.phone_in import listening, messages, people, preferences, report, spelling
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.spoken import N_, Phrase

log = logging.getLogger(__name__)

_TROUBLE = N_("That does not work at the moment. Please try again later.")


class Room(Enum):
    PEOPLE = auto()
    SPELLING = auto()
    VOICEMAIL = auto()
    LISTENING = auto()
    SETTINGS = auto()
    STATUS = auto()


MAIN_MENU: Menu[Room] = Menu(
    Phrase(N_("Main menu.")),
    (
        MenuEntry(
            "1",
            Phrase(N_("For your people, press 1.")),
            Room.PEOPLE,
            words=N_("people|my people|contacts"),
        ),
        MenuEntry(
            "2",
            Phrase(N_("To spell a name, press 2.")),
            Room.SPELLING,
            words=N_("spell|spell a name"),
        ),
        MenuEntry(
            "3",
            Phrase(N_("For your messages, press 3.")),
            Room.VOICEMAIL,
            words=N_("messages|my messages|voicemail"),
        ),
        MenuEntry(
            "4",
            Phrase(N_("For podcasts and radio, press 4.")),
            Room.LISTENING,
            words=N_("podcasts|radio|podcasts and radio"),
        ),
        MenuEntry("5", Phrase(N_("For settings, press 5.")), Room.SETTINGS, words=N_("settings")),
        MenuEntry(
            "6", Phrase(N_("To hear how things are, press 6.")), Room.STATUS, words=N_("status")
        ),
    ),
    on_a_page=6,
)

_ENTER = {
    Room.PEOPLE: people.enter,
    Room.SPELLING: spelling.enter,
    Room.VOICEMAIL: messages.enter,
    Room.LISTENING: listening.enter,
    Room.SETTINGS: preferences.enter,
    Room.STATUS: report.enter,
}


async def receive(guest: PhonedIn) -> None:
    """Lead him through the house until he hangs up, or nobody answers any more."""
    while True:
        room = await guest.ivr.choose(MAIN_MENU)
        if room is not None:
            await _enter(guest, room)


async def _enter(guest: PhonedIn, room: Room) -> None:
    """Whatever breaks in a room, he is told, and is in the main menu again."""
    try:
        await _ENTER[room](guest)
    except Exception:
        log.exception("a room of the menu failed: %s", room.name)
        await guest.ivr.say(_TROUBLE)
