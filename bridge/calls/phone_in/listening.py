"""Podcasts and radio, from any phone: the same keys as when the house calls."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from bridge.api.listening_views import Medium
from bridge.calls import spoken
from bridge.calls.ivr.menu import Menu, MenuEntry, numbered
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.playout.dialogue import PlayoutDialogue
from bridge.calls.ports.library import Offered, Playlist
from bridge.calls.spoken import N_, Phrase
from bridge.errors import HouseError
from bridge.scope import Scope, promptly, scope
from bridge.terms import Cause, EndedBy

_TITLE = Phrase(N_("What do you want to hear?"))
_NOTHING = N_("You have no podcasts and no stations. Add them in the chat.")
_NEWS = N_("{name}, {count} new: press {key}.")
_OFFERED = N_("{name}: press {key}.")
_NOT_HERE = N_("There is nothing to hear of {name} yet. Please try again later.")


class InCallAudience:
    """The user, listening from inside a call (bridge.calls.playout.audience.Audience)."""

    def __init__(self, guest: PhonedIn, playlist: Playlist, body: Scope) -> None:
        self.id: UUID = uuid4()
        self.services = guest.services
        self.rules = guest.rules
        self.playlist = playlist
        self.body = body
        self.goes_on = True

    def end(self, _cause: Cause, _by: EndedBy) -> None:
        """He is in the menu again."""
        self.body.leave()

    def now_playing(self, **_facts: Any) -> None:
        """No card shows it."""


async def enter(guest: PhonedIn) -> None:
    while True:
        offered = await promptly(guest.services.library.offered())
        if not offered:
            return await guest.ivr.say(_NOTHING)
        chosen = await guest.ivr.choose(_menu(offered))
        if chosen is None:
            return
        await _listen(guest, chosen)


async def _listen(guest: PhonedIn, chosen: Offered) -> None:
    try:
        playlist = await promptly(guest.services.library.playlist(chosen.order))
    except HouseError:
        return await guest.ivr.say(_NOT_HERE, name=spoken.title(chosen.name))
    async with scope() as body, guest.services.mixer.playback(guest.port) as playback:
        await PlayoutDialogue(InCallAudience(guest, playlist, body), guest.listener, playback).run()


def _menu(offered: Sequence[Offered]) -> Menu[Offered]:
    entries = []
    for place, one in enumerate(offered, 1):
        key, name = numbered(place), spoken.title(one.name) or one.medium.capitalize()
        facts = {"key": spoken.digits(key), "name": name, "count": str(one.unheard)}
        news = one.medium is Medium.PODCAST and one.unheard
        entries.append(MenuEntry(key, Phrase(_NEWS if news else _OFFERED, facts), one, name))
    return Menu(_TITLE, tuple(entries))
