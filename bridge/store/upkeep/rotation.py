"""A new master key, without a moment at which a crash would lock anything up.

1. The key file holds the new key and the old ones: whatever was sealed still opens.
2. In one transaction, alone with the keys, every data key is wrapped anew.
3. The key file holds the new key only.

After a crash between two steps everything works; running it again finishes the job. Processes that
run meanwhile read the key file again when they seal, or meet a key they do not know.
"""

from pathlib import Path

from bridge.files import alone
from bridge.store.engine import keyfile
from bridge.store.engine.seal import KeyRing, MasterKey
from bridge.store.engine.store import Store
from bridge.store.people import accounts, pins


def rotate(store: Store, file: Path) -> int:
    """How many secrets were re-wrapped. `file` is what keyfile.writable() says."""
    with alone(file.parent):
        old = keyfile.read(file)
        fresh = MasterKey.fresh(after=old)
        keyfile.write(file, [fresh, *old])
        with store.begin() as db:
            keys = KeyRing([fresh, *old])
            changed = accounts.rewrap(db, keys) + pins.rewrap(db, keys)
        keyfile.write(file, [fresh])
        return changed
