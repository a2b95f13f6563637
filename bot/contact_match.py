"""Whom a typed name means, among those the house has found."""

from collections.abc import Sequence

from bridge.api.contact_views import ContactView
from bridge.text import folded


def nearest(found: Sequence[ContactView], typed: str) -> list[ContactView]:
    """Those who are nearest, in the order of the house: one, or several who are equally near."""
    ranks = [_rank(each, typed) for each in found]
    return [each for each, rank in zip(found, ranks, strict=True) if rank == min(ranks)]


def _rank(contact: ContactView, typed: str) -> int:
    """0: exactly the name, the speed dial or an address; 1: by whole words of the name; 2: by how
    its words begin; 3: otherwise.
    """
    wanted, name = folded(typed).split(), folded(contact.name).split()
    addresses = [folded(way.address).split() for way in contact.ways]
    if wanted in (name, [contact.speed_dial], *addresses):
        return 0
    if all(word in name for word in wanted):
        return 1
    begun = all(any(part.startswith(word) for part in name) for word in wanted)
    return 2 if begun else 3
