"""A web app whose recipe wants a screen: that can die, too."""

from pathlib import Path

import pytest

from tests.peers.speech import say
from tests.real.dying import is_killed_in_mid_call
from tests.real.household import Household
from tests.real.web_line import web_line

pytestmark = pytest.mark.asyncio(loop_scope="package")

ADA_SAYS = "Hello, this is Ada. You have a window now, though nobody looks through it."


@pytest.mark.timeout(180)
async def test_its_screen_is_killed_in_mid_call(home: Household, tmp_path: Path) -> None:
    says = say(ADA_SAYS, rate=16000)
    async with web_line(home, tmp_path, says, "Telephone on a screen") as line:
        await is_killed_in_mid_call(line, "Xvfb")
