"""Quiet hours: presets, typed ones, days."""

from datetime import time

from bridge.api.views import QuietHoursView
from tests.bot.fake_desk import Home
from tests.bot.person import Person


async def test_a_preset_and_none_again(ada: Person, home: Home) -> None:
    await ada.says("/quiet")
    await ada.sees("your phones ring at any time")
    await ada.presses("22:00–07:00")
    shown = await ada.sees("22:00–07:00, every day")
    assert "None at all" in [button["text"] for button in shown.buttons]
    assert home.settings.quiet_hours == (QuietHoursView(start=time(22), end=time(7)),)
    await ada.presses("None at all")
    await ada.sees("your phones ring at any time")
    assert home.settings.quiet_hours == ()


async def test_typed_hours(ada: Person, home: Home) -> None:
    await ada.says("/quiet")
    await ada.presses("Other hours")
    await ada.sees("Please type the hours")
    await ada.says("whenever")
    await ada.sees("I cannot read these hours.")
    await ada.says("Mon-Fri 22:30-07")
    await ada.sees("22:30–07:00, Mon–Fri")
    assert home.settings.quiet_hours[0].weekdays == frozenset(range(5))


async def test_days_are_switched_and_the_last_one_removes(ada: Person, home: Home) -> None:
    weekend = QuietHoursView(start=time(21), end=time(9), weekdays=frozenset({5, 6}))
    home.settings = home.settings.model_copy(update={"quiet_hours": (weekend,)})
    await ada.says("/quiet")
    await ada.presses("21:00–09:00, Sat, Sun")
    await ada.sees("Press a day to switch it.")
    await ada.presses("Fri")
    await ada.sees("21:00–09:00, Fri, Sat, Sun")
    for day in ("✓ Fri", "✓ Sat"):
        await ada.presses(day)
        await ada.sees_no(day)
    await ada.presses("✓ Sun")
    await ada.sees("your phones ring at any time")


async def test_the_same_hours_on_more_days_are_one_range(ada: Person, home: Home) -> None:
    await ada.says("/quiet")
    for typed in ("Mon 22-7", "Tue 22-7"):
        await ada.presses("Other hours")
        await ada.sees("Please type the hours")
        await ada.says(typed)
        await ada.sees("22:00–07:00, Mon")
    await ada.sees("22:00–07:00, Mon, Tue")
    assert len(home.settings.quiet_hours) == 1


async def test_removing_one_of_two(ada: Person, home: Home) -> None:
    hours = (
        QuietHoursView(start=time(22), end=time(7)),
        QuietHoursView(start=time(13), end=time(15)),
    )
    home.settings = home.settings.model_copy(update={"quiet_hours": hours})
    await ada.says("/quiet")
    await ada.presses("22:00–07:00, every day")
    await ada.presses("Remove")
    await ada.sees("13:00–15:00, every day")
    assert home.settings.quiet_hours == hours[1:]


async def test_a_range_that_is_gone(ada: Person, home: Home) -> None:
    hours = (QuietHoursView(start=time(22), end=time(7)),)
    home.settings = home.settings.model_copy(update={"quiet_hours": hours})
    await ada.says("/quiet")
    await ada.sees("22:00–07:00, every day")
    home.settings = home.settings.model_copy(update={"quiet_hours": ()})
    await ada.presses("22:00–07:00, every day")
    await ada.sees("That is no longer valid.")


async def test_they_are_not_kept_for_a_while(ada: Person, home: Home) -> None:
    hours = (QuietHoursView(start=time(22), end=time(7)),)
    home.settings = home.settings.model_copy(update={"quiet_hours": hours})
    await ada.says("/quiet")
    await ada.presses("Do not keep them for now")
    await ada.sees("They are not kept at the moment: your phones ring at any time.")
    assert not home.settings.preferences.keeps_quiet
    assert home.settings.quiet_hours == hours
    await ada.presses("Keep them again")
    await ada.sees("No phone rings then")
    assert home.settings.preferences.keeps_quiet
