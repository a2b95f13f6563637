"""What stands before the front desk: nobody without the token, nothing without measure (ASGI)."""

import secrets

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bridge.api.refusal import Refusal
from bridge.errors import BadInput, HouseError, NotAllowed

LARGEST_BODY = 32 << 20
"""Bytes; a voice greeting in base64 is the longest thing that anybody sends."""


def refused(why: HouseError) -> JSONResponse:
    told = Refusal.of(why)
    return JSONResponse(told.model_dump(), told.status)


class Guard:
    """Passes requests on to `app`. With `token` each needs it as a bearer token (RFC 6750)."""

    def __init__(self, app: ASGIApp, token: str | None = None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(dict(scope.get("headers", ()))) if scope["type"] == "http" else None
        if refusal is None:
            return await self._app(scope, receive, send)
        await refused(refusal)(scope, receive, send)

    def _refusal(self, headers: dict[bytes, bytes]) -> HouseError | None:
        if self._token is not None:
            given = headers.get(b"authorization", b"")
            if not secrets.compare_digest(given, f"Bearer {self._token}".encode()):
                return NotAllowed("wrong_control_token")
        # without a length it would have to be counted while it arrives; no client of ours does that
        length = headers.get(b"content-length", b"0")
        if b"transfer-encoding" in headers or not length.isdigit() or int(length) > LARGEST_BODY:
            return BadInput("too_long")
        return None
