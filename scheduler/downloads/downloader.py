"""The loop that brings episodes here: what somebody waits for, then what phones will ring for."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from tenacity import wait_exponential

from bridge import files
from bridge.backoff import Backoff
from bridge.errors import BadInput, HouseError, NetworkDown, Throttled
from bridge.store import Store
from bridge.store.listening import downloads
from bridge.store.listening.feeds import Episode
from scheduler.bell import ScheduleBell
from scheduler.downloads import room
from scheduler.downloads.episode import bring
from scheduler.downloads.part import Part
from scheduler.web import Web

log = logging.getLogger(__name__)

AT_ONCE = 3
LOOKS_EVERY = 60.0
"""Seconds that it sleeps at most; what is asked for, or has come, wakes it earlier."""
SWEEPS_EVERY = timedelta(hours=1)
HOPELESS_FOR = timedelta(hours=12)
"""What cannot be had, or has no sound in it, is tried again after that."""
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 3600.0
"""Seconds after a failure."""


class Downloader:
    """`run` it for as long as episodes shall be downloaded. `megabytes` is all that may be kept."""

    def __init__(
        self,
        store: Store,
        web: Web,
        data_dir: Path,
        megabytes: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        looks_every: float = LOOKS_EVERY,
        bell: ScheduleBell | None = None,
    ) -> None:
        self.rounds = 0
        """How often it has looked."""
        self._store, self._web = store, web
        self._data_dir, self._budget = data_dir, megabytes * 1_000_000
        self._now, self._looks_every = now, looks_every
        self._bell = bell or ScheduleBell()
        self._running: set[UUID] = set()
        self._not_before: dict[UUID, datetime] = {}
        self._pauses: dict[UUID, Backoff] = {}
        self._swept: datetime | None = None

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                heard = self._bell.rung
                try:
                    await self._sweep()
                    for episode in await self._wanted():
                        self._running.add(episode.id)
                        tasks.create_task(self._download(episode))
                except HouseError as why:
                    log.error("no episode can be downloaded at the moment: %s", why)
                self.rounds += 1
                await self._bell.sleep(self._idle_for(), heard)

    async def _wanted(self) -> list[Episode]:
        now = self._now()
        self._not_before = {key: at for key, at in self._not_before.items() if at > now}
        busy = set(self._running)  # one that is done before we have read is not begun again
        found = await self._store.read(downloads.wanted, now)
        busy |= self._running | set(self._not_before)
        waiting = [one for one in found if one.id not in busy]
        return waiting[: AT_ONCE - len(self._running)]

    def _idle_for(self) -> float:
        """Seconds until a pause is over."""
        pauses = [(at - self._now()).total_seconds() for at in self._not_before.values()]
        return min(self._looks_every, max(1.0, min(pauses, default=self._looks_every)))

    async def _sweep(self) -> None:
        now = self._now()
        if self._swept is None or now - self._swept >= SWEEPS_EVERY:
            self._swept = now
            await self._store.run(room.sweep, self._data_dir, now)

    async def _download(self, episode: Episode) -> None:
        try:
            if not await self._has_room(episode):
                log.warning("there is no room for episode %s: EPISODES_MB is used up", episode.id)
                self._rest(episode, 600.0)
                return
            await self._bring(episode)
        except Throttled as why:
            self._rest(episode, why.seconds)
        except NetworkDown as why:
            pauses = self._pauses.setdefault(episode.id, _fresh_pauses())
            self._rest(episode, pauses.pause())
            log.info("episode %s is tried again: %s", episode.id, why)
        except HouseError as why:
            log.warning("episode %s cannot be had: %s", episode.id, why)
            await self._give_up(episode)
        except Exception:  # a fault of ours, or a full disk: the others go on
            log.exception("episode %s could not be downloaded", episode.id)
            self._rest(episode, LONGEST_PAUSE)
        finally:
            self._running.discard(episode.id)
            self._bell.ring()  # it may be rung for, and another one has its turn

    async def _bring(self, episode: Episode) -> None:
        target = files.episode(self._data_dir, episode.id)
        seconds, mime = await bring(self._web, episode, target)
        size = target.stat().st_size
        if not await self._has_room(episode, size):  # the feed said that it was smaller
            raise BadInput("feed_too_large")
        self._pauses.pop(episode.id, None)
        await self._store.run(
            downloads.stored, episode.id, size=size, now=self._now(), seconds=seconds, mime=mime
        )
        log.info("episode %s is here: %d bytes, %.0f s", episode.id, size, seconds)

    async def _has_room(self, episode: Episode, size: int = 0) -> bool:
        return await self._store.run(
            room.make, self._data_dir, episode, self._budget, self._now(), size
        )

    def _rest(self, episode: Episode, seconds: float) -> None:
        self._not_before[episode.id] = self._now() + timedelta(seconds=seconds)

    async def _give_up(self, episode: Episode) -> None:
        self._rest(episode, HOPELESS_FOR.total_seconds())
        self._pauses.pop(episode.id, None)
        target = files.episode(self._data_dir, episode.id)
        target.unlink(missing_ok=True)
        with Part(target) as part:
            part.forget()
        await self._store.run(downloads.given_up, episode.id)


def _fresh_pauses() -> Backoff:
    return Backoff(wait_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE))
