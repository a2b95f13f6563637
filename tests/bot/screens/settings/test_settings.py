"""Language, time zone, announcement, greeting."""

from pathlib import Path

from bridge.api.commands.preferences import SetGreeting
from bridge.errors import BadInput
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults
from tests.bot.person import Person


async def test_they_are_told(ada: Person, home: Home) -> None:
    await ada.says("/settings")
    shown = await ada.sees("Language: English\nTime zone: Berlin (Europe/Berlin)")
    assert "Limits set by your host: 2 calls at once, 120 minutes a day" in shown.text


async def test_the_zone_of_a_city(ada: Person, home: Home) -> None:
    await ada.says("/settings")
    await ada.presses("Time zone")
    await ada.sees("Please type a large city")
    await ada.says("Nowhere at all")
    await ada.sees("I do not know this time zone.")
    await ada.says("wien")
    await ada.sees("Time zone: Vienna (Europe/Vienna)")
    assert home.settings.time_zone == "Europe/Vienna"


async def test_a_city_that_is_not_alone(ada: Person, home: Home) -> None:
    await ada.says("/settings")
    await ada.presses("Time zone")
    await ada.sees("Please type a large city")
    await ada.says("san")
    await ada.sees("Which of these is it?")
    await ada.presses("Santiago")
    await ada.sees("Time zone: Santiago (America/Santiago)")


async def test_the_zone_of_a_place(ada: Person, home: Home) -> None:
    await ada.says("/settings")
    await ada.presses("Time zone")
    await ada.sees("Please type a large city")
    await ada.sends_location(48.2, 16.4)
    await ada.presses("Vienna")
    await ada.sees("Time zone: Vienna (Europe/Vienna)")


async def test_the_announcement_goes_only_with_a_warning(ada: Person, home: Home) -> None:
    await ada.says("/settings")
    await ada.presses("Accept calls without pressing 1")
    await ada.sees("even your mobile's voicemail")
    assert home.settings.preferences.announce
    await ada.presses("No, keep announcing")
    await ada.sees("you accept the call with key 1")
    await ada.presses("Accept calls without pressing 1")
    await ada.presses("Yes, without pressing 1")
    await ada.sees("put through as soon as you pick up")
    assert not home.settings.preferences.announce
    await ada.presses("Announce callers")
    await ada.sees("you accept the call with key 1")


async def test_calls_are_not_put_through_for_a_while(ada: Person, home: Home) -> None:
    await ada.says("/settings")
    await ada.sees("Calls ring your phones.")
    await ada.presses("Do not let my phones ring")
    await ada.sees("Your phones do not ring. Calls are not put through")
    assert not home.settings.preferences.forwarding
    await ada.presses("Let my phones ring again")
    await ada.sees("Calls ring your phones.")
    assert home.settings.preferences.forwarding


async def test_messages_are_not_written_down(ada: Person, home: Home) -> None:
    await ada.says("/settings")
    await ada.sees("Messages that callers leave are written down too, if I can.")
    await ada.presses("Do not write messages down")
    await ada.sees("Messages that callers leave are not written down.")
    assert not home.settings.preferences.transcripts


async def test_a_greeting_is_recorded_and_dropped(ada: Person, home: Home, desk: FakeDesk) -> None:
    voice = b"OggS" + bytes(range(60))
    await ada.says("/settings")
    await ada.presses("Greeting")
    await ada.sees("Please send a voice message")
    await ada.says("Hello, this is Ada.")
    await ada.sees("I cannot use this as a greeting.")
    await ada.sends_voice(voice)
    await ada.sees("Callers will hear this greeting from now on.")
    assert home.greeting == voice
    await ada.says("/settings")
    await ada.sees("Callers hear your own greeting")
    await ada.presses("Greeting")
    await ada.presses("Back to the standard greeting")
    await ada.sees("Callers hear the standard greeting")
    assert home.greeting is None


async def test_a_sound_file_is_a_greeting_too(
    ada: Person, home: Home, desk: FakeDesk, tmp_path: Path
) -> None:
    recording = tmp_path / "greeting.mp3"
    recording.write_bytes(b"ID3" + bytes(99))
    await ada.says("/settings")
    await ada.presses("Greeting")
    await ada.sees("Please send a voice message")
    await ada.sends_file(recording)
    await ada.sees("Callers will hear this greeting from now on.")
    assert home.greeting == recording.read_bytes()


async def test_a_greeting_that_the_house_cannot_read(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.refusals[SetGreeting] = BadInput("bad_audio")
    await ada.says("/settings")
    await ada.presses("Greeting")
    await ada.sees("Please send a voice message")
    await ada.sends_voice(b"OggS" + bytes(30))
    await ada.sees("I cannot use this as a greeting.")
    await ada.sends_voice(b"OggS" + bytes(31))
    await ada.sees("Callers will hear this greeting from now on.")


async def test_the_language_changes_at_once(ada: Person, home: Home) -> None:
    await ada.says("/language")
    await ada.presses("Deutsch")
    await ada.sees("Ab jetzt spreche ich Deutsch.")
    await ada.presses("Menü")
    await ada.sees("Hallo Ada.")
    assert home.user.language == "de"


async def test_a_recording_that_telegram_will_not_give(
    ada: Person, home: Home, faults: Faults
) -> None:
    faults.refuse(400, "Bad Request: file is temporarily unavailable", method="getFile")
    await ada.says("/settings")
    await ada.presses("Greeting")
    await ada.sees("Please send a voice message")
    await ada.sends_voice(b"OggS" + bytes(30))
    await ada.sees("because of a fault at Telegram. Please try again.")
    assert home.greeting is None
