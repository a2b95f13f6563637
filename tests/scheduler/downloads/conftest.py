from tests.scheduler.feeds.conftest import server, store, web

__all__ = ["server", "store", "web"]
