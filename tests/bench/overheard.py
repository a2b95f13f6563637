"""A real call in which words are said and understood: `python -m tests.bench.overheard DIRECTORY`.

DIRECTORY holds what is said as .wav, and the names in names.json. Prints one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from ipaddress import IPv4Address
from pathlib import Path

from bridge.audio.pjmedia.engine import EngineSettings, PjsuaEngine
from bridge.audio.port import Clip, Utterance
from bridge.audio.speech.confined import ConfinedRecognizer
from bridge.audio.speech.recognizer import Option
from tests.bridge.audio.lone_engine import Stage
from tests.peers.speech import load

_ALONE = 10.0
"""Seconds in which nobody listens, and as many in which somebody does."""


async def main(directory: Path, clips: Sequence[Clip]) -> None:
    engine = PjsuaEngine(EngineSettings(IPv4Address("127.0.0.1"), (20000, 29999)))
    await engine.start()
    recognizer = ConfinedRecognizer("pocketsphinx", None, ("en",))
    recognizer.choose_within = 60.0
    await recognizer.warm()
    options = [Option(name, (name,)) for name in json.loads((directory / "names.json").read_text())]
    stage = Stage(engine, directory)
    out, inside = await stage.call()
    took = []
    alone = await _spent(_ALONE)
    async with stage.mixer.tap_speech(inside.audio) as heard:
        overheard = await _spent(_ALONE)
        for clip in clips:
            playing = asyncio.create_task(stage.mixer.play(out.audio, clip))
            async for fact in heard:
                if isinstance(fact, Utterance):
                    await recognizer.choose(fact, options, "en")
                    took.append(1000 * (asyncio.get_running_loop().time() - fact.ended))
                    break
            await playing
    await recognizer.close()
    await engine.stop()
    print(json.dumps({"took": took, "alone": alone, "overheard": overheard}))


async def _spent(seconds: float) -> float:
    """Percent of a core, of this process."""
    began, before = time.monotonic(), time.process_time()
    await asyncio.sleep(seconds)
    return 100 * (time.process_time() - before) / (time.monotonic() - began)


if __name__ == "__main__":
    where = Path(sys.argv[1])
    spoken = sorted(where.glob("[0-9]*.wav"))
    asyncio.run(main(where, [Clip(path.stem, path, load(path).seconds) for path in spoken]))
