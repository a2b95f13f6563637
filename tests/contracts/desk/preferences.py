"""What a user may choose."""

import base64
import wave
from datetime import time
from io import BytesIO
from uuid import UUID

import pytest

from bridge.api.commands.access import GetUser
from bridge.api.commands.phones import AddPhone
from bridge.api.commands.preferences import ChangeSettings, GetSettings, SetGreeting, SetPin
from bridge.api.preferences import Preferences
from bridge.api.views import QuietHoursView
from bridge.errors import BadInput
from bridge.terms import RingMode
from tests.contracts.desk.world import DeskContract, DeskWorld, covers

NIGHT = QuietHoursView(start=time(22), end=time(7))
NOON = QuietHoursView(weekdays=frozenset({5, 6}), start=time(12), end=time(14))


class PreferencesContract(DeskContract):
    @covers(GetSettings)
    async def test_as_everybody_begins(self, desk: DeskWorld, ada: UUID) -> None:
        begun = await desk.ask(GetSettings(user=ada))
        assert (begun.language, begun.language_is_chosen) == ("en", False)
        assert (begun.time_zone, begun.preferences) == ("Europe/Berlin", Preferences())
        assert (begun.quiet_hours, begun.has_greeting, begun.has_pin) == ((), False, False)

    @covers(ChangeSettings, GetSettings)
    async def test_only_what_is_given_changes_of_the_settings(
        self, desk: DeskWorld, ada: UUID, ben: UUID
    ) -> None:
        before = others = await desk.ask(GetSettings(user=ada))
        for patch in ({"announce": False}, {"ring_mode": RingMode.IN_ORDER}):
            after = await desk.ask(ChangeSettings(user=ada, patch=patch))
            preferences = before.preferences.model_copy(update=patch)
            assert after == before.model_copy(update={"preferences": preferences})
            assert await desk.ask(GetSettings(user=ada)) == after
            before = after
        for given in (
            {"time_zone": "America/New_York"},
            {"quiet_hours": (NOON, NIGHT)},
        ):
            after = await desk.ask(ChangeSettings(user=ada, **given))
            assert after == before.model_copy(update=given)
            assert await desk.ask(GetSettings(user=ada)) == after
            before = after
        assert await desk.ask(ChangeSettings(user=ada)) == before
        assert await desk.ask(GetSettings(user=ben)) == others
        assert (await desk.ask(GetUser(user=ada))).time_zone == "America/New_York"

    @covers(ChangeSettings)
    async def test_a_language_that_was_given_is_chosen(self, desk: DeskWorld, ada: UUID) -> None:
        chosen = await desk.ask(ChangeSettings(user=ada, language="de"))
        assert (chosen.language, chosen.language_is_chosen) == ("de", True)
        assert (await desk.ask(GetUser(user=ada))).language == "de"

    @pytest.mark.parametrize("zone", ["", "Mars", "Europe", "../x", "europe/berlin"])
    @covers(ChangeSettings)
    async def test_a_time_zone_that_there_is_not(
        self, desk: DeskWorld, ada: UUID, zone: str
    ) -> None:
        asked = ChangeSettings(user=ada, time_zone=zone, patch={"announce": False})
        await desk.refuses(asked, BadInput("bad_time_zone"))
        assert (await desk.ask(GetSettings(user=ada))).preferences.announce

    @pytest.mark.parametrize(
        ("patch", "field"),
        [({"announce": "what"}, "announce"), ({"ring_mode": None}, "ring_mode"), ({"x": 1}, "x")],
    )
    @covers(ChangeSettings)
    async def test_preferences_that_there_are_not(
        self, desk: DeskWorld, ada: UUID, patch: dict[str, object], field: str
    ) -> None:
        before = await desk.ask(GetSettings(user=ada))
        asked = ChangeSettings(user=ada, language="de", patch={"voice": False, **patch})
        await desk.refuses(asked, BadInput("bad_preference", field=field))
        assert await desk.ask(GetSettings(user=ada)) == before

    @pytest.mark.parametrize(
        "hours",
        [
            [NIGHT.model_copy(update={"weekdays": frozenset()})],
            [NIGHT.model_copy(update={"weekdays": frozenset({7})})],
            [NIGHT.model_copy(update={"end": NIGHT.start})],
            [NIGHT.model_copy(update={"start": time.fromisoformat("22:00+01:00")})],
            [NIGHT] * 21,
        ],
    )
    @covers(ChangeSettings)
    async def test_quiet_hours_that_are_none(
        self, desk: DeskWorld, ada: UUID, hours: list[QuietHoursView]
    ) -> None:
        await desk.ask(ChangeSettings(user=ada, quiet_hours=(NIGHT,)))
        asked = ChangeSettings(user=ada, quiet_hours=tuple(hours))
        await desk.refuses(asked, BadInput("bad_quiet_hours"))
        assert (await desk.ask(GetSettings(user=ada))).quiet_hours == (NIGHT,)

    @covers(ChangeSettings)
    async def test_quiet_hours_are_taken_away(self, desk: DeskWorld, ada: UUID) -> None:
        await desk.ask(ChangeSettings(user=ada, quiet_hours=(NIGHT,)))
        assert (await desk.ask(ChangeSettings(user=ada, quiet_hours=()))).quiet_hours == ()

    @covers(SetPin)
    async def test_a_pin_is_set_and_taken_away(self, desk: DeskWorld, ada: UUID) -> None:
        assert (await desk.ask(SetPin(user=ada, pin="8305"))).has_pin
        assert (await desk.ask(GetSettings(user=ada))).has_pin
        assert not (await desk.ask(SetPin(user=ada, pin=None))).has_pin

    @pytest.mark.parametrize(
        ("pin", "code"),
        [
            ("", "bad_pin"),
            ("830", "bad_pin"),
            ("830583058", "bad_pin"),
            ("83o5", "bad_pin"),
            ("８３０５", "bad_pin"),
            ("1234", "easy_pin"),
            ("7777", "easy_pin"),
            ("9876", "easy_pin"),
            ("8383", "easy_pin"),
            ("2580", "easy_pin"),
            ("3456", "easy_pin"),
            ("123459", "easy_pin"),
        ],
    )
    @covers(SetPin)
    async def test_a_pin_that_anybody_guesses(
        self, desk: DeskWorld, ada: UUID, pin: str, code: str
    ) -> None:
        await desk.ask(AddPhone(user=ada, label="", address="030 123459"))
        await desk.refuses(SetPin(user=ada, pin=pin), BadInput(code))
        assert not (await desk.ask(GetSettings(user=ada))).has_pin

    @covers(SetGreeting)
    async def test_a_greeting_is_set_and_taken_away(self, desk: DeskWorld, ada: UUID) -> None:
        recording = BytesIO()
        with wave.open(recording, "wb") as writing:
            writing.setparams((1, 2, 8000, 0, "NONE", ""))
            writing.writeframes(bytes(1600))
        sound = base64.b64encode(recording.getvalue()).decode()
        for bad in ("no base64!", "", base64.b64encode(b"no sound at all").decode()):
            await desk.refuses(SetGreeting(user=ada, audio=bad), BadInput("bad_audio"))
        assert not (await desk.ask(GetSettings(user=ada))).has_greeting
        assert await desk.ask(SetGreeting(user=ada, audio=sound)) is None
        assert (await desk.ask(GetSettings(user=ada))).has_greeting
        await desk.ask(SetGreeting(user=ada, audio=None))
        assert not (await desk.ask(GetSettings(user=ada))).has_greeting
