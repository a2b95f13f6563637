"""From a city, or a place on the map, to its time zone."""

import pytest
from babel import Locale

from bot.wording.time_zones import MOST, named, near, shown


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  wien ", "Europe/Vienna"),
        ("Vienna", "Europe/Vienna"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("Europe/Zurich", "Europe/Zurich"),
        ("Zürich", "Europe/Zurich"),
        ("UTC", "UTC"),
    ],
)
def test_a_city_by_any_of_its_names(typed: str, zone: str) -> None:
    assert named(typed) == [zone]


def test_a_beginning_offers_a_few() -> None:
    found = named("san")
    assert 1 < len(found) <= MOST
    assert "America/Santiago" in found


@pytest.mark.parametrize("typed", ["", "  ", "x", "Entenhausen", "../../etc/passwd"])
def test_nothing_of_the_kind(typed: str) -> None:
    assert named(typed) == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (48.2, 16.4, "Europe/Vienna"),
        (53.55, 10.0, "Europe/Berlin"),
        (-33.9, 151.2, "Australia/Sydney"),
        (-18.1, 178.4, "Pacific/Fiji"),
        (90, 0, None),
        (0, -180, None),
    ],
)
def test_a_place(latitude: float, longitude: float, zone: str | None) -> None:
    found = near(latitude, longitude)
    assert len(found) == 3
    assert zone is None or zone in found


def test_as_people_call_it() -> None:
    assert shown("Europe/Vienna", Locale("de")) == "Wien (Europe/Vienna)"
    assert shown("Europe/Vienna", Locale("en")) == "Vienna (Europe/Vienna)"
