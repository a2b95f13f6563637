"""The Bot API in this process, as the transport of python-telegram-bot.

Build the Application with `.token(TOKEN)` and one of these for `.request()` and another for
`.get_updates_request()`.
"""

import inspect
import json
import logging
import re
from typing import Any
from urllib.parse import unquote

from telegram.error import EndPointNotFound
from telegram.request import BaseRequest, RequestData

from bot.constants import TOKEN
from bot.terminal.messenger import Messenger
from bot.terminal.methods import METHODS
from bot.terminal.methods.parameters import Parameters, Part
from bot.terminal.refusal import BotApiRefusal

log = logging.getLogger(__name__)

_URL = re.compile(r".*?/(?P<file>file/)?bot(?P<token>[^/]+)/(?P<rest>[^?]+)")


class BotApi(BaseRequest):
    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        asked = _URL.fullmatch(unquote(url))
        try:
            if asked is None or asked["token"] != TOKEN:
                raise BotApiRefusal(401, "Unauthorized")
            if asked["file"]:
                with self._messenger.request():
                    return 200, self._messenger.files.download(asked["rest"])
            result = await self._ask(asked["rest"], _parameters(request_data))
        except BotApiRefusal as refusal:
            return refusal.code, json.dumps(refusal.as_json()).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def _ask(self, name: str, given: Parameters) -> Any:
        if name == "getUpdates":
            return await self.perform(name, given)
        with self._messenger.request():
            return await self.perform(name, given)

    async def perform(self, name: str, given: Parameters) -> Any:
        """One method; tests lay something in its way."""
        act = METHODS.get(name)
        if act is None:
            # the library would take a 404 for a wrong token, which sends one looking elsewhere
            log.error("the chat in the terminal does not know the Bot API method %s", name)
            raise EndPointNotFound(f"the chat in the terminal has no method {name}")
        result = act(self._messenger, given)
        return await result if inspect.isawaitable(result) else result


def _parameters(request: RequestData | None) -> Parameters:
    if request is None:
        return Parameters({})
    parts = request.multipart_data if request.contains_files else {}
    return Parameters(request.parameters, {key: _part(part) for key, part in parts.items()})


def _part(part: Any) -> Part:
    name, content, mime = part
    return name, content if isinstance(content, bytes) else content.read(), mime
