"""A worker's media stack on pjsua2."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.audio.pjmedia.mixer import ConferenceMixer
from bridge.audio.port import Speaker
from bridge.audio.speech.configured import recognizer_of
from bridge.audio.speech.piper import speaker_of
from bridge.audio.speech.recognizer import Recognizer
from bridge.connectors.base import AccountSession, Connector
from bridge.connectors.catalogue import connector_of
from bridge.connectors.desktop.opener import SessionOpener
from bridge.connectors.sip.outbound_route import SipRoute
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from bridge.settings import Settings
from bridge.workers.media.sip_settings import engine_settings, trunk_of


@dataclass
class SipMediaStack:
    settings: Settings
    sessions: SessionOpener
    engine: PjsuaEngine
    stack: SipStack
    route: SipRoute
    mixer: ConferenceMixer
    speaker: Speaker
    recognizer: Recognizer | None = None
    _connectors: dict[str, Connector] = field(default_factory=dict)

    def connector(self, network: str) -> Connector:
        if network not in self._connectors:
            self._connectors[network] = self._made(network, connector_of(network))
        return self._connectors[network]

    def _made(self, network: str, connector: Any) -> Connector:
        match network:
            case "sip":
                made: Connector = connector(self.stack)
            case "desktop":
                made = connector(self.settings, self.mixer, self.sessions)
            case _:
                made = connector()
        return made

    def use_trunk(self, session: AccountSession | None) -> None:
        self.route.own_trunk = session if isinstance(session, SipSession) else None

    async def check(self) -> None:
        await self.engine.do(lambda: None)

    async def close(self) -> None:
        if self.recognizer is not None:
            await self.recognizer.close()
        await self.speaker.close()
        await self.engine.stop()


async def open_sip_media_stack(
    settings: Settings, directory: Path, sessions: SessionOpener
) -> SipMediaStack:
    """As bridge.workers.media.media_stack.open_media_stack."""
    engine = PjsuaEngine(engine_settings(settings))
    await engine.start()
    recordings = directory / "recordings"
    for left in recordings.glob("*.wav"):  # of a worker that was killed in the middle of a message
        left.unlink(missing_ok=True)
    mixer = ConferenceMixer(engine, recordings, settings.private_hosts)
    stack = SipStack(engine, mixer, settings.sip_trusted, float(settings.dead_call_seconds))
    route = SipRoute(stack, trunk_of(settings))
    await route.open()
    speaker = speaker_of(settings, directory / "prompts")
    recognizer = recognizer_of(settings)
    return SipMediaStack(settings, sessions, engine, stack, route, mixer, speaker, recognizer)
