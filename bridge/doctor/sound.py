"""The voice that speaks, and the daemon that client programs take for a sound card."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from pulsectl import Pulse, PulseError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from bridge.audio.speech.configured import check, recognizer_of
from bridge.audio.speech.piper import PiperSpeaker, VoiceTimedOut, voices_of
from bridge.audio.voice.espeak import synthesize
from bridge.doctor.finding import Finding, fault, fine, note
from bridge.errors import SetupFault
from bridge.settings import Settings

_INSTALL = "Run make setup."


_SENTENCES = (("de", "Ein Anruf für dich."), ("en", "A call for you."))
_VOICE_WITHIN = 25.0


async def speech() -> Finding:
    spoken = []
    for language, sentence in _SENTENCES:
        rate, samples = await asyncio.to_thread(synthesize, sentence, language)
        spoken.append(f"{language} {len(samples) / 2 / rate:.1f} s")
    return fine("speech", f"espeak-ng speaks: {', '.join(spoken)}")


async def voices(settings: Settings) -> Finding:
    """Those of the host's own say a sentence each."""
    try:
        own = voices_of(settings)
    except SetupFault as why:
        return note("own voices", f"{why.facts['why']} espeak-ng speaks.", why.facts["remedy"])
    if not own:
        return fine("own voices", "none: espeak-ng speaks (PIPER_VOICE_EN, PIPER_VOICE_DE)")
    with tempfile.TemporaryDirectory() as directory:
        speaker = PiperSpeaker(Path(directory), own)
        try:
            for language, sentence in _SENTENCES:
                if language in own:
                    async with asyncio.timeout(_VOICE_WITHIN):
                        await speaker.synthesize(sentence, language)
        except (VoiceTimedOut, TimeoutError):
            name = f"PIPER_VOICE_{language.upper()}"
            return note("own voices", f"the voice of {name} said nothing.", f"Correct {name}.")
        finally:
            await speaker.close()
    return fine("own voices", f"Piper speaks: {', '.join(own)}")


async def names(settings: Settings) -> Finding:
    """Whether the menu on the phone understands names that are said: the engine is loaded."""
    what = "names that are said"
    if settings.speech_engine == "off":
        return fine(what, "not understood, as SPEECH_ENGINE says: keys only")
    try:
        check(settings)
    except SetupFault as why:
        return note(what, f"{why.facts['why']} The menu has keys.", why.facts["remedy"])
    recognizer = recognizer_of(settings)
    assert recognizer is not None, "it was checked"
    try:
        await recognizer.warm()
        understood = sorted(recognizer.languages) if recognizer.child.pid else []
    finally:
        await recognizer.close()
    if not understood:
        return note(what, f"{settings.speech_engine} cannot be loaded", "The log says why.")
    return fine(what, f"{settings.speech_engine} understands {', '.join(understood)}")


async def pulse() -> Finding:
    """A daemon of our own is started, given a sound card that does not exist, and ended."""
    program = shutil.which("pulseaudio")
    if program is None:
        return fault("PulseAudio", "the program pulseaudio is not installed", _INSTALL)
    with tempfile.TemporaryDirectory() as directory:
        address = f"unix:{directory}/sound"
        daemon = await asyncio.create_subprocess_exec(
            program,
            *("-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
            *("--disable-shm=yes", "-L", f"module-native-protocol-unix socket={directory}/sound"),
            env={
                "PATH": os.environ.get("PATH", ""),
                "HOME": directory,
                "XDG_RUNTIME_DIR": directory,  # nothing is left elsewhere
            },
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await asyncio.to_thread(_appears, Path(directory, "sound"))
            version, sinks = await asyncio.to_thread(_with_null_sink, address)
        except (PulseError, FileNotFoundError):
            return fault("PulseAudio", "a sound daemon could not be started", _INSTALL)
        finally:
            if daemon.returncode is None:
                daemon.terminate()
            await daemon.wait()
    return fine("PulseAudio", f"{version} works with a sound card made for a session ({sinks})")


@retry(
    retry=retry_if_exception_type(FileNotFoundError),
    stop=stop_after_delay(5),
    wait=wait_fixed(0.05),
    reraise=True,
)
def _appears(socket: Path) -> None:
    socket.stat()


def _with_null_sink(address: str) -> tuple[str, str]:
    with Pulse("doctor", server=address) as daemon:
        daemon.module_load("module-null-sink", "sink_name=speaker norewinds=1")
        sinks = ", ".join(sink.name for sink in daemon.sink_list())
        return str(daemon.server_info().server_version), sinks
