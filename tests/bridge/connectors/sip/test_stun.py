"""STUN is off unless an account asks for it."""

import asyncio
import os
import sys
from pathlib import Path

from tests.bridge.connectors.sip.lone_stun import SEEN_FROM_OUTSIDE


async def test_an_account_that_wants_stun_offers_its_public_address(tmp_path: Path) -> None:
    play = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bridge.connectors.sip.lone_stun"),
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await asyncio.wait_for(play.communicate(), 40)
    assert b"no c=IN IP4 127.0.0.1" in printed
    assert f"yes c=IN IP4 {SEEN_FROM_OUTSIDE}".encode() in printed
