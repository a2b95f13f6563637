"""Which recognizer there is, by what the host has set and installed."""

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest

from bridge.audio.speech import configured
from bridge.errors import SetupFault
from bridge.settings import Settings


def settings(**wanted: object) -> Settings:
    return Settings(_env_file=None, **wanted)


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Packages that are not installed."""
    names: set[str] = set()

    def find(name: str) -> ModuleSpec | None:
        return None if name in names else find_spec(name)

    monkeypatch.setattr(configured, "find_spec", find)
    return names


def test_english_is_understood_by_default() -> None:
    found = configured.recognizer_of(settings())
    assert found is not None
    assert found.languages == {"en"}


def test_nobody_is_understood_when_it_is_off() -> None:
    assert configured.recognizer_of(settings(speech_engine="off")) is None


@pytest.mark.parametrize("package", ["webrtcvad", "pocketsphinx"])
def test_without_the_extra_there_is_none(missing: set[str], package: str) -> None:
    missing.add(package)
    assert configured.recognizer_of(settings()) is None
    with pytest.raises(SetupFault) as why:
        configured.check(settings())
    assert why.value.sentence == "Names cannot be said on the phone. Run make voice."


@pytest.mark.parametrize("engine", ["vosk", "faster-whisper"])
def test_an_engine_that_is_not_installed_is_named(
    engine: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = settings(speech_engine=engine, speech_model=tmp_path)
    assert configured.recognizer_of(wanted) is None
    assert f"SPEECH_ENGINE is {engine}, which is not installed." in caplog.text


def test_a_model_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent / "stand_in"), *sys.path])
    for model in (None, tmp_path / "nowhere"):
        with pytest.raises(SetupFault, match="speech_model_missing"):
            configured.check(settings(speech_engine="vosk", speech_model=model))
    wanted = settings(speech_engine="vosk", speech_model=tmp_path, speech_languages="de")
    found = configured.recognizer_of(wanted)
    assert found is not None
    assert found.languages == {"de"}
