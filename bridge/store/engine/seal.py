"""Secrets at rest: AES-256-GCM in an envelope, bound to the table, row and field it belongs to.

Each secret has a data key of its own; the master key only wraps data keys, so that a new master key
means re-wrapping 61 bytes a secret. A sealed value that is copied to another row or field does not
open. This protects a stolen database or backup, not a host that was broken into.

    sealed  = version (1) | length of wrapped (1) | wrapped | nonce (12) | the secret and its tag
    wrapped = key id (1) | nonce (12) | the data key and its tag
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Session

from bridge.errors import SetupFault

_VERSION = 1
_NONCE = 12


@dataclass(frozen=True)
class SecretPlace:
    """Where a sealed value belongs."""

    table: str
    row: UUID
    field: str

    @property
    def bound(self) -> bytes:
        """The additional authenticated data."""
        return f"tb1|{self.table}|{self.row}|{self.field}".encode()


@dataclass(frozen=True)
class MasterKey:
    """32 bytes, and the number (0 to 255) by which a sealed value names them."""

    id: int
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, after: Sequence["MasterKey"] = ()) -> "MasterKey":
        """A new one, numbered as none of `after` is."""
        taken = {key.id for key in after}
        first = after[0].id + 1 if after else 1
        number = next(n % 256 for n in range(first, first + 256) if n % 256 not in taken)
        return cls(number, AESGCM.generate_key(256))


class KeyRing:
    """The master keys a process knows: the current one seals, older ones still open.

    `again` reads the keys anew where they are kept (`keyfile`), which is done before
    sealing and when a key is not known: another process may have rotated them.
    """

    def __init__(
        self, keys: Sequence[MasterKey], again: Callable[[], Sequence[MasterKey]] | None = None
    ) -> None:
        self._again = again
        self._known: dict[int, MasterKey] = {}
        self._learn(keys)

    def __repr__(self) -> str:
        return f"KeyRing(current={self.current.id}, known={sorted(self._known)})"

    def seal(self, secret: bytes, place: SecretPlace) -> bytes:
        self._refresh()
        data_key, nonce = AESGCM.generate_key(256), os.urandom(_NONCE)
        wrapped = self._wrap(data_key, place)
        sealed = AESGCM(data_key).encrypt(nonce, secret, place.bound)
        return bytes([_VERSION, len(wrapped)]) + wrapped + nonce + sealed

    def open(self, sealed: bytes, place: SecretPlace) -> bytes:
        """SetupFault("seal_broken"): altered, of another place, or of a key we have not got."""
        wrapped, rest = _split(sealed, place)
        try:
            data_key = self._unwrap(wrapped, place)
            return AESGCM(data_key).decrypt(rest[:_NONCE], rest[_NONCE:], place.bound)
        except InvalidTag:
            raise _broken(place) from None

    def rewrap(self, sealed: bytes, place: SecretPlace) -> bytes:
        """The same secret under the current master key; unchanged when it is so already."""
        wrapped, rest = _split(sealed, place)
        if wrapped[0] == self.current.id:
            return sealed
        try:
            fresh = self._wrap(self._unwrap(wrapped, place), place)
        except InvalidTag:
            raise _broken(place) from None
        return bytes([_VERSION, len(fresh)]) + fresh + rest

    def _wrap(self, data_key: bytes, place: SecretPlace) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self.current.secret).encrypt(nonce, data_key, place.bound)
        return bytes([self.current.id]) + nonce + sealed

    def _unwrap(self, wrapped: bytes, place: SecretPlace) -> bytes:
        if wrapped[0] not in self._known:
            self._refresh()
        master = self._known.get(wrapped[0])
        if master is None:
            raise _broken(place)
        rest = wrapped[1:]
        return AESGCM(master.secret).decrypt(rest[:_NONCE], rest[_NONCE:], place.bound)

    def _refresh(self) -> None:
        if self._again is not None:
            self._learn(self._again())

    def _learn(self, keys: Sequence[MasterKey]) -> None:
        # keys no longer kept stay known: a row read before a rotation still opens after it
        self.current = keys[0]
        self._known.update({key.id: key for key in keys})


def keys_of(db: Session) -> KeyRing:
    """The key ring of the store this transaction belongs to."""
    keys = db.info.get("keys")
    if not isinstance(keys, KeyRing):
        raise SetupFault(
            "seal_key_missing",
            remedy="This program was started without the master key and may not open secrets.",
        )
    return keys


def _split(sealed: bytes, place: SecretPlace) -> tuple[bytes, bytes]:
    length = sealed[1] if len(sealed) > 1 else 0
    if length <= 1 + _NONCE or len(sealed) <= 2 + length + _NONCE or sealed[0] != _VERSION:
        raise _broken(place)
    return sealed[2 : 2 + length], sealed[2 + length :]


def _broken(place: SecretPlace) -> SetupFault:
    return SetupFault(
        "seal_broken",
        where=f"{place.table}/{place.row}",
        remedy="The master key does not fit the database. Put back the seal.key that belongs to "
        "it, from the backup; or remove this account in the chat and sign in again.",
    )
