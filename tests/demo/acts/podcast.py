"""The house calls because there is something to hear."""

import asyncio

from tests.demo.clock import Clock
from tests.demo.stage import Proof, Stage
from tests.peers.ladder import encoded
from tests.peers.podcast import Podcast
from tests.peers.speech import say

TITLE = "Bridge Stories"
EPISODE_SAYS = (
    "Welcome to a new episode of Bridge Stories. In the year two thousand and six somebody dreamt "
    "of a server that rings your ordinary phone. Today it does, and you are listening to it."
)


async def is_subscribed_to(stage: Stage) -> Podcast:
    """With one episode, which is known and rings nobody."""
    house, podcast = stage.house, Podcast(stage.web, TITLE)
    first = encoded(say("An old episode."), stage.scratch / "old.mp3")
    podcast.publish("How it began", first, 2)
    await house.says("/podcasts")
    await house.sees("Add a podcast")
    await house.presses("Add a podcast")
    await house.sees("address")
    await house.says(podcast.address)
    await house.sees(f"{TITLE} is in your list")
    return podcast


async def calls(stage: Stage, podcast: Podcast) -> None:
    """A new episode appears, the desk phone rings and plays it."""
    house, desk = stage.house, stage.desk
    episode = say(EPISODE_SAYS, speed=160)
    new = encoded(episode, stage.scratch / "new.mp3")
    podcast.publish("Two thousand and six", new, episode.seconds)
    desk.forget()
    await house.says("/podcasts")
    await house.sees(TITLE)
    await house.presses(TITLE)
    await house.sees("Look for news")
    clock = Clock("A new episode appears, the desk phone rings")
    await house.presses("Look for news")
    clock.mark("chat", "“Look for news”")
    shown = await desk.happens("incoming", 30)
    clock.mark("phone", f"rings: “{shown.display_name}”", shown.at)
    await asyncio.sleep(2.5)  # a person walks to the phone
    await desk.answer()
    picked = await desk.happens("established")
    await asyncio.sleep(4)  # and listens to what it is about before pressing
    await desk.press("1")
    pressed = clock.mark("phone", "presses 1")
    await desk.hears(episode)
    await desk.press("#")
    over = (await desk.happens("closed")).at
    clock.mark("phone", "presses #", over)
    await house.sees("Answered on Desk")
    heard = stage.keep_heard(desk, "podcast-heard-by-phone.wav")
    clock.span("phone", "ringing", shown.at, picked.at)
    clock.span("phone", "asking", picked.at, pressed)
    clock.span("phone", "listening", pressed, over)
    clock.heard("phone", heard, picked.at)
    stage.stories.append(clock.story(over))
    stage.proofs.append(Proof(heard.name, episode, heard))
