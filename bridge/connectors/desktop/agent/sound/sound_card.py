"""The session's own PulseAudio: the program believes in a sound card.

What is played goes into the sink `speaker`; what is recorded comes from the source `mic`, behind
which is the sink `microphone`. No module can be loaded or taken away by a client: without the
speaker, PulseAudio would move its reader to the microphone.
"""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from pulsectl import PulseError
from pulsectl_asyncio import PulseAsync

from bridge.connectors.desktop.agent.child import STARTS_WITHIN, SessionChild
from bridge.connectors.desktop.agent.sound.sound import MICROPHONE, SPEAKER

SOURCE = "mic"
OURS = "skype2sip"
"""application.name of the agent's own connections."""
_SINK = "module-null-sink sink_name={} rate=48000 channels=1 norewinds=1"


class SoundCard:
    """`async with SoundCard(run) as card:`; OSError when PulseAudio does not start."""

    def __init__(self, run: Path) -> None:
        self._socket = run / "pulse.sock"
        self._cookie = run / "pulse.cookie"
        self.server = f"unix:{self._socket}"

    @property
    def environment(self) -> dict[str, str]:
        """For the programs of the session."""
        return {"PULSE_SERVER": self.server, "PULSE_COOKIE": str(self._cookie)}

    async def __aenter__(self) -> Self:
        self._socket.unlink(missing_ok=True)
        self._cookie.touch(mode=0o600)
        self._cookie.write_bytes(os.urandom(256))
        protocol = f"module-native-protocol-unix socket={self._socket} auth-cookie={self._cookie}"
        modules = (
            *(_SINK.format(name) for name in (SPEAKER, MICROPHONE)),
            f"module-remap-source source_name={SOURCE} master={MICROPHONE}.monitor",
            protocol,
        )
        self._daemon = await SessionChild.start(
            "pulseaudio",
            *("-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
            *("--realtime=no", "--high-priority=no", "--disable-shm=yes"),
            "--disallow-module-loading=yes",
            *(f"--load={module}" for module in modules),
        )
        try:
            await self._daemon.made(self._socket)
            async with asyncio.timeout(STARTS_WITHIN):
                await self._set_defaults()
        except BaseException:
            await self._daemon.end()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._daemon.end()

    async def lost(self) -> None:
        """Returns when the daemon has died."""
        await self._daemon.ended()

    async def _set_defaults(self) -> None:
        """Tried until it answers: the socket is there a moment before."""
        while True:
            with suppress(PulseError):
                async with PulseAsync(OURS, server=self.server) as pulse:
                    await pulse.sink_default_set(SPEAKER)
                    await pulse.source_default_set(SOURCE)
                    return
            await asyncio.sleep(0.01)
