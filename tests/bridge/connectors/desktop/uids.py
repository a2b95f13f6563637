"""Users for sessions, whom no other test has at the same time, in this run or another one: who
counts or ends the processes of one must not meet those of another test.
"""

import socket

from tests.peers.programs import PeerFailed

EACH = 25
_ALL = range(72000, 99000, EACH)
_claims: list[socket.socket] = []
"""Held until this process ends."""


def own_uids() -> range:
    """EACH of them, within what the product itself never uses."""
    for first in _ALL:
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0skype2sip-test-uids-{first}")
        except OSError:  # somebody else has them
            claim.close()
            continue
        _claims.append(claim)
        return range(first, first + EACH)
    raise PeerFailed("all users for sessions are taken by other tests")
