"""The chat and the clock: programs of the house that may come and go without it."""

import asyncio
import logging
import signal
import sys

from tenacity import wait_exponential

from bridge.backoff import Backoff
from bridge.children import confine
from bridge.logs import pass_on

log = logging.getLogger(__name__)

LEAVES_WITHIN = 4.0
STEADY = 60.0
BAD_SETTING = 2
"""The exit code of a program that cannot begin: trying again would not mend it."""


async def in_terminal(module: str) -> int:
    """Run a program with our terminal; its exit code."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, preexec_fn=_end_with_us
    )
    return await _ended(program)


async def kept_running(module: str, *arguments: str) -> int:
    """A program that is started again whenever it fails; its exit code if that cannot help."""
    loop = asyncio.get_running_loop()
    pauses = Backoff(wait_exponential(multiplier=0.5, max=30))
    while True:
        began = loop.time()
        code = await _in_background(module, *arguments)
        if code == BAD_SETTING:
            log.error("%s cannot begin; the lines above say why", module)
            return code
        log.error("%s ended with exit code %d; it is started again", module, code)
        if loop.time() - began >= STEADY:
            pauses.reset()
        await asyncio.sleep(pauses.pause())


async def _in_background(module: str, *arguments: str) -> int:
    """What it prints becomes lines of our log."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us: we tell it when to go
        preexec_fn=_end_with_us,
    )
    assert program.stderr is not None
    reading = asyncio.create_task(_log_lines(module, program.stderr))
    try:
        return await _ended(program)
    finally:
        await asyncio.wait({reading}, timeout=1)
        reading.cancel()


async def _log_lines(module: str, lines: asyncio.StreamReader) -> None:
    while True:
        try:
            line = await lines.readline()
        except ValueError:  # longer than any of ours
            continue
        if not line:
            return
        text = line.decode(errors="replace").rstrip("\n")
        if not pass_on(text, module):
            log.warning("%s: %s", module, text)


async def _ended(program: asyncio.subprocess.Process) -> int:
    """Its exit code; when we are cancelled it is told to go."""
    try:
        return await program.wait()
    finally:
        if program.returncode is None:
            program.terminate()
            try:
                async with asyncio.timeout(LEAVES_WITHIN):
                    await program.wait()
            except TimeoutError:
                program.kill()
                await program.wait()


def _end_with_us() -> None:
    """A second chat with the same token would be one too many."""
    confine.end_with_parent(signal.SIGTERM)
