"""A house with nothing but a program beside it: it must fork, which the tests' process must not.

`python -m tests.bridge.lone_house runs|leaves WORDS...` says the number of its program's process.
"""

import asyncio
import sys

from bridge.logs import set_up
from bridge.programs import HouseProgram


def main() -> int:
    program = HouseProgram("tests.bridge.beside", *sys.argv[2:])
    print(program.pid, flush=True)
    set_up("INFO")
    return asyncio.run(program.kept_running()) if sys.argv[1] == "runs" else 0


if __name__ == "__main__":
    sys.exit(main())
