"""The ways to one contact, as they are read out: each must sound unlike the others."""

import re
from collections.abc import Sequence

from bridge.calls import spoken
from bridge.calls.ports.directory import OpenAddress
from bridge.calls.spoken import N_
from bridge.terms import Party

_LAST = 3
"""Digits of a number that are heard and compared at once."""
_NUMBER = re.compile(r"(?:sips?:)?\+?(\d{3,})(?:@|$)")
_ENDING = N_("{network} ending in {digits}")


def told_apart(language: str, ways: Sequence[OpenAddress], country: str) -> list[str]:
    """The network of each; of those on the same one also as much of the address as it takes."""
    networks = [spoken.network(language, way.network) for way in ways]
    named = list(networks)
    for network in {one for one in networks if networks.count(one) > 1}:
        places = [place for place, one in enumerate(networks) if one == network]
        alike = _unlike(language, network, [ways[place].address for place in places], country)
        for place, name in zip(places, alike, strict=True):
            named[place] = name
    return named


def _unlike(language: str, network: str, addresses: Sequence[str], country: str) -> list[str]:
    numbers = [_NUMBER.match(one) for one in addresses]
    endings = [found[1][-_LAST:] for found in numbers if found]
    if len(set(endings)) == len(addresses):
        return [
            spoken.spoken(language, _ENDING, network=network, digits=spoken.digits(one))
            for one in endings
        ]
    short = [spoken.caller(language, Party(one), country) for one in addresses]
    if len(set(short)) < len(short):  # only the hosts differ
        short = [spoken.name(language, one) for one in addresses]
    return [f"{network}, {one}" for one in short]
