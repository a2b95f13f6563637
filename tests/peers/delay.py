"""How long sound takes from one phone's mouth to the other's ear.

Both phones write what they send and what they hear into files, frame by frame.  A file's length and
the time of its last write say which sample went through at which moment, by one clock for both; so
the same sentence, found in both files, gives the delay.  Counted from the frame's encoding at the
speaker to its decoding at the listener, the jitter buffer included, sound hardware not.  The file
system's time is 4 ms coarse (one tick of the kernel), which the median of many looks evens out.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median

from tests.peers.baresip import Baresip
from tests.peers.hearing import correlation
from tests.peers.programs import until
from tests.peers.speech import Sound, as_sound, load

HEADER = 44  # bytes before the samples in sndfile's WAV


async def mouth_to_ear(
    speaker: Baresip, listener: Baresip, spoken: Path | Sound, seconds: float = 2.0
) -> float:
    """The delay in seconds, in a call that is up and in which `spoken` was heard already.

    Watches both files until they have grown by `seconds`.  What was said is repeated every
    `len + pause`, so the delay is known up to that period: the value nearest to 0 is given.
    """
    sent, got = speaker.spoken(), listener.heard()
    rates = {path: load(path).rate for path in (sent, got)}
    seen: dict[Path, set[tuple[int, int]]] = {sent: set(), got: set()}

    def watched() -> bool:
        for path in (sent, got):
            status = path.stat()
            seen[path].add((status.st_mtime_ns, status.st_size))
        return all(_grown(seen[path]) >= 2 * rates[path] * seconds for path in (sent, got))

    await until(watched, f"{seconds:g} s to be said and heard", 2 * seconds + 5, every=0.005)
    starts = {}
    for path in (sent, got):
        starts[path] = median(at / 1e9 - (n - HEADER) / 2 / rates[path] for at, n in seen[path])

    said = as_sound(spoken)
    mouth = starts[sent] + (await asyncio.to_thread(correlation, said, sent)).delay
    ear = starts[got] + (await asyncio.to_thread(correlation, said, got)).delay
    period = said.seconds + speaker.pause
    return (ear - mouth + period / 2) % period - period / 2


def _grown(seen: set[tuple[int, int]]) -> int:
    """By how many bytes, from the first look to the last."""
    sizes = [size for _, size in seen]
    return max(sizes) - min(sizes)
