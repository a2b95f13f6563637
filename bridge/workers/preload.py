"""Imported once by the fork server, so that all workers share these modules' memory."""

import gc

import bridge.workers.entry
import bridge.workers.studio  # noqa: F401  # with pjsua2
from bridge.store.upkeep.warm import warm

warm()
gc.collect()
# a collection in a worker would otherwise touch, and so copy, every shared page
gc.freeze()
