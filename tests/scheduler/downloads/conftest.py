from tests.scheduler.feeds.conftest import server, store, template, web

__all__ = ["server", "store", "template", "web"]
