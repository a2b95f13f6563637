"""Keeps a malformed SIP INFO away from the library's parser, which aborts the process on it.

The wheel (2.15.1) looks for the second line of an `application/dtmf-relay` body without asking
whether the first one ended: `Signal=5` and no line end is enough, from anybody who is in a call
with us, and some telephones do send keys like that. The callback for the transaction comes before
the parser, on the same thread, so the body is blanked where it lies, and the key is read here.
"""

import ctypes
import re
from typing import Any

_FIRST_LINE = re.compile(rb"[^\r\n]+")
_SIGNAL = re.compile(rb"Signal[ \t]*=[ \t]*([0-9A-D*#])", re.IGNORECASE)
_RELAY = re.compile(
    rb"^(?:Content-Type|c)[ \t]*:[ \t]*application[ \t]*/[ \t]*dtmf-relay", re.IGNORECASE | re.M
)
# struct pjsip_rx_data begins with what the transport needs; the packet follows, 4000 bytes of it,
# and more fields after that: so many bytes beyond a message's length are always inside the struct
_PACKET_WITHIN = 512


def blank_unfinished(received: Any) -> str:
    """Inside the callback of an INFO's transaction, before the library reads the body: make a body
    that would abort the process empty. `received` is pjsua2's SipRxData. Gives the key that was
    in it, "" if there was none or the library will read it itself.
    """
    message: bytes = received.wholeMsg.encode("utf-8", "surrogateescape")
    head, _, body = message.partition(b"\r\n\r\n")
    line = _FIRST_LINE.search(body)
    if not line or not _RELAY.search(head) or len(line[0]) + len(b"\r\n") <= len(body):
        return ""
    struct = int(received.pjRxData)
    seen = ctypes.string_at(struct, len(message) + _PACKET_WITHIN)
    packet = seen.find(message)
    if packet < 0:
        raise LookupError("the INFO is not where it was expected")
    ctypes.memset(struct + packet + len(message) - len(body), ord("\n"), len(body))
    key = _SIGNAL.match(line[0])
    return key[1].decode().upper() if key else ""
