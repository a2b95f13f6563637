import io
import wave
from pathlib import Path

import av
import pytest

from bridge.audio.voice.espeak import EspeakSpeaker
from bridge.audio.voice.voice_note import to_voice_note, to_wav
from bridge.errors import BadInput


async def test_a_recording_becomes_a_voice_note_and_back(tmp_path: Path) -> None:
    clip = await EspeakSpeaker(tmp_path).say("Please call me back when you are home.", "en")
    note = await to_voice_note(clip.path)
    with av.open(io.BytesIO(note)) as opened:
        stream = opened.streams.audio[0]
        assert (opened.format.name, stream.codec_context.name, stream.codec_context.channels) == (
            "ogg",
            "opus",
            1,
        )
    with wave.open(io.BytesIO(await to_wav(note, 60))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16000, 1, 2)
        assert sound.getnframes() / 16000 == pytest.approx(clip.seconds, abs=0.1)


async def test_a_long_greeting_is_cut(tmp_path: Path) -> None:
    clip = await EspeakSpeaker(tmp_path).say(
        "one two three four five six seven eight nine ten", "en"
    )
    with wave.open(io.BytesIO(await to_wav(clip.path.read_bytes(), 1))) as sound:
        assert sound.getnframes() == 16000


@pytest.mark.parametrize(
    "blob", [b"", b"not sound at all", b"OggS" + bytes(200), b"#EXTM3U\nfile:///etc/passwd\n"]
)
async def test_what_is_no_sound_is_refused(blob: bytes) -> None:
    with pytest.raises(BadInput, match="bad_audio"):
        await to_wav(blob, 60)


async def test_a_playlist_cannot_open_files_of_the_server(tmp_path: Path) -> None:
    clip = await EspeakSpeaker(tmp_path).say("a secret recording", "en")
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{clip.path}\n#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile '{clip.path}'\n"
    for blob in (playlist, concat):
        with pytest.raises(BadInput, match="bad_audio"):
            await to_wav(blob.encode(), 60)
