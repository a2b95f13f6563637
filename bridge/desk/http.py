"""The front desk: an HTTP API; bot and scheduler are its clients.

POST /commands/<ClassName> answers a command, GET /events streams JSON lines (an empty one is a sign
of life), POST /events/acknowledge lets go of them; GET /episodes/<user>/<episode> is the sound of
one; /healthz, /readyz and /metrics are for machines.
"""

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import bridge.desk.answers  # noqa: F401  # registers them
from bridge.api.command import Command, reply
from bridge.api.commands import COMMANDS
from bridge.desk.answers.podcasts import episode_file
from bridge.desk.command_registry import CommandRegistry
from bridge.desk.event_relay import EventRelay
from bridge.desk.guard import refused
from bridge.desk.metrics import Metrics
from bridge.errors import BadInput, HouseError
from bridge.store.people import accounts
from bridge.terms import Health

log = logging.getLogger(__name__)

ACKNOWLEDGED = "Acknowledged"
"""Header of an event stream: up to which number the consumer had acknowledged when it began."""
Consumer = Annotated[str, Query(min_length=1, max_length=60)]


class Acknowledgement(BaseModel):
    consumer: str = Field(min_length=1, max_length=60)
    number: int = Field(ge=0)


def front_desk(
    registry: CommandRegistry,
    relay: EventRelay,
    metrics: Metrics,
    ready: Callable[[], Awaitable[dict[str, bool]]],
) -> FastAPI:
    """The application."""
    app = FastAPI(title="Skype2SIP front desk", docs_url=None, redoc_url=None)
    for name, kind in COMMANDS.items():
        _add_command(app, registry, name, kind)
    _add_refusals(app)

    @app.get("/events")
    async def events(consumer: Consumer) -> StreamingResponse:
        done = await relay.attend(consumer)
        return StreamingResponse(
            _lines(relay, consumer),
            media_type="application/x-ndjson",
            headers={ACKNOWLEDGED: str(done)},
        )

    @app.post("/events/acknowledge", status_code=204)
    async def acknowledge(done: Acknowledgement) -> None:
        await relay.acknowledge(done.consumer, done.number)

    @app.get("/episodes/{user}/{episode}")
    async def sound(user: UUID, episode: UUID) -> FileResponse:
        path = await episode_file(registry, user, episode)
        return FileResponse(path, media_type="application/octet-stream")

    @app.get("/healthz")
    async def alive() -> dict[str, bool]:
        return {"alive": True}

    @app.get("/readyz")
    async def is_ready() -> JSONResponse:
        found = await ready()
        return JSONResponse(found, 200 if all(found.values()) else 503)

    @app.get("/metrics")
    async def measured() -> Response:
        text = metrics.text(await registry.store.read(_healths))
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    return app


def _add_command(
    app: FastAPI, registry: CommandRegistry, name: str, kind: type[Command[Any]]
) -> None:
    async def answer(command: Command[Any]) -> Response:
        found = await registry.answer(command)
        return Response(reply(kind).dump_json(found), media_type="application/json")

    answer.__annotations__["command"] = kind
    app.add_api_route(f"/commands/{name}", answer, methods=["POST"], name=name)


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(HouseError)
    async def known(_: Request, why: HouseError) -> JSONResponse:
        return refused(why)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, why: RequestValidationError) -> JSONResponse:
        # only where it is wrong: what was sent may be a password
        first = why.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return refused(BadInput("bad_request", where=where, why=first["type"]))

    @app.exception_handler(Exception)
    async def failed(request: Request, why: Exception) -> JSONResponse:
        return refused(HouseError("house_failed", why=type(why).__name__))


async def _lines(relay: EventRelay, consumer: str) -> AsyncIterator[bytes]:
    async for found in relay.read(consumer):
        if found is None:
            yield b"\n"
        else:
            number, body = found
            yield json.dumps({"number": number, "event": body}).encode() + b"\n"


def _healths(db: Session) -> dict[Health, int]:
    by_health = select(accounts.Account.health, func.count()).group_by(accounts.Account.health)
    return {health: count for health, count in db.execute(by_health).tuples()}
