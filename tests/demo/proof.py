"""What the play leaves behind, and whether it proves that the sentences arrived."""

from __future__ import annotations

import shutil
from pathlib import Path

from bridge.audio.voice_note import to_wav
from tests.demo.play import Play
from tests.demo.timeline import draw
from tests.peers.hearing import Verdict, heard_sentence

MESSAGE_SECONDS = 180


async def leave_proof(play: Play, directory: Path) -> bool:
    """Write the files, print where they are; true when every sentence was heard."""
    (directory / "calls.json").write_text(play.calls_json + "\n")
    verdicts: dict[str, Verdict | None] = {
        "heard-by-phone.wav": heard_sentence(play.ada_says, directory / "heard-by-phone.wav"),
        "heard-by-caller.wav": heard_sentence(play.desk_says, directory / "heard-by-caller.wav"),
        "podcast-heard-by-phone.wav": heard_sentence(
            play.episode, directory / "podcast-heard-by-phone.wav"
        ),
        "voicemail.ogg": await _heard_in_note(play, directory),
    }
    draw(play.stories, directory / "timeline.png")
    print("\nWhat was heard:")
    for name, verdict in verdicts.items():
        sign = "yes" if verdict else "NO "
        print(f"  {sign}  {directory / name}: {verdict.why if verdict else 'nothing was left'}")
    print("Also there:")
    for name in ("timeline.png", "chat.txt", "calls.json"):
        print(f"       {directory / name}")
    return all(verdicts.values())


async def _heard_in_note(play: Play, directory: Path) -> Verdict | None:
    if play.voice_note is None:
        return None
    note = directory / "voicemail.ogg"
    shutil.copyfile(play.voice_note, note)
    decoded = play.scratch / "voicemail.wav"
    decoded.write_bytes(await to_wav(note.read_bytes(), MESSAGE_SECONDS))
    return heard_sentence(play.ada_says, decoded)
