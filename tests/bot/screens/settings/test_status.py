"""How things stand, on one page."""

from bot.screens.settings.status import report
from bot.wording.texts import Words
from bridge.api.commands.calls import Status
from bridge.api.commands.preferences import GetSettings
from bridge.api.preferences import Preferences
from bridge.api.status_views import WorkerView
from bridge.terms import Health
from tests.bot.fake_desk import FakeDesk, Home, now
from tests.bot.person import Person
from tests.bot.things import voicemail


async def test_the_page(ada: Person, home: Home, desk: FakeDesk) -> None:
    desk.phone(home)
    desk.account(home, health=Health.OFFLINE)
    home.voicemails = [voicemail()]
    await ada.says("/status")
    shown = await ada.sees("✗ Work: offline\nsince ")
    for line in ("1 phone is ready.", "1 new message.", "Minutes today: 7 of 120"):
        assert line in shown.text
    assert "no trunk" in shown.text
    await ada.presses("Refresh")
    await desk.hears(Status, 2)


async def test_phones_that_do_not_ring_are_told(ada: Person, home: Home) -> None:
    home.settings = home.settings.model_copy(update={"preferences": Preferences(forwarding=False)})
    await ada.says("/status")
    await ada.sees("Status\n⚠ Your phones do not ring.")
    await ada.presses("Let my phones ring again")
    await ada.sees_no("do not ring")
    assert home.settings.preferences.forwarding


async def test_the_worker_and_the_trunk(home: Home, desk: FakeDesk) -> None:
    words = Words.plain("de")
    status = desk._Status(Status(user=home.user.id))
    settings = desk._GetSettings(GetSettings(user=home.user.id))
    starting = status.model_copy(
        update={"worker": WorkerView(running=False, since=None, restarts=0)}
    )
    assert "startet gerade" in report(words, starting, settings)
    again = status.model_copy(
        update={
            "worker": WorkerView(running=True, since=now(), restarts=2),
            "trunk": desk.account(home),
        }
    )
    assert "nach 2 Neustarts" in report(words, again, settings)
    assert "über die Leitung des Betreibers" in report(words, again, settings)
    own = desk._Status(Status(user=home.user.id)).model_copy(update={"trunk": home.accounts[0]})
    assert "über dein eigenes Konto angerufen: bereit" in report(words, own, settings)
