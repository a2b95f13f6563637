"""Our side of the inspector: a stranger's sound is opened in another process."""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path

from bridge.errors import BadInput

WITHIN = 120.0
"""Seconds."""
_MODULE = "scheduler.downloads.inspector"


async def inspect(file: Path, target: Path | None = None) -> float:
    """How long its sound is, in seconds; with `target` that is written there, alone and seekable.
    BadInput("bad_audio").
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", _MODULE, str(file), *([str(target)] if target else [])),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WITHIN):
            told, _ = await process.communicate()
        return float(json.loads(told)["seconds"])
    except (TimeoutError, ValueError):
        raise BadInput("bad_audio") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()
