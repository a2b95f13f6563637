"""Sound that says where one is in it: each second has its own tone; in files of every format."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from tests.peers.speech import Sound

LOWEST, STEP, TONES = 400, 30, 80
"""Hz; after TONES seconds they begin again."""
CODECS = {
    "mp3": ("mp3", "libmp3lame", 44100),
    "m4a": ("ipod", "aac", 44100),
    "aac": ("adts", "aac", 44100),
    "ogg": ("ogg", "vorbis", 44100),
    "opus": ("ogg", "libopus", 48000),
    "wav": ("wav", "pcm_s16le", 22050),
    "ts": ("mpegts", "aac", 44100),
    "m3u8": ("hls", "aac", 44100),
}
"""By the file's ending: container, codec, samples a second. HLS makes a file for every two seconds
beside its playlist.
"""
_HLS = {"hls_time": "2", "hls_list_size": "0"}


def tone_of(second: int) -> float:
    """Hz."""
    return float(LOWEST + STEP * (second % TONES))


def ladder(seconds: int, rate: int = 16000) -> Sound:
    """Second n is heard as `tone_of(n)`, a little quieter towards both of its ends."""
    time = np.arange(rate) / rate
    shape = np.minimum(1, 20 * np.minimum(time, 1 - time) + 0.2)
    parts = [shape * np.sin(2 * np.pi * tone_of(second) * time) for second in range(seconds)]
    return Sound(0.5 * np.concatenate(parts), rate)


def encoded(sound: Sound, path: Path, **options: str) -> Path:
    """`sound` as a file in the format that `path` ends in; `options` are the codec's."""
    container, codec, rate = CODECS[path.suffix[1:]]
    pcm = np.frombuffer(sound.at(rate).pcm(), dtype="<i2")
    segments = _HLS if container == "hls" else {}
    with av.open(str(path), "w", format=container, options=segments) as target:
        # FFmpeg's own Vorbis encoder does stereo only, and calls itself experimental
        layout = "stereo" if codec == "vorbis" else "mono"
        more = {"strict": "experimental"}
        stream = target.add_stream(codec, rate=rate, layout=layout, options={**more, **options})
        resampler = av.AudioResampler(stream.format.name, layout, rate)
        for at in range(0, len(pcm), rate):
            frame = av.AudioFrame.from_ndarray(pcm[None, at : at + rate], "s16", "mono")
            frame.sample_rate, frame.pts = rate, at
            for piece in resampler.resample(frame):
                target.mux(stream.encode(piece))
        target.mux(stream.encode(None))
    return path


def pitch(sound: Sound) -> float:
    """The strongest tone, in Hz."""
    samples = sound.samples * np.hanning(len(sound.samples))
    spectrum = np.abs(np.fft.rfft(samples, n=8 * sound.rate))
    return float(np.argmax(spectrum)) / 8


def second_in(sound: Sound) -> int:
    """Which second of the ladder (modulo TONES) most of `sound` is from."""
    return round((pitch(sound) - LOWEST) / STEP)
