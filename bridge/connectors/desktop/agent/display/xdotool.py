"""xdotool: keys and clicks on the session's screen, as if by its user's hands."""

from bridge.connectors.desktop.agent.child import finished
from bridge.connectors.desktop.agent.control import Refused

ACTS_WITHIN = 5.0


async def xdotool(*words: str, typed: str = "", within: float = ACTS_WITHIN) -> None:
    """`typed` is what nobody may see in the list of processes."""
    status, _ = await finished("xdotool", *words, within=within, typed=typed)
    if status:
        raise Refused("desktop_no_window")
