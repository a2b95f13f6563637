import pytest

from scheduler.feeds.duration import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3723", 3723),
        ("3723.5", 3723.5),
        (" 62:03 ", 3723),
        ("1:02:03", 3723),
        ("01:02:03.25", 3723.25),
        ("01:02:03,25", 3723.25),
        ("0:00:07", 7),
        ("90:00", 5400),
        ("PT1H2M3S", 3723),
        ("PT45M", 2700),
        ("1h 2m 3s", 3723),
        ("1 h 2 min", 3720),
        ("62 min", 3720),
        ("1 hour, 2 minutes", 3720),
        ("43 Minuten", 2580),
    ],
)
def test_every_spelling(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "0", "00:00", "-5", "soon", "1:2:3:4", "PT", "nan", "1e9"])
def test_what_is_no_duration(text: str) -> None:
    assert seconds(text) is None
