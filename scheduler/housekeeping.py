"""Once a night: have the front desk sweep out what has served its purpose."""

import logging

from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from bridge.api.commands.housekeeping import SweepHistory
from bridge.api.front_desk import FrontDesk
from bridge.errors import HouseError, NetworkDown

log = logging.getLogger(__name__)

PATIENCE = 3600.0


@retry(
    retry=retry_if_exception_type(NetworkDown),
    wait=wait_exponential_jitter(initial=1, max=60),
    stop=stop_after_delay(PATIENCE),
    reraise=True,
)
async def _asked(desk: FrontDesk) -> None:
    await desk.ask(SweepHistory())


async def sweep(desk: FrontDesk) -> None:
    """Old history, used tickets and expired invitations go. A house that is being restarted is
    waited for; what fails today is done tomorrow.
    """
    try:
        await _asked(desk)
    except HouseError as why:
        log.error("housekeeping was not done: %s", why)
    else:
        log.info("housekeeping is done")
