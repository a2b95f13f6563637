"""`make bench`: the service's figures beside those of a direct call, measured in the same run.

`python -m tests.bench [NAME ...] [--quick] [--markdown]`; each bench leaves
var/bench/NAME.json. A missed goal is told and is no error: the exit code says only whether it could
be measured.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import call_outs, calls, feeds, idle, load, playback, recovery, sound
from tests.bench.figure import Figure
from tests.bench.machine import describe
from tests.bench.report import keep, markdown, table
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
    "call-outs": call_outs.measure,
}


async def main(names: list[str], quick: bool) -> int:
    figures: list[Figure] = []
    failed = False
    for name in names:
        machine, began = describe(), time.monotonic()
        print(f"{name} ...", end=" ", flush=True)
        with tempfile.TemporaryDirectory(prefix="skype2sip-bench-") as scratch:
            try:
                found = await BENCHES[name](Path(scratch), quick)
            except PeerFailed as why:
                print(f"could not be measured: {why}", file=sys.stderr)
                failed = True
                continue
        print(f"{time.monotonic() - began:.0f} s")
        keep(RESULTS / f"{name}.json", {**machine, "quick": quick}, found)
        figures += found
    if figures:
        print(f"\n{table(figures)}\n\nAll values: {RESULTS}/*.json")
    return int(failed)


def chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; none: all of them")
    parser.add_argument(
        "--markdown", action="store_true", help="measure nothing: the figures kept last, as a table"
    )
    parser.add_argument("--quick", action="store_true", help="few rounds: for a look, no figures")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    options = chosen()
    benches = options.names or list(BENCHES)
    if options.markdown:
        print(markdown(RESULTS / f"{name}.json" for name in benches))
    else:
        sys.exit(asyncio.run(main(benches, options.quick)))
