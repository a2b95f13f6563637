"""From a city or a place on the map to a time zone of the IANA database."""

import math
import re
from functools import cache
from importlib import resources
from zoneinfo import available_timezones

from babel import Locale
from babel.dates import get_timezone_location

MOST = 6
"""How many zones are offered to choose from."""

_POSITION = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?$")
_SHOWN_IN = (Locale("de"), Locale("en"))


def named(text: str) -> list[str]:
    """The zones whose city is called so, in German, English or by the database itself."""
    wanted = _folded(text)
    if not wanted:
        return []
    cities = _cities()
    if wanted in cities:
        return sorted(cities[wanted])[:MOST]
    found: set[str] = set()
    for city, zones in cities.items():
        if len(wanted) >= 3 and city.startswith(wanted):
            found |= zones
    return sorted(found)[:MOST]


def near(latitude: float, longitude: float, most: int = 3) -> list[str]:
    """The zones whose principal city is nearest; a guess that its user confirms."""
    here = (math.radians(latitude), math.radians(longitude))
    return sorted(_positions(), key=lambda zone: _distance(here, _positions()[zone]))[:most]


def shown(zone: str, locale: Locale) -> str:
    return str(get_timezone_location(zone, locale=locale, return_city=True)) + f" ({zone})"


@cache
def _cities() -> dict[str, set[str]]:
    cities: dict[str, set[str]] = {}
    for zone in _positions():
        names = {zone, zone.rpartition("/")[2]}
        names |= {get_timezone_location(zone, locale=each, return_city=True) for each in _SHOWN_IN}
        for name in names:
            cities.setdefault(_folded(name), set()).add(zone)
    for zone in available_timezones() - set(_positions()):
        cities.setdefault(_folded(zone), set()).add(zone)
    return cities


@cache
def _positions() -> dict[str, tuple[float, float]]:
    """Latitude and longitude, in radians, of each zone's principal city (zone.tab)."""
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text("utf-8")
    positions = {}
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        _, position, zone, *_ = line.split("\t")
        found = _POSITION.match(position)
        if found:
            positions[zone] = (
                _radians(*found.group(1, 2, 3, 4)),
                _radians(*found.group(5, 6, 7, 8)),
            )
    return positions


def _radians(sign: str, degrees: str, minutes: str, seconds: str | None) -> float:
    value = int(degrees) + int(minutes) / 60 + int(seconds or 0) / 3600
    return math.radians(-value if sign == "-" else value)


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The angle between two places (haversine)."""
    (a, b), (c, d) = one, other
    return math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2


def _folded(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())
