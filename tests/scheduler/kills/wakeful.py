"""A clock that looks every two seconds, as nobody tells it of the jobs of these tests, and whose
successor waits no longer than fifteen: `python -m tests.scheduler.kills.wakeful`.
"""

import sys
from datetime import timedelta

from scheduler import leading
from scheduler.__main__ import main

if __name__ == "__main__":
    leading.SLEEPS, leading.TTL = timedelta(seconds=2), timedelta(seconds=15)
    sys.exit(main())
