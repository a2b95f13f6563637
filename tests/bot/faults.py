"""Bad weather on the way to Telegram."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram.error import NetworkError

from bot.terminal import BotApi, Messenger
from bot.terminal.methods.parameters import Parameters
from bot.terminal.refusal import BotApiRefusal


class TooManyRequests(BotApiRefusal):
    def __init__(self, seconds: int) -> None:
        super().__init__(429, f"Too Many Requests: retry after {seconds}")
        self.seconds = seconds

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "parameters": {"retry_after": self.seconds}}


@dataclass
class Fault:
    times: int
    method: str | None
    arrives: bool
    """Whether Telegram acts on the request before its answer is lost."""
    make: Callable[[], Exception]


class Faults:
    """Each fault is for the next `times` requests, or for those of one `method`.

    Polling is not disturbed unless "getUpdates" is named.
    """

    def __init__(self) -> None:
        self._ordered: list[Fault] = []

    def lose_requests(self, times: int = 1, method: str | None = None) -> None:
        """The requests never arrive."""
        self._ordered.append(Fault(times, method, False, _cut_off))

    def lose_answers(self, times: int = 1, method: str | None = None) -> None:
        """The requests are done, but the bot never learns it."""
        self._ordered.append(Fault(times, method, True, _cut_off))

    def throttle(self, seconds: int, times: int = 1, method: str | None = None) -> None:
        self._ordered.append(Fault(times, method, False, lambda: TooManyRequests(seconds)))

    def refuse(
        self, code: int, description: str, times: int = 1, method: str | None = None
    ) -> None:
        self._ordered.append(Fault(times, method, False, lambda: BotApiRefusal(code, description)))

    def clear(self) -> None:
        self._ordered.clear()

    def strike(self, method: str) -> Fault | None:
        """The fault that hits this request, if any; it counts as used."""
        for fault in self._ordered:
            if fault.method == method or (fault.method is None and method != "getUpdates"):
                fault.times -= 1
                if fault.times <= 0:
                    self._ordered.remove(fault)
                return fault
        return None


class FaultyBotApi(BotApi):
    """The Bot API, struck by `faults`."""

    def __init__(self, messenger: Messenger, faults: Faults) -> None:
        super().__init__(messenger)
        self._faults = faults

    async def perform(self, name: str, given: Parameters) -> Any:
        fault = self._faults.strike(name)
        if fault and not fault.arrives:
            raise fault.make()
        result = await super().perform(name, given)
        if fault:
            raise fault.make()
        return result


def _cut_off() -> Exception:
    return NetworkError("httpx.ConnectError: the connection was cut off on purpose")
