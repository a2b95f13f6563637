"""The ways to the front desk: a unix socket for this machine, TCP where the host wants it."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from bridge.desk.guard import Guard
from bridge.errors import SetupFault
from bridge.settings import Settings


def open_doors(settings: Settings) -> list[tuple[socket.socket, str | None]]:
    """The listening sockets, each with the token that it asks for. SetupFault when one cannot be
    opened; nothing stays open then.
    """
    doors: list[tuple[socket.socket, str | None]] = [(_unix_socket(settings), None)]
    try:
        if settings.control_tcp:
            token = _token(settings)
            doors.append((_tcp_socket(settings.control_tcp), token))
    except BaseException:
        for door, _ in doors:
            door.close()
        raise
    return doors


@asynccontextmanager
async def served(app: ASGIApp, door: socket.socket, token: str | None) -> AsyncIterator[None]:
    """`app` answers at `door` for as long as this lasts."""
    config = uvicorn.Config(
        Guard(app, token),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    # not serve(): it would take our signals, and wake up ten times a second
    await server.startup([door])
    try:
        yield
    finally:
        await server.shutdown([door])


def _unix_socket(settings: Settings) -> socket.socket:
    path = settings.control_socket
    path.unlink(missing_ok=True)  # nobody serves it: the data directory is locked by us
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        door.bind(str(path))
    except OSError as why:
        door.close()
        raise SetupFault(
            "control_socket",
            why=f"The control socket {path} cannot be made ({why.strerror or why}).",
            remedy="Set DATA_DIR in .env to a directory of yours with a shorter path.",
        ) from None
    finally:
        os.umask(mask)
    return door


def _tcp_socket(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    try:
        return socket.create_server((host.strip("[]") or "127.0.0.1", int(port)))
    except (OSError, ValueError, OverflowError) as why:
        told = why.strerror if isinstance(why, OSError) else "it is not host:port"
        raise SetupFault(
            "control_tcp",
            why=f"CONTROL_TCP={address} cannot be used ({told}).",
            remedy="Choose a free one in .env, such as 127.0.0.1:8765, or leave it out.",
        ) from None


def _token(settings: Settings) -> str:
    token = settings.control_token.get_secret_value() if settings.control_token else ""
    if len(token) < 16:
        raise SetupFault(
            "control_token",
            why="CONTROL_TCP lets everybody in who knows CONTROL_TOKEN, and that is too short.",
            remedy="Set CONTROL_TOKEN in .env to at least 16 characters, such as the output of "
            "`openssl rand -hex 24`, or leave CONTROL_TCP out.",
        )
    return token
