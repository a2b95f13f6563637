"""xdotool: keys and clicks on the session's screen, as if by its user's hands."""

import asyncio

from bridge.connectors.desktop.agent.control import Refused

ACTS_WITHIN = 5.0


async def xdotool(*words: str, typed: str = "", within: float = ACTS_WITHIN) -> None:
    """`typed` is what nobody may see in the list of processes."""
    running = await asyncio.create_subprocess_exec(
        "xdotool",
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(within):
            await running.communicate(typed.encode())
    except TimeoutError:
        raise Refused("desktop_silent") from None
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    if running.returncode:
        raise Refused("desktop_no_window")
