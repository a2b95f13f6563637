"""Podcasts by chat: added, listed, set up, heard about."""

from datetime import time
from pathlib import Path

import pytest

from bridge.api.commands.podcasts import AddPodcast, CallPodcast, ChangePodcast
from bridge.api.events import PodcastChanged
from bridge.api.listening_views import Times
from bridge.desk.imports import opml
from bridge.terms import FeedState, Pick, RingRule
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.fake_shelf import Shelf
from tests.bot.person import Person


@pytest.fixture
async def shelf(ada: Person, home: Home, desk: FakeDesk) -> Shelf:
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    return desk.shelf(home.user.id)


async def test_the_first_podcast_is_added_by_its_address(
    ada: Person, home: Home, desk: FakeDesk, shelf: Shelf
) -> None:
    await ada.says("/podcasts")
    await ada.sees("There is none yet.")
    await ada.presses("Add a podcast")
    await ada.says("daily.example")
    await ada.sees("I am looking at it")
    assert desk.last(AddPodcast).address == "daily.example"
    found = shelf.podcasts[0].model_copy(update={"title": "The Daily", "state": FeedState.FINE})
    shelf.podcasts = [found]
    desk.tell(PodcastChanged(user=home.user.id, podcast=found, was=FeedState.LOOKING))
    await ada.sees("The Daily is in your list.")
    await ada.sees("I call you as soon as a new episode is there")


async def test_what_is_no_address_is_asked_for_again(ada: Person, shelf: Shelf) -> None:
    await ada.says("/podcasts")
    await ada.presses("Add a podcast")
    await ada.says("the daily")
    await ada.sees("Please try once more, or send /cancel.")
    await ada.says("daily.example")
    await ada.sees("I am looking at it")


async def test_a_list_of_another_program_is_taken_over(
    ada: Person, shelf: Shelf, tmp_path: Path
) -> None:
    file = tmp_path / "podcasts.opml"
    file.write_text(
        opml.write([("A", "https://a.example/", ""), ("B", "https://b.example/", "")], now())
    )
    await ada.says("/podcasts")
    await ada.presses("Add a podcast")
    await ada.sends_file(file)
    await ada.sees("2 podcasts are added.")


async def test_a_file_that_is_no_list_is_told(ada: Person, shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "holiday.txt"
    file.write_text("Dear Ada")
    await ada.says("/podcasts")
    await ada.presses("Add a podcast")
    await ada.sends_file(file)
    await ada.sees("OPML")
    assert shelf.podcasts == []


async def test_the_list_goes_along_as_a_file(ada: Person, shelf: Shelf) -> None:
    shelf.podcast()
    await ada.says("/podcasts")
    await ada.presses("Save the list")
    sent = await ada.sees("Your podcasts, for any podcast program")
    assert opml.read(ada.content(sent).decode()) == ["https://feeds.example/daily.xml"]


async def test_the_list_shows_what_is_new_and_what_is_wrong(ada: Person, shelf: Shelf) -> None:
    shelf.podcast("The Daily", unheard=3)
    shelf.podcast("<b>Bold & Sons</b>")
    shelf.podcast("Gone", state=FeedState.GONE, reason="feed_gone")
    await ada.says("/podcasts")
    shown = await ada.sees("Podcasts")
    labels = [button["text"] for button in shown.buttons]
    assert labels[:3] == ["<b>Bold & Sons</b>", "⚠ Gone", "● The Daily (3)"]


async def test_a_long_list_has_pages(ada: Person, shelf: Shelf) -> None:
    for number in range(12):
        shelf.podcast(f"Podcast {number:02}")
    await ada.says("/podcasts")
    await ada.sees("Podcast 09")
    await ada.presses("More")
    await ada.sees("Podcast 11")
    await ada.sees_no("Podcast 09")
    await ada.presses("Back")
    await ada.sees("Podcast 00")


async def test_a_podcast_tells_how_it_is_set_up(ada: Person, shelf: Shelf) -> None:
    podcast = shelf.podcast(least_minutes=5, oldest_days=7, pick=Pick.ALL)
    published = now()
    for title in ("Bees & co", "Ants"):
        shelf.episode(podcast, title, published=published)
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    shown = await ada.sees("Latest: Bees & co, today")
    assert "New and not heard yet: 2" in shown.text
    assert "I play all that you have not heard, the oldest first." in shown.text
    assert "I skip what is shorter than 5 min, older than 7 days." in shown.text


async def test_trouble_with_a_feed_is_told_with_the_remedy(
    ada: Person, home: Home, desk: FakeDesk, shelf: Shelf
) -> None:
    gone = shelf.podcast(state=FeedState.GONE, reason="feed_gone")
    desk.tell(PodcastChanged(user=home.user.id, podcast=gone, was=FeedState.FINE))
    told = await ada.sees("There is trouble with The Daily.")
    assert "gone for good" in told.text


async def test_when_it_calls_is_chosen(ada: Person, desk: FakeDesk, shelf: Shelf) -> None:
    shelf.podcast()
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("When to call")
    await ada.presses("At fixed times")
    await ada.presses("07:00")
    await ada.sees("07:00, every day")
    await ada.presses("Another time")
    await ada.says("Mo-Fr 18:30")
    await ada.sees("18:30, Mon–Fri")
    await ada.presses("07:00, every day")
    await ada.presses("Done")
    await ada.sees("If there is something new, I call you: 18:30, Mon–Fri.")
    change = desk.last(ChangePodcast)
    assert change.rings is RingRule.AT_TIMES
    assert change.times == (Times(weekdays=frozenset(range(5)), at=time(18, 30)),)


async def test_without_any_time_it_does_not_call(ada: Person, shelf: Shelf) -> None:
    shelf.podcast(rings=RingRule.AT_TIMES, times=(Times(at=time(7)),))
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("When to call")
    await ada.presses("At fixed times")
    await ada.presses("07:00, every day")
    await ada.presses("Done")
    await ada.sees("I do not call you for it.")


async def test_a_time_that_is_none_is_asked_for_again(ada: Person, shelf: Shelf) -> None:
    shelf.podcast()
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("When to call")
    await ada.presses("At fixed times")
    await ada.presses("Another time")
    await ada.says("half past tomorrow")
    await ada.sees("Please try once more, or send /cancel.")


async def test_what_is_skipped_and_played_is_chosen(
    ada: Person, desk: FakeDesk, shelf: Shelf
) -> None:
    shelf.podcast()
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Play all in order")
    await ada.sees("the oldest first")
    await ada.presses("What to skip")
    await ada.presses("Shorter than 10 min")
    await ada.sees("I skip what is shorter than 10 min.")
    assert desk.last(ChangePodcast).least_minutes == 10


async def test_it_calls_now(ada: Person, desk: FakeDesk, shelf: Shelf) -> None:
    podcast = shelf.podcast()
    shelf.episode(podcast)
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Call me now")
    await ada.sees("I call you now.")
    assert desk.last(CallPodcast).podcast == podcast.id


async def test_nothing_new_is_told(ada: Person, desk: FakeDesk, shelf: Shelf) -> None:
    shelf.podcast()
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Call me now")
    await ada.sees("nothing new")


async def test_removing_asks_first(ada: Person, shelf: Shelf) -> None:
    shelf.podcast()
    await ada.says("/podcasts")
    await ada.presses("The Daily")
    await ada.presses("Remove")
    await ada.presses("No, keep it")
    await ada.sees("I play the newest episode.")
    assert shelf.podcasts
    await ada.presses("Remove")
    await ada.sees("I forget how far")
    await ada.presses("Yes, remove it")
    await ada.sees("The podcast is removed.")
    assert shelf.podcasts == []


async def test_a_podcast_has_its_cover_and_nothing_else_has_a_picture(
    ada: Person, desk: FakeDesk, shelf: Shelf
) -> None:
    shelf.podcast("The Daily", cover="https://feeds.example/daily.png")
    shelf.podcast("See https://evil.example/x.png")
    await ada.says("/podcasts")
    assert not any("link_preview_options" in one.extra for one in ada.chat.messages.values())
    await ada.presses("The Daily")
    shown = await ada.sees("I play the newest episode.")
    assert shown.extra["link_preview_options"]["url"] == "https://feeds.example/daily.png"
    await ada.presses("When to call")
    shown = await ada.sees("When shall I call you for a new episode?")
    assert not shown.extra
