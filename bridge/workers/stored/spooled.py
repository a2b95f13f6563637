"""What a worker left behind is told to the house that comes next, as it would have been told."""

import logging
from collections.abc import Callable, Mapping
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from bridge.api import events
from bridge.api.events import Event
from bridge.errors import HouseError, NetworkDown
from bridge.workers.ipc import spool
from bridge.workers.ipc.remote import Answer, Body
from bridge.workers.ipc.spool import Spool
from bridge.workers.ports.kept import KEPT

log = logging.getLogger(__name__)

_LINE: TypeAdapter[tuple[str, Body]] = TypeAdapter(tuple[str, Body])


async def take_in(
    left: Spool, user: UUID, answers: Mapping[str, Answer], tell: Callable[[Event], None]
) -> None:
    """Everything, then the file is gone. While the store is away it stays for the next time; what
    was told twice by then changes nothing more. What makes no sense is passed over.
    """
    told: list[Event] = []
    for line in left.lines():
        try:
            name, body = _LINE.validate_json(line)
            if name == spool.EVENT:
                told.append(_event(user, body))
            elif name in KEPT:
                await answers[name](body)
            else:
                raise ValueError(f"{name[:40]} is nothing that is left")
        except NetworkDown as why:
            return log.warning("what a worker left is taken in later: %s", why)
        except HouseError as why:  # somebody removed what it is about
            log.info("%s, which a worker left, came too late: %s", name, why)
        except (ValidationError, ValueError) as why:
            log.error("a line that a worker left makes no sense: %s", type(why).__name__)
    for event in told:
        tell(event)
    left.clear()


def _event(user: UUID, body: Body) -> Event:
    event = events.EVENT.validate_python(body)
    if event.user != user:
        raise ValueError("of somebody else")
    return event
