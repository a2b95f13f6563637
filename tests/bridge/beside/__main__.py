"""A program as the chat and the clock are, which does what it is told."""

import signal
import sys
from pathlib import Path


def main() -> int:
    """`fails FILE`: the first time, and the second time as if its settings were bad."""
    print(f"this is {sys.argv[1]}", file=sys.stderr, flush=True)
    if sys.argv[1] == "waits":
        signal.pause()
    known = Path(sys.argv[2])
    if known.exists():
        return 2
    known.touch()
    return 1


if __name__ == "__main__":
    sys.exit(main())
