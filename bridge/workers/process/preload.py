"""Imported once by the fork server, so that all workers share these modules' memory."""

import gc

from bridge.store.upkeep.warm import warm

warm()
gc.collect()
# a collection in a worker would otherwise touch, and so copy, every shared page
gc.freeze()
