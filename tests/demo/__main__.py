"""`make demo`: the main job, played for real on this machine; ends by itself.

A provider, callers, a web app and a phone that nobody here wrote; the service as its host starts
it; the chat as its owner sees it. Succeeds only if the sentences arrived.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from tests.demo.play import perform
from tests.demo.proof import leave_proof
from tests.demo.stage import Stage
from tests.peers.programs import PeerFailed

DIRECTORY = Path("var/demo")


async def main() -> int:
    with tempfile.TemporaryDirectory(prefix="skype2sip-demo-") as scratch:
        try:
            async with Stage(DIRECTORY, Path(scratch)) as stage:
                await perform(stage)
                (DIRECTORY / "calls.json").write_text(await stage.house.calls() + "\n")
        except PeerFailed as why:
            print(f"\nThe demo stopped: {why}", file=sys.stderr)
            print(f"The house's log is in {DIRECTORY}/house/log.", file=sys.stderr)
            return 1
        return 0 if leave_proof(stage) else 1


if __name__ == "__main__":
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    DIRECTORY.mkdir(parents=True)
    sys.exit(asyncio.run(main()))
