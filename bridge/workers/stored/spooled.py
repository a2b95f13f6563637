"""What a worker left behind is told to the house that comes next, as it would have been told."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import OperationalError

from bridge.api import events
from bridge.api.events import Event, VoicemailLeft
from bridge.api.views import VoicemailView
from bridge.errors import HouseError, NetworkDown
from bridge.workers.ipc import spool
from bridge.workers.ipc.remote import Answer, Body
from bridge.workers.ipc.spool import Spool
from bridge.workers.ports.kept import KEEP_VOICEMAIL, LEFT

log = logging.getLogger(__name__)

_LINE: TypeAdapter[tuple[str, Body]] = TypeAdapter(tuple[str, Body])


async def take_in(
    left: Spool, user: UUID, answers: Mapping[str, Answer], tell: Callable[[Event], None]
) -> None:
    """Everything, then the file is gone. What makes no sense is passed over. NetworkDown while the
    store is away or its disk full: it all stays, and what was told twice by then changes nothing
    more.
    """
    told: list[Event] = []
    senseless = 0
    for line in left.lines():
        await asyncio.sleep(0)  # others are served meanwhile, whatever there is
        try:
            told.extend(await _taken_in(line, user, answers))
        except NetworkDown:
            raise
        except OperationalError as why:
            raise NetworkDown("store_unreachable") from why
        except HouseError as why:  # somebody removed what it is about
            log.info("what a worker left came too late: %s", why)
        except (ValidationError, ValueError):
            senseless += 1
        except Exception as why:  # a fault of ours, or a line made to find one: the others go on
            log.error("a line that a worker left could not be taken in: %s", type(why).__name__)
    if senseless:
        log.error("%d lines that a worker left make no sense", senseless)
    for event in told:
        tell(event)
    left.clear()


async def _taken_in(line: bytes, user: UUID, answers: Mapping[str, Answer]) -> list[Event]:
    """What is to be told of it."""
    name, body = _LINE.validate_json(line)
    if name == spool.EVENT:
        return [_event(user, body)]
    if name not in LEFT:
        raise ValueError("nothing that is left")
    done = await answers[name](body)
    if name != KEEP_VOICEMAIL:
        return []
    return [VoicemailLeft(user=user, voicemail=VoicemailView.model_validate(done))]


def _event(user: UUID, body: Body) -> Event:
    event = events.EVENT.validate_python(body)
    if event.user != user:
        raise ValueError("of somebody else")
    return event
