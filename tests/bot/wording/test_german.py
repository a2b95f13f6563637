"""Grandmother's evening, and her next afternoon: the whole way, in German."""

from bot.app import App
from bot.terminal.messenger import Messenger
from bridge.api.events import CardChanged, PhoneChecked, VoicemailLeft, VoicemailTranscribed
from bridge.api.views import CallAction, CardState, PhoneState
from bridge.terms import Direction
from tests.bot.fake_desk import FakeDesk
from tests.bot.person import Person
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
    home.voicemails = [left.model_copy(update={"transcript": "Ruf bitte zurück."})]
    desk.tell(VoicemailTranscribed(user=home.user.id, id=left.id))
    await oma.sees("Von einer Maschine mitgeschrieben, die sich irren kann:\nRuf bitte zurück.")
    await oma.presses("Als gehört markieren")
    await oma.sees("Als neu markieren")
    all_is_german(oma)


async def test_from_the_first_contact_to_phoning_in(
    app: App, messenger: Messenger, desk: FakeDesk
) -> None:
    oma = Person(messenger, name="Oma", language="de")
    home = desk.member(oma.number, "Oma", language="de")
    phone = desk.phone(home, "Zuhause")
    desk.account(home, "Festnetz")
    await oma.says("/start")
    await oma.presses("Kontakte")
    await oma.presses("Kontakt hinzufügen")
    await oma.sees("Bitte tippe den Namen der Person.")
    await oma.says("Grace Hopper")
    await oma.sees("Bitte tippe die Nummer von Grace Hopper")
    await oma.says("030 123456")
    await oma.sees("Kurzwahl: 1")
    await oma.sends_contact("4915112345678", "Otto", user_id=7)
    await oma.sees("1 Kontakt ist hinzugefügt.")
    await oma.says("/call grace")
    await oma.sees("Heb ab und drücke die 1, dann rufe ich Grace Hopper an.")
    ringing = card(home, direction=Direction.OUTGOING, phones=(on_card(phone, PhoneState.RINGING),))
    desk.tell(CardChanged(user=home.user.id, card=ringing))
    await oma.sees("Anruf bei Grace Hopper")
    await oma.sees("Heb dein Telefon ab und drücke die 1, dann rufe ich an.\nZuhause: klingelt")
    await oma.says("/phonein")
    await oma.presses("Festnetz zum Einwählen verwenden")
    await oma.presses("Ja, dafür verwenden")
    await oma.presses("PIN festlegen")
    await oma.sees("🔑 Bitte tippe eine PIN")
    await oma.says("271828")
    await oma.sees("Die PIN ist festgelegt.")
    assert (home.pin, home.accounts[0].is_phone_in) == ("271828", True)
    await oma.presses("Einwahl")
    await oma.sees("Ruf die Telefonnummer deines Kontos Festnetz an (ada@sip.example)")
    all_is_german(oma)


def all_is_german(person: Person) -> None:
    english = {
        *("Menu", "Back", "Call history", "Delete", "Phones", "Cancel"),
        *("Contacts", "Phone in", "Settings", "Call somebody", "Hang up"),
    }
    shown = {button["text"] for message in person.screen for button in message.buttons}
    assert not english & shown
