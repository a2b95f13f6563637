"""Imported once by the fork server, so that all workers share these modules' memory. Nothing here
runs: no thread, no loop and no library of sound has begun when a worker is forked off.
"""

import concurrent.futures.thread
import encodings.idna
import gc

import bridge.connectors.sip.connector
import bridge.workers.media.sip_media_stack
import bridge.workers.process.entry
import bridge.workers.process.worker

__all__ = ["bridge", "concurrent", "encodings"]

gc.collect()
# a collection in a worker would otherwise touch, and so copy, every shared page
gc.freeze()
