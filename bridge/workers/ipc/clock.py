"""The clock by which a house and its workers mean the same moment."""

import time


def now() -> float:
    """Seconds since the machine was started, one clock for all its processes. While the machine
    sleeps it goes on (clock_gettime(2), CLOCK_BOOTTIME), as the clocks of other machines do.
    """
    return time.clock_gettime(time.CLOCK_BOOTTIME)
