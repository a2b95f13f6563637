"""What the user wants to hear goes to his worker; what is not there yet is fetched first."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.api.commands.call_outs import PlaceCallOut, PressKey, Tell
from bridge.api.commands.podcasts import AddPodcast, CallPodcast, MarkEpisode
from bridge.api.commands.radio import AddStation, CallStation
from bridge.api.events import CallOutMissed
from bridge.api.listening_views import Medium, Playing, PlayoutKey
from bridge.errors import NetworkDown, UnknownTarget
from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.feeds import Episode
from bridge.terms import DueJobState
from tests.bridge.desk.conftest import Office
from tests.bridge.desk.test_podcasts import ada, followed, store_sound

__all__ = ["ada"]


def jobs(db: Session) -> list[DueJob]:
    return list(db.scalars(select(DueJob)))


async def test_what_is_there_is_played_by_the_worker(office: Office, ada: UUID) -> None:
    podcast = (await followed(office, ada)).id
    episode = await store_sound(office, "Ants")
    for asked in (
        CallPodcast(user=ada, podcast=podcast),
        CallPodcast(user=ada, podcast=podcast, episode=episode),
    ):
        with pytest.raises(NetworkDown, match="worker_restarting"):
            await office.client.ask(asked)
        assert office.workers.sent.pop() == (ada, asked)
    assert await office.store.read(jobs) == []


@pytest.mark.parametrize("named", [False, True])
async def test_what_is_not_there_is_fetched_and_then_rings_once(
    office: Office, ada: UUID, named: bool
) -> None:
    view = await followed(office, ada)
    assert view.latest is not None
    asked = CallPodcast(user=ada, podcast=view.id, episode=view.latest.id if named else None)
    for _ in range(3):  # an impatient person
        await office.client.ask(asked)
    assert not office.workers.sent
    [job] = await office.store.read(jobs)
    assert (job.user_id, job.source_id, job.episode_id) == (ada, view.id, view.latest.id)
    assert job.state is DueJobState.PENDING and job.key.startswith("asked ")

    def wanted(db: Session) -> list[UUID]:
        return list(db.scalars(select(Episode.id).where(Episode.wanted.is_not(None))))

    assert await office.store.read(wanted) == [view.latest.id]

    def settle(db: Session) -> None:
        jobs(db)[0].state = DueJobState.DONE

    await office.store.run(settle)
    await office.client.ask(asked)
    assert len(await office.store.read(jobs)) == 2


async def test_without_news_an_episode_must_be_chosen(office: Office, ada: UUID) -> None:
    view = await followed(office, ada)
    assert view.latest is not None
    await office.client.ask(MarkEpisode(user=ada, episode=view.latest.id, heard=True))
    with pytest.raises(UnknownTarget, match="nothing_new"):
        await office.client.ask(CallPodcast(user=ada, podcast=view.id))
    assert await office.store.read(jobs) == []


async def test_an_episode_belongs_to_its_podcast(office: Office, ada: UUID) -> None:
    view = await followed(office, ada)
    other = await office.client.ask(AddPodcast(user=ada, address="pods.example/other"))
    assert view.latest is not None
    with pytest.raises(UnknownTarget, match="no_such_episode"):
        await office.client.ask(CallPodcast(user=ada, podcast=other.id, episode=view.latest.id))


async def test_stations_jobs_and_keys_go_to_the_worker(office: Office, ada: UUID) -> None:
    station = await office.client.ask(AddStation(user=ada, name="R", address="r.example"))
    await office.client.ask(CallPodcast(user=ada, podcast=(await followed(office, ada)).id))
    [job] = await office.store.read(jobs)
    for asked in (
        CallStation(user=ada, station=station.id),
        PlaceCallOut(user=ada, job=job.id),
        PressKey(user=ada, call=uuid4(), key=PlayoutKey.HANG_UP),
    ):
        with pytest.raises(NetworkDown, match="worker_restarting"):
            await office.client.ask(asked)
        assert office.workers.sent.pop() == (ada, asked)
    with pytest.raises(UnknownTarget, match="job_over"):
        await office.client.ask(PlaceCallOut(user=ada, job=uuid4()))
    assert not office.workers.sent


async def test_what_the_scheduler_tells_reaches_the_chat(office: Office, ada: UUID) -> None:
    playing = Playing(medium=Medium.PODCAST, name="The Daily")
    event = CallOutMissed(user=ada, due=datetime.now(UTC), playing=playing, reason="not_accepted")
    await office.client.ask(Tell(event=event))
    async with asyncio.timeout(10), aclosing(office.client.events("chat")) as events:
        assert (await anext(events)).event == event
    with pytest.raises(UnknownTarget, match="no_such_user"):
        await office.client.ask(Tell(event=event.model_copy(update={"user": uuid4()})))
