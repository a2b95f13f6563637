"""The engine and its mixer: no play ends in an abort, and the process leaves as it should."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.bridge.audio.lone_engine import PLAYS

ROOT = Path(__file__).parents[4]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("play", PLAYS)
async def test_the_play_ends_well(play: str, tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "faulthandler", "-m", "tests.bridge.audio.lone_engine", play),
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(40):
            said, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    assert child.returncode == 0, said.decode(errors="replace")[-3000:]
