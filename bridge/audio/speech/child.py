"""A child that understands, or speaks; its arguments are an engine and models.

The engine is one of SPEECH_ENGINE with its model, or piper with voices such as
de=/path/to/voice.onnx. Sound from a telephone is a stranger's input
to large C libraries, and a model is a large file from somewhere: here they can cost an answer, and
nothing else.
"""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bridge.audio.speech import wire
from bridge.audio.speech.engine import SpeechEngine, load
from bridge.audio.speech.recognizer import Candidate

Answer = Callable[[wire.Question], wire.Message]


class SpeechClient:
    """Those we listen for. When they are gone, so are we: OSError."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._coming = end.makefile("rb")

    def asked(self) -> Iterator[wire.Message]:
        """One thing after the other, until they are gone."""
        while len(head := self._coming.read(wire.HEAD.size)) == wire.HEAD.size:
            text, sound = wire.lengths(head)
            yield wire.unpack(self._coming.read(text), self._coming.read(sound))

    def tell(self, message: wire.Message) -> None:
        self._end.sendall(wire.pack(message))


def serve(worker: SpeechClient, answer: Answer) -> None:
    for message in worker.asked():
        if isinstance(message, wire.Question):
            worker.tell(answer(message))


def understanding(engine: SpeechEngine) -> Answer:
    """Where its library fails, nothing was understood."""

    def answer(asked: wire.Question) -> wire.Message:
        match asked:
            case wire.Choose(tag, rate, language, options, pcm):
                choices: tuple[Candidate, ...] = ()
                with suppress(Exception):
                    choices = engine.choose(pcm, rate, options, language)
                return wire.Chosen(tag, choices)
            case wire.Transcribe(tag, rate, language, pcm):
                text: str | None = None
                with suppress(Exception):
                    text = engine.transcribe(pcm, rate, language)
                return wire.Transcribed(tag, text)
            case wire.Say(tag):
                return wire.Spoken(tag, 0)

    return answer


def speaking(voices: Mapping[str, Path]) -> Answer:
    from bridge.audio.speech.with_piper import PiperVoices

    loaded = PiperVoices(voices)

    def answer(asked: wire.Question) -> wire.Message:
        rate, pcm = 0, b""
        if isinstance(asked, wire.Say):
            with suppress(Exception):
                rate, pcm = loaded.say(asked.text, asked.language)
        return wire.Spoken(asked.tag, rate, pcm)

    return answer


def _loaded(name: str, models: Sequence[str]) -> Answer:
    if name == "piper":
        pairs = (model.partition("=") for model in models)
        return speaking({language: Path(path) for language, _, path in pairs})
    return understanding(load(name, Path(models[0]) if models else None))


def main(end: socket.socket, name: str, *models: str) -> None:
    with suppress(OSError):
        worker = SpeechClient(end)
        try:
            answer = _loaded(name, models)
        except Exception as why:  # of somebody else's library, with somebody else's model
            worker.tell(wire.Useless(f"{type(why).__name__}: {why}"))
            return
        worker.tell(wire.Ready())
        serve(worker, answer)
