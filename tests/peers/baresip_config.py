"""The files that baresip 1.0 reads before it becomes the phone that a test wants."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.peers.programs import PeerFailed
from tests.peers.speech import Sound, speech_loop

if TYPE_CHECKING:
    from tests.peers.baresip import Baresip

# where Debian puts them; the multi-architecture folder is for later releases
MODULES = ("/usr/lib/baresip/modules", "/usr/lib/*/baresip/modules")

CONFIG = """\
poll_method epoll
sip_listen {address}:{port}
net_interface {address}
call_local_timeout 600
call_max_calls 16
module_path {modules}
module g711.so
module g722.so
module aufile.so
module sndfile.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {address}:{control}
# no ring tone and no sound card: what is heard goes to sndfile's dumps before any player
audio_path {directory}
audio_source aufile,{source}
snd_path {directory}
ausrc_srate {rate}
ausrc_channels 1
audio_txmode thread
rtp_ports 20000-29998
rtp_timeout 0
jitter_buffer_delay {jitter}
statmode_default off
"""


def write_config(phone: Baresip, control: int) -> None:
    """Everything in the phone's directory; `control` is the TCP port of its remote control."""
    directory = phone.program.directory
    for name in ("accounts", "contacts"):
        (directory / name).write_text("# none: see baresip.py\n")
    # G.722 samples at 16 kHz; a source at the codec's own rate spares baresip's resampler
    rate = 16000 if codec_names(phone.codecs)[0].startswith("G722") else 8000
    spoken = phone.speaks if phone.speaks is not None else Sound.nothing(1.0, rate)
    source = speech_loop(spoken, phone.pause, phone.talks, rate).save(directory / "spoken.wav")
    (directory / "config").write_text(
        CONFIG.format(
            address=phone.address,
            port=phone.port,
            modules=modules_path(),
            control=control,
            directory=directory,
            source=source,
            jitter=phone.jitter_frames,
            rate=rate,
        )
    )


def account_line(phone: Baresip) -> str:
    """The account as baresip's `accounts` file and its command `uanew` have it.

    Always answered by command: in baresip's own automatic mode it tells nothing of the incoming
    call, neither name nor number.
    """
    if phone.account and re.search(r'[\s;,"]', phone.account.password):
        raise PeerFailed("baresip 1.0 takes no password with blanks, commas, semicolons or quotes")
    if phone.account is None:
        uri, options = phone.direct_uri, ["regint=0"]
    else:
        uri = f"{phone.account.uri};transport={phone.account.transport}"
        options = [
            f"auth_user={phone.account.user}",
            f"auth_pass={phone.account.password}",
            f"regint={phone.expires}",
        ]
    options += ["answermode=manual", f"dtmfmode={phone.dtmf}"]
    options.append("audio_codecs=" + ",".join(codec_names(phone.codecs)))
    if phone.outbound_proxy:
        options.append(f'outbound="{phone.outbound_proxy}"')
    return f'"{phone.display_name}" <{uri}>;' + ";".join(options)


def codec_names(codecs: tuple[str, ...]) -> list[str]:
    """Names as baresip lists them: G722 is 16 kHz there, though SDP says 8000 (RFC 3551)."""
    return [
        "G722/16000/1" if name.upper() == "G722" else f"{name.upper()}/8000/1" for name in codecs
    ]


def modules_path() -> Path:
    for pattern in MODULES:
        for found in sorted(Path("/").glob(pattern.lstrip("/"))):
            return found
    raise PeerFailed("baresip's modules are not installed: Debian package baresip-core")
