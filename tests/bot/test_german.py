"""Grandmother's evening: the whole way, in German."""

from bot.app import App
from bot.terminal.messenger import Messenger
from bot.terminal.person import Person
from bridge.control.events import CardChanged, PhoneChecked, VoicemailLeft
from bridge.control.views import CallAction, CardState
from tests.bot.fake_desk import FakeDesk
from tests.bot.things import card, on_card, voicemail


async def test_from_the_code_to_the_first_message(
    app: App, messenger: Messenger, desk: FakeDesk
) -> None:
    oma = Person(messenger, name="Oma", language="de")
    await oma.says(f"/start {desk.code}")
    await oma.sees("Füge zuerst das Telefon hinzu")
    home = next(iter(desk.homes.values()))
    await oma.presses("Telefone")
    await oma.presses("Telefon hinzufügen")
    await oma.presses("Zuhause")
    await oma.says("030 123456")
    await oma.presses("Jetzt anrufen")
    await oma.sees("Heb ab und tippe diese Zahl auf seinen Tasten:\n4 2 8 7\nDu hast 3 Versuche.")
    phone = home.phones[0].model_copy(update={"verified": True})
    home.phones = [phone]
    desk.tell(PhoneChecked(user=home.user.id, phone=phone, outcome="verified", tries_left=3))
    await oma.sees("Zuhause ist bestätigt.")
    ringing = card(home, actions=(CallAction.RING, CallAction.VOICEMAIL), phones=(on_card(phone),))
    home.running = [ringing]
    desk.tell(CardChanged(user=home.user.id, card=ringing))
    await oma.sees("Anruf von Grace Hopper")
    await oma.sees("Zuhause klingeln lassen")
    await oma.presses("Anrufbeantworter")
    left = voicemail()
    home.voicemails = [left]
    missed = ringing.model_copy(
        update={
            "state": CardState.MISSED,
            "cause": "no answer",
            "voicemail": left.id,
            "actions": (),
        }
    )
    desk.tell(CardChanged(user=home.user.id, card=missed))
    await oma.sees("Verpasst (keine Antwort)\nDer Anrufer hat eine Nachricht hinterlassen.")
    desk.tell(VoicemailLeft(user=home.user.id, voicemail=left))
    await oma.sees("Nachricht von Grace Hopper\nheute")
    await oma.presses("Als gehört markieren")
    await oma.sees("Als neu markieren")
    english = {"Menu", "Back", "Call history", "Delete", "Phones", "Cancel"}
    assert not english & {button["text"] for message in oma.screen for button in message.buttons}
