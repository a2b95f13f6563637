"""Who is signed in again, and at which pace."""

import asyncio
from collections.abc import Sequence

import pytest

from bridge.connectors.base import AccountSession, Credentials
from bridge.errors import HouseError, LoginRejected, NetworkDown, Throttled
from bridge.terms import Health, Party
from bridge.workers.accounts.keeper import SLOWLY, Condition, keep


class Nobody:
    def offer(self, leg: object) -> None:
        """No calls here."""

    def ready(self, roster: Sequence[Party] = ()) -> None:
        """The keeper learns it from the session's own desk."""

    def presence(self, contact: Party, online: bool) -> None:
        """No contacts here."""


class Scripted(AccountSession):
    """Each life lasts some seconds and ends with an error; after the last it goes on for ever."""

    def __init__(self, *lives: tuple[float, Exception]) -> None:
        super().__init__(Credentials("ada"), Nobody())
        self.lives = list(lives)
        self.began: list[float] = []

    async def run(self) -> None:
        self.began.append(asyncio.get_running_loop().time())
        if not self.lives:
            await asyncio.sleep(1e6)
        seconds, why = self.lives.pop(0)
        await asyncio.sleep(seconds)
        raise why

    async def dial(self, target: str, showing: Party | None = None) -> object:  # type: ignore[override]
        raise NotImplementedError("nobody dials here")


async def kept(*lives: tuple[float, Exception]) -> tuple[Scripted, list[Condition], bool]:
    """The session, what was reported, and whether the keeper has given up."""
    session, told = Scripted(*lives), list[Condition]()
    keeping = asyncio.create_task(keep(session, told.append))
    await asyncio.wait({keeping}, timeout=50_000)
    given_up = keeping.done()
    keeping.cancel()
    return session, told, given_up


async def test_a_wrong_password_is_not_tried_again() -> None:
    session, told, given_up = await kept((1, LoginRejected("wrong_password")))
    assert given_up
    assert [one.health for one in told] == [Health.CONNECTING, Health.NEEDS_SIGN_IN]
    assert len(session.began) == 1


async def test_a_password_that_worked_is_tried_again_slowly() -> None:
    """A registrar that restarts refuses everybody for a while."""
    refused = LoginRejected("wrong_password")
    session, told, given_up = await kept((3600, refused), (1, refused), (1, refused))
    assert not given_up
    assert [one.health for one in told[1:]] == [Health.NEEDS_SIGN_IN] * 3
    first, second, third, fourth = session.began
    assert second - first == pytest.approx(3600 + SLOWLY)
    assert third - second == pytest.approx(1 + 2 * SLOWLY)
    assert fourth - third == pytest.approx(1 + 4 * SLOWLY)


async def test_pauses_grow_and_have_an_end() -> None:
    session, told, _ = await kept(*[(0.0, NetworkDown("registrar_unreachable"))] * 12)
    pauses = [b - a for a, b in zip(session.began, session.began[1:], strict=False)]
    assert pauses[0] < 3
    assert pauses[-1] <= 61
    assert sorted(pauses[:5]) == pauses[:5]
    assert {one.health for one in told[1:]} == {Health.OFFLINE}


async def test_a_pause_that_was_asked_for_is_kept_exactly() -> None:
    session, _, _ = await kept((0.0, Throttled("throttled", 77.0)))
    assert session.began[1] - session.began[0] == pytest.approx(77.0)


@pytest.mark.parametrize("why", [ValueError("a bug"), HouseError("odd")])
async def test_a_fault_of_ours_is_told_and_tried_again(why: Exception) -> None:
    session, told, given_up = await kept((0.0, why))
    assert not given_up
    assert len(session.began) == 2
    assert told[1].health in (Health.BROKEN, Health.OFFLINE)
