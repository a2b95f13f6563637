"""`make bench`: the service's figures beside those of a direct call, measured in the same run.

`python -m tests.bench [NAME ...] [--quick] [--markdown]`; each bench leaves
var/bench/NAME.json, and "desktop" are all that begin so. A missed goal is told and is no error: the
exit code says only whether it could be measured.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import (
    call_outs,
    calls,
    crowd,
    feeds,
    idle,
    load,
    phone_in,
    playback,
    recovery,
    sound,
    speech,
)
from tests.bench.desktop import call as desktop_call
from tests.bench.desktop import cost as desktop_cost
from tests.bench.desktop import crowd as desktop_crowd
from tests.bench.desktop import sound as desktop_sound
from tests.bench.figure import Figure
from tests.bench.machine import describe
from tests.bench.report import keep, kept, markdown, table
from tests.peers.programs import PeerFailed

RESULTS = Path("var/bench")
BENCHES: dict[str, Callable[[Path, bool], Awaitable[list[Figure]]]] = {
    "calls": calls.measure,
    "sound": sound.measure,
    "load": load.measure,
    "idle": idle.measure,
    "recovery": recovery.measure,
    "feeds": feeds.measure,
    "playback": playback.measure,
    "desktop-sound": desktop_sound.measure,
    "desktop-call": desktop_call.measure,
    "desktop-cost": desktop_cost.measure,
    "desktop-crowd": desktop_crowd.measure,
    "call-outs": call_outs.measure,
    "speech": speech.measure,
    "phone-in": phone_in.measure,
    "crowd": crowd.measure,
}
WHEN_ASKED_FOR = {"crowd"}
"""These need more of a machine than it may have."""


async def main(names: list[str], quick: bool) -> int:
    """One after the other, each in a process of its own: pjsua2 begins only once in a process."""
    figures: list[Figure] = []
    failed = False
    for name in names:
        began = time.monotonic()
        print(f"{name} ...", end=" ", flush=True)
        alone = [name, "--alone", *(["--quick"] if quick else [])]
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench", *alone), stdout=asyncio.subprocess.DEVNULL
        )
        if await child.wait() != 0:
            failed = True
            continue
        print(f"{time.monotonic() - began:.0f} s")
        figures += kept(RESULTS / f"{name}.json")
    if figures:
        print(f"\n{table(figures)}\n\nAll values: {RESULTS}/*.json")
    return int(failed)


async def measure(name: str, quick: bool) -> int:
    machine = describe()
    with tempfile.TemporaryDirectory(prefix="skype2sip-bench-") as scratch:
        try:
            found = await BENCHES[name](Path(scratch), quick)
        except PeerFailed as why:
            print(f"could not be measured: {why}", file=sys.stderr)
            return 1
    keep(RESULTS / f"{name}.json", {**machine, "quick": quick}, found)
    return 0


def chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        help=f"of {', '.join(BENCHES)}; none: all but {', '.join(WHEN_ASKED_FOR)}",
    )
    parser.add_argument(
        "--markdown", action="store_true", help="measure nothing: the figures kept last, as a table"
    )
    parser.add_argument("--quick", action="store_true", help="few rounds: for a look, no figures")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for name in options.names:
        if not _called(name):
            parser.error(f"there is no bench {name}")
    options.names = [one for name in options.names for one in _called(name)] or [
        one for one in BENCHES if one not in WHEN_ASKED_FOR
    ]
    return options


def _called(name: str) -> list[str]:
    """It, or all that begin so."""
    return [one for one in BENCHES if one == name or one.startswith(f"{name}-")]


if __name__ == "__main__":
    options = chosen()
    if options.markdown:
        print(markdown(RESULTS / f"{name}.json" for name in options.names))
    elif options.alone:
        sys.exit(asyncio.run(measure(options.names[0], options.quick)))
    else:
        sys.exit(asyncio.run(main(options.names, options.quick)))
