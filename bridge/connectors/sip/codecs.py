"""Which codecs an account speaks. pjsua2 knows one list for all accounts of a process, so what an
account does not want is struck out of the SDP before it leaves.
"""

import re
from collections.abc import Collection

ALL = ("G722", "PCMA", "PCMU")
"""By their names in SDP (RFC 3551 section 6), the best first."""
_EVENTS = "telephone-event"  # RFC 4733: digits are no codec
_RTPMAP = re.compile(r"^a=rtpmap:(\d+) ([^/\s]+)/")
_OF_PAYLOAD = re.compile(r"^a=(?:rtpmap|fmtp):(\d+) ")


def only(sdp: str, codecs: Collection[str]) -> str:
    """`sdp` with those codecs alone (RFC 8866). With none of them left, nobody will agree to it."""
    lines = sdp.splitlines()
    names = {found[1]: found[2] for line in lines if (found := _RTPMAP.match(line))}
    unwanted = {number for number, name in names.items() if name not in {*codecs, _EVENTS}}
    kept = [
        _media(line, unwanted) if line.startswith("m=audio ") else line
        for line in lines
        if not ((of := _OF_PAYLOAD.match(line)) and of[1] in unwanted)
    ]
    return "".join(f"{line}\r\n" for line in kept)


def _media(line: str, unwanted: Collection[str]) -> str:
    """`m=audio <port> <protocol> <payload types>`."""
    *head, payloads = line.split(" ", 3)
    return " ".join([*head, *(one for one in payloads.split() if one not in unwanted)])
