"""The house's memory: tables with their queries, one module a subject.

    store = Store.open(settings.database, key_ring(settings))
    phones_of_ada = await store.run(phones.of_user, ada)

Query functions take the transaction first and the user second: nobody sees another one's things.
They raise UnknownTarget for what is not there, BadInput for what cannot be kept, NotAllowed for a
limit, and return rows that stay readable after the transaction.
"""

from bridge.store.engine.keyfile import key_ring
from bridge.store.engine.seal import KeyRing
from bridge.store.engine.store import Store
from bridge.store.people.users import CallLimits

__all__ = ["CallLimits", "KeyRing", "Store", "key_ring"]
