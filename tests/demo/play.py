"""The play, act by act."""

from tests.demo.acts import internet_number, phone_in, podcast, set_up, web_app
from tests.demo.stage import Stage


async def perform(stage: Stage) -> None:
    await set_up.by_chat(stage)
    stories = await podcast.is_subscribed_to(stage)
    await internet_number.is_taken(stage)
    await internet_number.is_not_taken(stage)
    await web_app.rings(stage)
    await phone_in.reaches_ada(stage)
    await podcast.calls(stage, stories)
