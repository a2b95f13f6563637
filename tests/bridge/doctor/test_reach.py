"""What the doctor tries for real: sound, SIP, the trunk, the bot's token."""

from pathlib import Path
from typing import Any

import pytest
from telegram.error import NetworkError
from telegram.request import BaseRequest

from bot.constants import TOKEN
from bot.terminal.api import BotApi
from bot.terminal.messenger import Messenger
from bridge.doctor import desktop, examine, sound, telephony
from bridge.doctor.finding import Verdict
from bridge.doctor.telegram import telegram
from bridge.version import version
from tests.bridge.audio.speech.tiny_voice import tiny_voice
from tests.bridge.doctor.conftest import SettingsFactory
from tests.peers.kamailio import Kamailio

pytestmark = pytest.mark.real


async def test_speech_and_sound_daemon_work_on_this_machine() -> None:
    assert (await sound.speech()).verdict is Verdict.FINE
    found = await sound.pulse()
    assert found.verdict is Verdict.FINE
    assert "speaker" in found.told


async def test_names_that_are_said_are_understood(
    settings_with: SettingsFactory, tmp_path: Path
) -> None:
    found = await sound.names(settings_with())
    assert (found.verdict, found.told) == (Verdict.FINE, "pocketsphinx understands en")
    off = await sound.names(settings_with(speech_engine="off"))
    assert "keys only" in off.told
    missing = await sound.names(settings_with(speech_engine="vosk", speech_model=tmp_path))
    assert missing.verdict is Verdict.NOTE
    assert missing.remedy == ".venv/bin/python -m pip install vosk"


async def test_voices_of_ones_own_say_a_sentence(
    settings_with: SettingsFactory, tmp_path: Path
) -> None:
    assert "espeak-ng speaks" in (await sound.voices(settings_with())).told
    voice = tiny_voice(tmp_path / "voice.onnx", "de")
    found = await sound.voices(settings_with(piper_voice_de=voice))
    assert (found.verdict, found.told) == (Verdict.FINE, "Piper speaks: de")
    voice.write_bytes(b"no network at all")
    found = await sound.voices(settings_with(piper_voice_de=voice))
    assert (found.verdict, found.remedy) == (Verdict.NOTE, "Correct PIPER_VOICE_DE.")
    found = await sound.voices(settings_with(piper_voice_en=tmp_path / "missing.onnx"))
    assert found.verdict is Verdict.NOTE
    assert "PIPER_VOICE_EN" in found.told


async def test_no_sound_daemon_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (await sound.pulse()).verdict is Verdict.FAULT


async def test_a_desktop_session_is_opened_and_leaves_nothing(
    settings_with: SettingsFactory, tmp_path: Path
) -> None:
    settings = settings_with()
    settings.data_dir.mkdir()
    found = await desktop.sessions(settings)
    assert (found.verdict, found.remedy) == (Verdict.FINE, ""), found
    assert list(settings.data_dir.iterdir()) == []


async def test_programs_that_are_missing_for_desktop_sessions_are_named(
    monkeypatch: pytest.MonkeyPatch, settings_with: SettingsFactory, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await desktop.sessions(settings_with())
    assert found.verdict is Verdict.NOTE
    assert "slirp4netns" in found.told
    assert "make desktop" in found.remedy


async def test_sip_is_spoken_at_an_address_of_this_machine(settings_with: SettingsFactory) -> None:
    assert (await telephony.sip(settings_with())).verdict is Verdict.FINE
    found = await telephony.sip(settings_with(sip_address="192.0.2.99"))
    assert found.verdict is Verdict.FAULT
    assert "SIP_ADDRESS" in found.remedy


async def test_the_trunk_is_asked_and_keeps_no_registration(
    settings_with: SettingsFactory, kamailio: Kamailio
) -> None:
    ada = kamailio.account("ada")
    trunk = {"trunk_registrar": ada.registrar, "trunk_user": ada.user}
    found = await telephony.trunk(settings_with(**trunk, trunk_password=ada.password))
    assert found.verdict is Verdict.FINE
    assert not await kamailio.contacts("ada")
    found = await telephony.trunk(settings_with(**trunk, trunk_password="wrong"))
    assert found.verdict is Verdict.FAULT
    assert "TRUNK_PASSWORD" in found.remedy


async def test_a_trunk_that_is_not_there_is_a_fault(settings_with: SettingsFactory) -> None:
    settings = settings_with(trunk_registrar="nowhere.invalid", trunk_user="ada")
    found = await telephony.trunk(settings)
    assert (found.verdict, found.told) == (Verdict.FAULT, "the registrar cannot be reached")


class Refusing(BaseRequest):
    """The Bot API for somebody whose token it does not know; or no Bot API at all."""

    def __init__(self, status: int | None) -> None:
        self.status = status

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        if self.status is None:
            raise NetworkError(f"cannot reach {url}")
        return self.status, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'


async def test_the_bots_name_is_told(settings_with: SettingsFactory) -> None:
    settings = settings_with(telegram_bot_token=TOKEN)
    found = await telegram(settings, BotApi(Messenger(name="home")))
    assert (found.verdict, found.told) == (Verdict.FINE, "the bot is @home_bot")


@pytest.mark.parametrize("status", [401, 404, None])
async def test_a_token_that_does_not_work_is_not_shown(
    settings_with: SettingsFactory, status: int | None
) -> None:
    found = await telegram(settings_with(telegram_bot_token="1:hush"), Refusing(status))
    assert found.verdict is Verdict.FAULT
    assert found.remedy
    assert "hush" not in found.told + found.remedy


async def test_the_whole_examination_is_a_table_and_an_exit_code(
    settings_with: SettingsFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await examine(settings_with()) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"skype2sip {version()}\n")
    assert "All is well." in told
    settings = settings_with(telegram_bot_token="1:hush")
    assert await examine(settings, Refusing(401)) == 1
    told = capsys.readouterr().out
    assert "Telegram does not know this token" in told
    assert "To be mended: 1." in told
