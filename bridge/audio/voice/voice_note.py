"""Between the phone's WAV and the chat's OGG/Opus, with PyAV.

The work happens in a short-lived child: sound from a chat is a stranger's input to a large C
library, and the worker stays small.
"""

import asyncio
import io
import socket
import wave
from pathlib import Path

from bridge.children.kinds import VOICE_NOTE
from bridge.children.launch import answer
from bridge.errors import BadInput

_TIME_OUT = 30.0
_WAV_RATE = 16000
_OPUS_RATE = 48000
_OPUS_BITS = 24000
# only containers of sound: playlists and the like could make the decoder open files and addresses
_CONTAINERS = "aac,amr,flac,matroska,mov,mp4,m4a,3gp,3g2,mj2,mp3,ogg,wav,webm"


async def to_voice_note(wav: Path) -> bytes:
    """OGG/Opus, mono, as Telegram wants voice notes (Bot API, sendVoice); BadInput("bad_audio") if
    `wav` is none.
    """
    return await _in_child(await asyncio.to_thread(wav.read_bytes), "encode")


async def to_wav(blob: bytes, seconds: int) -> bytes:
    """The first `seconds` of any audio file as 16-bit mono WAV of 16 kHz; BadInput("bad_audio") if
    it holds none.
    """
    return await _in_child(blob, "decode", str(seconds))


async def _in_child(blob: bytes, *arguments: str) -> bytes:
    try:
        sound = await answer(VOICE_NOTE, *arguments, asked=blob, within=_TIME_OUT)
    except TimeoutError:
        raise BadInput("bad_audio") from None
    if not sound:
        raise BadInput("bad_audio")
    return sound


def encode(wav: bytes) -> bytes:
    """WAV to OGG/Opus."""
    import av

    out = io.BytesIO()
    with av.open(io.BytesIO(wav), "r") as source, av.open(out, "w", format="ogg") as target:
        stream = target.add_stream(
            "libopus", rate=_OPUS_RATE, layout="mono", options={"application": "voip"}
        )
        stream.bit_rate = _OPUS_BITS
        resampler = av.AudioResampler("s16", "mono", _OPUS_RATE)
        for frame in (*source.decode(audio=0), None):
            for piece in resampler.resample(frame):
                target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return out.getvalue()


def decode(blob: bytes, seconds: int) -> bytes:
    """Any audio to WAV, cut after `seconds`."""
    import av

    samples = bytearray()
    wanted = 2 * _WAV_RATE * seconds
    with av.open(io.BytesIO(blob), "r", options={"format_whitelist": _CONTAINERS}) as source:
        resampler = av.AudioResampler("s16", "mono", _WAV_RATE)
        for frame in (*source.decode(audio=0), None):
            for piece in resampler.resample(frame):
                samples += bytes(piece.planes[0])[: piece.samples * 2]
            if len(samples) >= wanted:
                break
    if not samples:
        raise ValueError("no sound in it")
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_WAV_RATE)
        sound.writeframes(bytes(samples[:wanted]))
    return out.getvalue()


def main(end: socket.socket, verb: str, seconds: str = "") -> None:
    """`encode`, or `decode` so many seconds."""
    with end.makefile("rwb") as stream:
        blob = stream.read()
        stream.write(encode(blob) if verb == "encode" else decode(blob, int(seconds)))
