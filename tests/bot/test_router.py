"""What fits nowhere: unknown words, old buttons, a house that is down, faults of ours."""

import sys
from inspect import CO_COROUTINE
from pathlib import Path
from types import FrameType

import pytest

from bot.wording.catalog import ROOT
from bridge.api.commands.access import GetUser, WhoIs
from bridge.api.commands.calls import Status
from bridge.api.commands.phones import ListPhones
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults
from tests.bot.person import Person


async def test_anything_unknown_gets_a_sentence_and_a_way_out(ada: Person, home: Home) -> None:
    for text in ("hello", "/nonsense", "/verify", "/live", "/", "/ x", "​"):
        await ada.says(text)
        shown = await ada.sees("I did not understand that.")
        assert [button["text"] for button in shown.buttons] == ["Menu", "Help"]
        ada.deletes(shown)


async def test_a_voice_message_out_of_the_blue(ada: Person, home: Home) -> None:
    await ada.sends_voice(b"OggS" + bytes(30))
    await ada.sees("I did not understand that.")


async def test_a_voice_message_where_text_is_asked(ada: Person, home: Home) -> None:
    await ada.says("/phones")
    await ada.presses("Add a phone")
    await ada.sees("What shall this phone be called?")
    await ada.sends_voice(b"OggS" + bytes(30))
    await ada.sees("Please type the answer")
    await ada.says("Kitchen")
    await ada.sees("Please type the number of “Kitchen”")


async def test_a_command_for_this_bot_by_name(ada: Person, home: Home) -> None:
    await ada.says("/HELP@bridge_bot please")
    await ada.sees("Your telephone bridge")


async def test_cancel_drops_the_question(ada: Person, home: Home) -> None:
    await ada.says("/phones")
    await ada.presses("Add a phone")
    await ada.sees("What shall this phone be called?")
    await ada.says("/cancel")
    await ada.sees("Hello Ada.")
    await ada.says("Kitchen")
    await ada.sees("I did not understand that.")


@pytest.mark.parametrize(
    "carried",
    [
        "phones.one:nonsense",
        "phones.one",
        "phones.one:AAAAAAAAAAAAAAAAAAAAAA:1",
        "phones.explode",
        "nothing.open",
        "phones",
        "",
        ":::",
        "phones.prefer:ring_mode:sideways:0",
        "phones.prefer:ring_mode:1",
        "settings.prefer:forgotten:1:0",
        "quiet.day:2200-0700:Monday",
        "quiet.preset:0000-0001",
        "calls.page:-1x",
    ],
)
async def test_buttons_that_no_longer_fit(ada: Person, home: Home, carried: str) -> None:
    await ada.says("/phones")
    shown = await ada.sees("Your phones")
    ada.press(shown, {"text": "old", "callback_data": carried})
    await ada.sees("That is no longer valid.")


async def test_a_press_counts_even_if_it_is_too_late_to_answer_it(
    ada: Person, home: Home, faults: Faults
) -> None:
    await ada.says("/phones")
    await ada.sees("Your phones")
    faults.refuse(400, "Bad Request: query is too old", method="answerCallbackQuery")
    await ada.presses("Add a phone")
    await ada.sees("What shall this phone be called?")
    assert faults.strike("answerCallbackQuery") is None, "it was not tried"


@pytest.mark.parametrize("label", ["Menu", "Mobile", "Add a phone"])
async def test_a_press_looks_its_member_up_once(
    ada: Person, home: Home, desk: FakeDesk, label: str
) -> None:
    desk.phone(home)
    await ada.says("/phones")
    await ada.sees("Your phones")
    desk.asked.clear()
    await ada.presses(label)
    await ada.sees_no("Your phones")
    assert [type(each) for each in desk.asked if isinstance(each, WhoIs | GetUser)] == [WhoIs]


async def test_a_press_passes_eight_functions(ada: Person, home: Home) -> None:
    await ada.says("/phones")
    await ada.sees("Your phones")
    passed: dict[str, None] = {}

    def note(frame: FrameType, happening: str, _: object) -> None:
        path, code = Path(frame.f_code.co_filename), frame.f_code
        if happening == "call" and code.co_flags & CO_COROUTINE and ours(path):
            passed[f"{path.stem}.{code.co_name}"] = None

    sys.setprofile(note)
    try:
        await ada.presses("Menu")
        await ada.sees("Hello Ada.")
    finally:
        sys.setprofile(None)
    assert list(passed) == [
        "app.do_process_update",
        "router.pressed",
        "access.member",
        "home.home",
        "request_context.ask",
        "request_context.show",
        "request_context._edited",
        "delivery.patiently",
    ]


def ours(path: Path) -> bool:
    """Events go their own way, and the terminal stands for Telegram."""
    elsewhere = {"terminal", "notices.py"} & set(path.parts)
    return path.is_relative_to(ROOT / "bot") and not elsewhere


async def test_the_house_down_is_one_sentence(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/start")
    await ada.sees("Hello Ada.")
    desk.down = True
    await ada.presses("Phones")
    await ada.sees("The telephone bridge does not answer at the moment.")
    before = ada.chat.happenings
    await ada.says("/start with-a-code")
    await desk.hears(WhoIs, 3)
    desk.down = False
    await ada.says("/help")
    await ada.sees("Your telephone bridge")
    told = [entry.message for _, entry in ada.chat.since(before) if entry.message.by_bot]
    assert len(told) == 2, "one sentence, then the help"
    await ada.presses("Menu")
    await ada.sees("Hello Ada.")


async def test_a_fault_of_ours_is_said_and_not_silent(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.refusals[ListPhones] = RuntimeError("a fault of ours")
    await ada.says("/phones")
    await ada.sees("That did not work because of a fault of the bridge.")
    await ada.says("/phones")
    await ada.sees("Your phones")


async def test_every_screen_has_a_way_on(ada: Person, home: Home, desk: FakeDesk) -> None:
    """Wherever one presses, from the menu on, there is something to go on with."""
    desk.phone(home)
    desk.phone(home, "Desk", verified=False)
    desk.account(home)
    desk.book(home.user.id).contact()
    seen: set[str] = set()
    todo = ["start.open"]
    while todo:
        carried = todo.pop()
        await ada.says("/cancel")
        await ada.says("/nonsense")
        shown = await ada.sees("I did not understand that.")
        ada.press(shown, {"text": carried, "callback_data": carried})
        await ada.sees_no("I did not understand that.")
        page = ada.chat.messages[shown.id]
        assert page.buttons or "/cancel" in page.text, (carried, page.text)
        ada.deletes(page)
        for button in page.buttons:
            shape = button["callback_data"].split(":")[0]
            # in another language one would have to look for other words
            if shape not in seen | {"language.choose"}:
                seen.add(shape)
                todo.append(button["callback_data"])
    assert len(seen) > 40, sorted(seen)


async def test_status_is_asked_for_the_menu(ada: Person, home: Home, desk: FakeDesk) -> None:
    await ada.says("/start")
    await ada.sees("Hello Ada.")
    assert desk.last(Status).user == home.user.id
