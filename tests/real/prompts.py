"""What the house says on the phone."""

from __future__ import annotations

from bridge import files
from bridge.api.client import Client
from bridge.api.commands.access import WhoIs
from bridge.audio.voice.espeak import EspeakSpeaker
from bridge.settings import Settings
from tests.peers.speech import Sound, load
from tests.real.service import OWNER_CHAT, Service


async def spoken(service: Service, sentence: str, language: str = "en") -> Sound:
    """To the owner, out of the house's own cache: espeak-ng never says it twice the same."""
    owner = await Client(Settings(data_dir=service.directory)).ask(WhoIs(chat=OWNER_CHAT))
    assert owner is not None
    voice = EspeakSpeaker(files.folder(service.directory, owner.id) / "prompts")
    return load((await voice.say(sentence, language)).path)
