"""Everything that comes from the web while this scheduler leads: feeds, episodes and calendars."""

import asyncio

from bridge.api.front_desk import FrontDesk
from bridge.settings import Settings
from bridge.store import Store
from scheduler import calendars
from scheduler.bell import ScheduleBell
from scheduler.downloads.downloader import AT_ONCE, Downloader
from scheduler.feeds.poller import Poller
from scheduler.feeds.reading import FeedReader
from scheduler.web import Web


async def fetch(store: Store, desk: FrontDesk, settings: Settings, bell: ScheduleBell) -> None:
    """Until it is cancelled. `bell` rings when something has changed, and for what came."""
    allowed = settings.private_hosts
    # two of them: an episode takes minutes, and feeds shall not wait for its connection
    async with (
        Web(allowed) as for_feeds,
        Web(allowed, total=AT_ONCE) as for_episodes,
        FeedReader() as reading,
        asyncio.TaskGroup() as tasks,
    ):
        downloader = Downloader(
            store, for_episodes, settings.data_dir, settings.episodes_mb, bell=bell
        )
        tasks.create_task(downloader.run())
        tasks.create_task(calendars.keep_fetched(store, for_feeds, bell=bell))
        tasks.create_task(Poller(store, desk, for_feeds, reading, bell=bell).run())
