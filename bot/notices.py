"""Events of the house become messages; an event is acknowledged once it has arrived in the chat.

Events of one user stay in their order; one user's slow delivery holds nobody else up. Telegram or
the house may be away for any time: everything waits and nothing is lost. A bot that dies between
delivery and acknowledgement delivers twice, never not at all.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from uuid import UUID

from telegram.error import Forbidden, TelegramError

from bot.bot_state import BotState
from bot.delivery import patiently
from bot.request_context import RequestContext
from bot.screen import Screen, Telling
from bridge.api.commands.access import GetUser
from bridge.api.events import CardChanged, Event, Numbered
from bridge.errors import HouseError, UnknownTarget

log = logging.getLogger(__name__)

CONSUMER = "bot"
PAUSE = 5
"""Seconds before it begins anew after a fault of ours."""


class Notices:
    """`pace`: seconds after each edit of a card, in which its quick changes fall together."""

    def __init__(self, state: BotState, screens: Iterable[Screen], *, pace: float) -> None:
        self._state = state
        self._tells: dict[type[object], Telling] = {
            kind: telling for screen in screens for kind, telling in screen.tells.items()
        }
        self._pace = pace
        self._waiting: dict[UUID, deque[Numbered]] = {}
        self._receipts = Receipts()
        self._acknowledged = 0
        self._acknowledging = asyncio.Lock()

    async def run(self) -> None:
        """Serve until cancelled. After a fault of ours, what was not acknowledged is told again."""
        while True:
            try:
                await self._serve()
            except Exception:
                log.exception("the notices stumbled")
            self._waiting.clear()
            self._receipts.forget()
            await self._state.sleep(PAUSE)

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            async for numbered in self._state.desk.events(CONSUMER):
                if not self._receipts.take(numbered.number):
                    continue  # told again by a house that came back
                user = numbered.event.user
                if user in self._waiting:
                    self._waiting[user].append(numbered)
                else:
                    self._waiting[user] = deque([numbered])
                    tasks.create_task(self._deliver_to(user))

    async def _deliver_to(self, user: UUID) -> None:
        """Deliver what waits for one user, until nothing does."""
        waiting = self._waiting[user]
        while waiting:
            numbered = waiting.popleft()
            if not _outdated_by(numbered.event, waiting):
                await self._tell(numbered.event)
                if self._pace and isinstance(numbered.event, CardChanged):
                    await self._state.sleep(self._pace)
            await self._acknowledge(numbered.number)
        del self._waiting[user]

    async def _tell(self, event: Event) -> None:
        try:
            await patiently(lambda: self._told(event), sleep=self._state.sleep)
        except UnknownTarget as why:
            log.info("nobody to tell of %s any more: %s", event.kind, why.code)
        except Forbidden:
            log.warning("%s was not delivered: the member has blocked the bot", event.kind)
        except (HouseError, TelegramError) as why:
            log.error("%s could not be delivered: %s", event.kind, why)
        except Exception:
            # a fault of ours must not stop the other notices; the event is given up
            log.exception("%s could not be told", event.kind)

    async def _told(self, event: Event) -> None:
        if not event.told:
            return
        member = await self._state.desk.ask(GetUser(user=event.user))
        telling = self._tells.get(type(event))
        if telling is None:
            log.error("the chat has no words for %s", event.kind)
            return
        await telling(RequestContext(self._state, member, patience=None), event)

    async def _acknowledge(self, number: int) -> None:
        upto = self._receipts.deliver(number)
        async with self._acknowledging:
            if upto <= self._acknowledged:
                return
            await patiently(
                lambda: self._state.desk.acknowledge(CONSUMER, upto), sleep=self._state.sleep
            )
            self._acknowledged = upto


class Receipts:
    """Which numbers are on their way; acknowledging one acknowledges all before it."""

    def __init__(self) -> None:
        self._delivered: dict[int, bool] = {}
        self._upto = 0

    def take(self, number: int) -> bool:
        """False when it was taken before."""
        if number <= self._upto or number in self._delivered:
            return False
        self._delivered[number] = False
        return True

    def forget(self) -> None:
        """What is not acknowledged will be told again."""
        self._delivered.clear()

    def deliver(self, number: int) -> int:
        """The highest number up to which everything that was taken has arrived."""
        self._delivered[number] = True
        for each in sorted(self._delivered):
            if not self._delivered[each]:
                break
            self._upto = each
            del self._delivered[each]
        return self._upto


def _outdated_by(event: Event, later: Iterable[Numbered]) -> bool:
    """Whether a later state of the same card makes this one pointless."""
    return isinstance(event, CardChanged) and any(
        other.card.id == event.card.id for other in _cards(later)
    )


def _cards(events: Iterable[Numbered]) -> Iterator[CardChanged]:
    return (each.event for each in events if isinstance(each.event, CardChanged))
