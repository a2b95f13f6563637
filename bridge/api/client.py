"""The front desk from outside: what the bot and the scheduler hold of the house."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx
from pydantic import TypeAdapter, ValidationError
from tenacity import wait_exponential_jitter

from bridge.api.command import Command, reply
from bridge.api.events import Numbered
from bridge.api.refusal import Refusal
from bridge.backoff import Backoff
from bridge.errors import HouseError, NetworkDown
from bridge.settings import Settings

log = logging.getLogger(__name__)
R = TypeVar("R")

_TIMEOUT = httpx.Timeout(5.0, read=75.0)
"""Seconds. A command may have to wait for a worker that is being started; an event stream shows a
sign of life more often than this."""
_ACKNOWLEDGED = "Acknowledged"  # see bridge.desk.http, which is too heavy to be imported here
_ONE_EACH = httpx.Limits(max_keepalive_connections=0)  # nothing stays open that could go stale


class Client:
    """Over the unix socket of this data directory; over TCP where there is none and CONTROL_TCP
    is set. Needs no closing, but can be closed.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http: httpx.AsyncClient | None = None
        self._acknowledged: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def ask(self, command: Command[R]) -> R:
        """The answer of the front desk; raises the HouseError that it raised, and
        NetworkDown("house_unreachable") when nobody is there.
        """
        answer = await self._send(
            f"/commands/{type(command).__name__}", command.model_dump_json().encode()
        )
        found: R = reply(type(command)).validate_json(answer.content)
        return found

    async def episode(self, user: UUID, episode: UUID) -> bytes:
        """The sound of a podcast's episode. NetworkDown("not_downloaded") while it is not there."""
        return (await self._send(f"/episodes/{user}/{episode}")).content

    async def events(self, consumer: str) -> AsyncIterator[Numbered]:
        """Everything not yet acknowledged, then what comes; a house that is away is waited for.

        Nothing comes twice from one call of `events`, unless the house has got another database.
        """
        beyond = 0
        pauses = Backoff(wait_exponential_jitter(initial=0.1, max=5, jitter=0.1))
        away = False
        while True:
            try:
                async with self._client().stream(
                    "GET", "/events", params={"consumer": consumer}
                ) as answer:
                    answer.raise_for_status()
                    if away:
                        log.info("the house is back")
                    away = False
                    if int(answer.headers.get(_ACKNOWLEDGED, 0)) < self._acknowledged.get(
                        consumer, 0
                    ):
                        beyond = 0
                    async for line in answer.aiter_lines():
                        pauses.reset()
                        numbered = _parse(line)
                        if numbered and numbered.number > beyond:
                            beyond = numbered.number
                            yield numbered
            except httpx.HTTPError as why:
                if not away:
                    log.warning("the house is away: %s", type(why).__name__)
                away = True
            await asyncio.sleep(pauses.pause())

    async def acknowledge(self, consumer: str, number: int) -> None:
        """Everything up to `number` has arrived."""
        body = TypeAdapter(dict[str, Any]).dump_json({"consumer": consumer, "number": number})
        await self._send("/events/acknowledge", body)
        self._acknowledged[consumer] = number

    async def _send(self, path: str, body: bytes | None = None) -> httpx.Response:
        """A POST where there is a body."""
        headers = {"Content-Type": "application/json"}
        method = "GET" if body is None else "POST"
        try:
            answer = await self._client().request(method, path, content=body, headers=headers)
        except httpx.TransportError:
            raise NetworkDown("house_unreachable") from None
        if answer.is_error:
            raise _refusal(answer)
        return answer

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = _connected(self._settings)
        return self._http


def _connected(settings: Settings) -> httpx.AsyncClient:
    token = settings.control_token
    if settings.control_tcp and token and not settings.control_socket.exists():
        return httpx.AsyncClient(
            base_url=f"http://{settings.control_tcp}",
            headers={"Authorization": f"Bearer {token.get_secret_value()}"},
            timeout=_TIMEOUT,
            limits=_ONE_EACH,
            trust_env=False,
        )
    # no TLS here: without `verify` no certificates are read, which are 2 MB
    socket = httpx.AsyncHTTPTransport(
        uds=str(settings.control_socket), limits=_ONE_EACH, verify=False
    )
    return httpx.AsyncClient(base_url="http://house", transport=socket, timeout=_TIMEOUT)


def _parse(line: str) -> Numbered | None:
    """None for a sign of life, and for an event of another version that nobody here knows."""
    if not line:
        return None
    try:
        return Numbered.model_validate_json(line)
    except ValidationError:
        log.error("an event could not be read and is left out")
        return None


def _refusal(answer: httpx.Response) -> HouseError:
    try:
        return Refusal.model_validate_json(answer.content).error()
    except ValidationError:
        return NetworkDown("house_unreachable")
