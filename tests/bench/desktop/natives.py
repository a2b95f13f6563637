"""A native program in a session: linphone-desktop, which calls a phone that echoes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.connectors.desktop.sandbox.network import HOUSE
from bridge.terms import State
from tests.bridge.connectors.desktop.flat import Flat, becomes
from tests.peers.sipp import SCENARIOS, Sipp

_SETTINGS = """\
[sip]
sip_port=25062
use_ipv6=0
[ui]
check_for_update_enabled=0
[sound]
playback_dev_id=PulseAudio: default
capture_dev_id=PulseAudio: default
ringer_dev_id=PulseAudio: default
"""


def linphone(directory: Path, mixer: ConferenceMixer) -> Flat:
    """As after its first start: with settings, and no account."""
    flat = Flat(directory, mixer, "linphone")
    settings = flat.folder.home / ".config/linphone"
    settings.mkdir(parents=True)
    (settings / "linphonerc").write_text(_SETTINGS)
    for path in (*settings.parents[:1], settings, settings / "linphonerc"):
        os.chown(path, *flat.folder.owner)
    return flat


@asynccontextmanager
async def talking(flat: Flat, directory: Path) -> AsyncIterator[None]:
    """With a phone of this machine, which sends back what it hears."""
    words = (SCENARIOS / "answer.xml").read_text()
    # where a session finds the machine
    seen = words.replace("[media_ip]", HOUSE).replace("[local_ip]", HOUSE)
    scenario = directory / "seen-from-a-session.xml"
    scenario.write_text(seen)
    async with Sipp(directory, "phone", scenario, echo=True, patience=3600) as phone:
        leg = await flat.session.dial(f"sip:phone@{HOUSE}:{phone.port}")
        await becomes(leg, State.ESTABLISHED, 30)
        yield
        await leg.hang_up()
