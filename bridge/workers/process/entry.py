"""The worker process, from its first line to its last."""

import asyncio
import logging
import os
import resource
import signal
import socket
from dataclasses import dataclass
from multiprocessing.connection import Connection
from uuid import UUID

from bridge import files
from bridge.connectors.desktop.keeper.remote import KeptSessions
from bridge.errors import HouseError
from bridge.kernel import keep_memory_private
from bridge.logs import set_up_child
from bridge.settings import Settings
from bridge.workers.ipc import wire
from bridge.workers.media.media_stack import OpenMediaStack

log = logging.getLogger(__name__)

GOODBYE_WITHIN = 5
"""Whole seconds, after its calls are over, in which a worker that is to go is gone."""


@dataclass(frozen=True)
class WorkerOrder:
    """Whom to serve. `sessions` is the user's line to the keeper of client programs' sessions."""

    user: UUID
    settings: Settings
    open_media_stack: OpenMediaStack
    sessions: socket.socket


def main(order: WorkerOrder, end: socket.socket, errors: Connection) -> None:
    """`end` is our end of the link to the supervisor, `errors` its pipe for what we print."""
    for standard in (1, 2):
        os.dup2(errors.fileno(), standard)
    errors.close()
    set_up_child(order.settings.log_level)
    # an assertion in the library aborts the process: memory with passwords must not go to disk
    keep_memory_private()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the supervisor, who drains us
    code = 1
    try:
        asyncio.run(_run(order, end))
        code = 0
    except HouseError as why:
        log.error("this worker cannot start: %s", why)
    except Exception:
        log.exception("this worker failed")
    finally:
        logging.shutdown()
        # objects of the library that are still alive would abort the process in their destructors
        os._exit(code)


async def _run(order: WorkerOrder, end: socket.socket) -> None:
    # not where this is imported: the house names `main`, and needs nothing of what makes calls
    from bridge.workers.process.worker import Worker

    link = await wire.WorkerLink.over(end)
    settings = order.settings
    directory = files.folder(settings.data_dir, order.user)
    stack = await order.open_media_stack(settings, directory, KeptSessions(order.sessions))
    worker = Worker(order.user, settings, link, stack, _leave_within)
    await worker.serve()


def _leave_within(patience: float) -> None:
    """From the kernel, so that it works even if a library hangs."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(patience) + GOODBYE_WITHIN)
