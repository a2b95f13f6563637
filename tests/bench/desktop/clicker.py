"""A program that clicks, for a session: `clicker.py RATE FILE`. It plays with a buffer of 20 ms, in
pieces of 10; each line of FILE is the moment (time.monotonic) at which a click was handed over.
"""

import os
import sys
import time
from pathlib import Path

from bridge.connectors.desktop.agent.sound.pulse_simple import PulseStream

CHUNK = 0.01
EVERY = 40
"""Chunks from one click to the next."""
CLICK = b"\x00\x40" * 4 + b"\x00\xc0" * 4
"""Half of full scale, at an eighth of the rate."""


def main(server: str, rate: int, kept: Path) -> None:
    samples = round(rate * CHUNK)
    stream = PulseStream(server, "plays", "speaker", rate, 2 * 2 * samples)
    with kept.open("w", buffering=1) as at:
        for chunk in range(1_000_000_000):
            clicks = chunk % EVERY == EVERY // 2
            if clicks:
                at.write(f"{time.monotonic()}\n")
            stream.write(CLICK * (samples // 8) if clicks else bytes(2 * samples))


if __name__ == "__main__":
    main(os.environ["PULSE_SERVER"], int(sys.argv[1]), Path(sys.argv[2]))
