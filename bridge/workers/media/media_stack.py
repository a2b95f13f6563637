"""The telephone engine of a worker, and the networks that stand on it."""

from pathlib import Path
from typing import Protocol

from bridge.audio.port import Mixer, Speaker
from bridge.audio.speech.recognizer import Recognizer
from bridge.calls.ports.outbound_route import OutboundRoute
from bridge.connectors.base import AccountSession, Connector
from bridge.connectors.desktop.opener import SessionOpener
from bridge.settings import Settings


class MediaStack(Protocol):
    """Everything of a worker that makes sound. Tests have one without an engine."""

    @property
    def route(self) -> OutboundRoute: ...

    @property
    def mixer(self) -> Mixer: ...

    @property
    def speaker(self) -> Speaker: ...

    @property
    def recognizer(self) -> Recognizer | None:
        """None where nothing that is said can be understood."""

    def connector(self, network: str) -> Connector:
        """The connector of a network, made on first use; UnknownTarget("no_such_network")."""

    def use_trunk(self, session: AccountSession | None) -> None:
        """Dial telephone numbers through this account; None: through the host's trunk."""

    async def check(self) -> None:
        """Returns if the engine is alive; hangs if it does."""

    async def close(self) -> None: ...


class OpenMediaStack(Protocol):
    """How a worker gets its media stack; runs in the worker, so it must be importable there."""

    async def __call__(
        self, settings: Settings, directory: Path, sessions: SessionOpener
    ) -> MediaStack: ...


async def open_media_stack(
    settings: Settings, directory: Path, sessions: SessionOpener
) -> MediaStack:
    """`directory` and `sessions` are the user's own. SetupFault when SIP cannot be spoken on this
    machine.
    """
    # the house hands this function to its workers, and has no use for a telephone engine itself
    from bridge.workers.media.sip_media_stack import open_sip_media_stack

    return await open_sip_media_stack(settings, directory, sessions)
