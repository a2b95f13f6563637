"""Episodes by chat: leafed through, called for, marked, read about, sent."""

import pytest

from bot.screens.listening.episodes import pieces
from bridge.api.commands.podcasts import CallPodcast
from bridge.api.listening_views import EpisodeView
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.fake_shelf import Shelf
from tests.bot.person import Person


@pytest.fixture
async def shelf(ada: Person, home: Home, desk: FakeDesk) -> Shelf:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    return desk.shelf(home.user.id)


@pytest.fixture
async def bees(ada: Person, shelf: Shelf) -> EpisodeView:
    """The episode whose page is open."""
    episode = shelf.episode(shelf.podcast(), "Bees")
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Episodes")
    await ada.presses("● Bees, today")
    await ada.sees("Not heard yet.")
    return episode


async def test_the_list_has_pages_and_signs(ada: Person, shelf: Shelf) -> None:
    podcast, published = shelf.podcast(), now()
    shelf.episode(podcast, "Begun", position=60, published=published)
    shelf.episode(podcast, "Heard", heard=True, published=published)
    for number in range(8):
        shelf.episode(podcast, f"Part {number}", published=published)
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Episodes")
    shown = await ada.sees("Choose an episode.")
    labels = [button["text"] for button in shown.buttons]
    assert labels[0].startswith("◐ Begun")
    assert labels[1].startswith("Heard")
    await ada.presses("Older")
    await ada.sees("Part 7")
    await ada.sees_no("Part 5")
    await ada.presses("Newer")
    await ada.sees("Part 5")


async def test_it_is_called_for(ada: Person, desk: FakeDesk, bees: EpisodeView) -> None:
    await ada.presses("Call me now")
    await ada.sees("I call you now.")
    asked = desk.last(CallPodcast)
    assert (asked.podcast, asked.episode) == (bees.podcast, bees.id)


async def test_it_is_marked_and_unmarked(ada: Person, bees: EpisodeView) -> None:
    await ada.presses("Mark as heard")
    await ada.sees("You have heard it.")
    await ada.presses("Mark as new")
    await ada.sees("Not heard yet.")


async def test_how_far_it_was_heard_is_told(ada: Person, shelf: Shelf) -> None:
    shelf.episode(shelf.podcast(), "Bees", position=754)
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Episodes")
    await ada.presses("Bees")
    shown = await ada.sees("Heard up to 12:34.")
    assert "43:00" in shown.text


async def test_long_notes_are_several_messages(
    ada: Person, shelf: Shelf, bees: EpisodeView
) -> None:
    shelf.notes[bees.id] = "All about <bees> & honey.\n" + "buzz " * 1500 + "\nThe end."
    await ada.presses("Show notes")
    await ada.sees("All about <bees> & honey.")
    last = await ada.sees("The end.\nhttps://daily.example/bees")
    assert [button["text"] for button in last.buttons] == ["Back"]


async def test_the_file_is_sent(ada: Person, shelf: Shelf, bees: EpisodeView) -> None:
    shelf.sound = b"ID3" + bytes(100)
    await ada.presses("Send the file")
    sent = await ada.sees("Back")
    assert sent.text == "Bees\nThe Daily"
    assert sent.media and sent.media.kind == "audio"
    assert ada.content(sent) == shelf.sound


async def test_a_file_that_is_not_there_yet_is_told(ada: Person, bees: EpisodeView) -> None:
    await ada.presses("Send the file")
    await ada.sees("not downloaded yet")


async def test_a_file_that_telegram_would_not_take_is_told(ada: Person, shelf: Shelf) -> None:
    shelf.episode(shelf.podcast(), "Bees", size=60_000_000)
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Episodes")
    await ada.presses("Bees")
    await ada.presses("Send the file")
    await ada.sees("too large for Telegram")


def test_text_is_cut_between_lines_or_words() -> None:
    assert pieces("one\ntwo", 100) == ["one\ntwo"]
    assert pieces("one\ntwo", 5) == ["one", "two"]
    assert pieces("one two three", 8) == ["one two", "three"]
    assert all(len(piece) <= 50 for piece in pieces("x" * 180, 50))
