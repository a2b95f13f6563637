"""Our side of the inspector: a stranger's sound is opened in another process."""

import json
from pathlib import Path

from bridge.children.launch import answer
from bridge.errors import BadInput

WITHIN = 120.0
"""Seconds."""
_MODULE = "scheduler.downloads.inspector"


async def inspect(file: Path, target: Path | None = None) -> float:
    """How long its sound is, in seconds; with `target` that is written there, alone and seekable.
    BadInput("bad_audio").
    """
    files = [str(file), *([str(target)] if target else [])]
    try:
        return float(json.loads(await answer(_MODULE, *files, within=WITHIN))["seconds"])
    except (TimeoutError, ValueError):
        raise BadInput("bad_audio") from None
