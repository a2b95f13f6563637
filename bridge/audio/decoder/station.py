"""A station: found behind its address, listened to, and found again whenever it goes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import av
import httpx
from tenacity import wait_exponential_jitter

from bridge.audio.decoder import hls, wire
from bridge.audio.decoder.icy import IcyReader
from bridge.audio.decoder.track import CONTAINERS, SAMPLE
from bridge.audio.decoder.web import ByteStream, StationWeb, whole
from bridge.backoff import Backoff
from bridge.errors import HouseError
from bridge.guarded_http import Dial
from bridge.playlists import LARGEST, decoded, entries, is_hls, is_playlist

NESTED = 2
"""Playlists in playlists."""
STEADY = 10.0
"""Seconds of sound, after which a station is fine and the pauses are short again."""
_ENTRIES = 4
_FORMATS = {
    "audio/mpeg": "mp3",
    "audio/mp3": "mp3",
    "audio/aac": "aac",
    "audio/aacp": "aac",
    "audio/x-aac": "aac",
    "audio/ogg": "ogg",
    "application/ogg": "ogg",
}
_PROBING = {"format_whitelist": CONTAINERS, "probesize": "65536", "analyzeduration": "2000000"}
FAILURES = (
    httpx.HTTPError,
    httpx.InvalidURL,
    HouseError,
    av.FFmpegError,
    OSError,
    ValueError,
    ArithmeticError,
)

Tell = Callable[[wire.Message], None]


class Readable(Protocol):
    """What FFmpeg can read from."""

    def read(self, size: int) -> bytes: ...


@dataclass(frozen=True)
class Reception:
    """`sound` is what to read; `format` is FFmpeg's name of it, or empty. `finite`: its end is the
    end, and not a lost connection.
    """

    sound: Readable
    format: str = ""
    finite: bool = False


def listen(tell: Tell, dial: Dial, order: wire.Load, rate: int) -> None:
    """For as long as there is sound. A loss is told when it could not be mended at once."""
    with StationWeb(dial) as web:
        _listen(web, tell, order, rate)


def _listen(web: StationWeb, tell: Tell, order: wire.Load, rate: int) -> None:
    tag, title = order.tag, ""

    def hear(new: str) -> None:
        """A station that was found again says its title again."""
        nonlocal title
        if new != title:
            title = new
            tell(wire.Title(tag, new))

    pauses = Backoff(wait_exponential_jitter(initial=0.4, max=15, exp_base=1.5, jitter=0.3))
    known, lost, tries = order.patient, order.patient, 0
    while True:
        seconds, why = 0.0, "stream_down"
        try:
            with received(web, order.where, hear) as heard:
                for pcm in portions(heard, rate):
                    if not known:
                        tell(wire.Loaded(tag))
                    elif lost:
                        tell(wire.StationBack(tag))
                    known, lost = True, False
                    tell(wire.Sound(tag, seconds, pcm))
                    seconds += len(pcm) / SAMPLE / rate
                    if seconds > STEADY:
                        pauses.reset()
                        tries = 0
                if heard.finite and known:
                    return tell(wire.End(tag))
        except ConnectionError:  # the worker is gone; those of the network are httpx's
            raise
        except (av.FFmpegError, ValueError):
            why = "bad_audio"
        except FAILURES:
            pass
        if not known:
            return tell(wire.End(tag, why))
        if tries and not lost:
            tell(wire.Lost(tag, "stream_down"))
            lost = True
        tries += 1
        time.sleep(pauses.pause())


@contextmanager
def received(
    web: StationWeb, address: str, hear: Callable[[str], None], nested: int = 0
) -> Iterator[Reception]:
    """What comes from `address`, or from the first address in a playlist that answers."""
    with web.answer(address, **{"Icy-MetaData": "1"}) as response:
        found, content_type = str(response.url), _content_type(response)
        if not is_playlist(found, content_type):
            yield _reception(response, content_type, hear)
            return
        text = decoded(whole(response, LARGEST))
    if is_hls(text):
        playlist = hls.parse(text, found)
        yield Reception(ByteStream(hls.stream(web, found, playlist)), finite=playlist.ended)
        return
    if nested == NESTED:
        raise ValueError("too many playlists in playlists")
    reached = False
    failure: Exception = ValueError("an empty playlist")
    for each in entries(text, found)[:_ENTRIES]:
        try:
            with received(web, each, hear, nested + 1) as reception:
                reached = True
                yield reception
                return
        except FAILURES as why:
            if reached:
                raise
            failure = why
    raise failure


def portions(reception: Reception, rate: int) -> Iterator[bytes]:
    """16-bit mono PCM, wire.PORTION seconds at a time; the last one is shorter."""
    size, waiting = int(wire.PORTION * rate) * SAMPLE, bytearray()
    for pcm in _decoded(reception, rate):
        waiting += pcm
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)


def _decoded(reception: Reception, rate: int) -> Iterator[bytes]:
    opened: Any = av.open(
        reception.sound,
        "r",
        format=reception.format or None,
        options=_PROBING,
        metadata_errors="replace",
        buffer_size=4096,  # a thin stream takes long to fill more
    )
    with opened as container:
        if not container.streams.audio:
            raise ValueError("no sound in it")
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        resampler = av.AudioResampler("s16", "mono", rate)
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.InvalidDataError:  # the first frame is seldom whole
                continue
            for frame in frames:
                for piece in resampler.resample(frame):
                    yield bytes(piece.planes[0])[: piece.samples * SAMPLE]


def _reception(
    response: httpx.Response, content_type: str, hear: Callable[[str], None]
) -> Reception:
    feed: Readable = (source := ByteStream(response.iter_raw()))
    interval = response.headers.get("icy-metaint", "")
    if interval.isdigit() and int(interval):
        feed = IcyReader(source, int(interval), hear)
    finite = "content-length" in response.headers
    return Reception(feed, _FORMATS.get(content_type, ""), finite)


def _content_type(response: httpx.Response) -> str:
    named: str = response.headers.get("content-type", "")
    return named.partition(";")[0].strip().lower()
