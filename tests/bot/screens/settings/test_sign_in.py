"""Whatever a connector asks is drawn, and what is secret does not stay in the chat."""

import base64
from uuid import UUID, uuid4

import pytest

from bot.app import App
from bridge.api.commands.accounts import Answer, BeginSignIn, CancelSignIn
from bridge.api.events import Asked, SignInEnded
from bridge.api.questions import ChoiceView, Question
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.faults import Faults
from tests.bot.person import Person

PNG = base64.b64encode(b"\x89PNG one").decode()


@pytest.fixture
async def sign_in(ada: Person, home: Home, desk: FakeDesk) -> UUID:
    """A sign-in that Ada has begun."""
    begun = uuid4()
    desk._BeginSignIn = lambda q: begun  # type: ignore[method-assign]
    await ada.says("/accounts")
    await ada.presses("Add an account")
    await ada.presses("SIP")
    await ada.sees("Let us set up the account")
    assert desk.last(BeginSignIn).network == "sip"
    return begun


def ask(desk: FakeDesk, home: Home, sign_in: UUID, **question: object) -> Question:
    asked = Question(id=uuid4(), **question)  # type: ignore[arg-type]
    desk.tell(Asked(user=home.user.id, sign_in=sign_in, network="sip", question=asked))
    return asked


async def test_a_text_with_an_example(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    question = ask(desk, home, sign_in, kind="text", text="Server?", example="sip.example")
    await ada.sees("Server?\nFor example: sip.example")
    await ada.says("sip.provider.de")
    answer = await heard(desk)
    assert (answer.sign_in, answer.question, answer.text) == (
        sign_in,
        question.id,
        "sip.provider.de",
    )


async def test_a_proposed_answer_is_a_button(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="text", text="Port?", default="5060")
    await ada.presses("Use “5060”")
    assert (await heard(desk)).text == "5060"
    shown = await ada.sees("Port?\n5060")
    assert not shown.buttons


async def test_a_choice_comes_back_by_its_key(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    choices = (
        ChoiceView(key="udp", text="UDP (usual)"),
        ChoiceView(key="tls", text="TLS (encrypted)"),
    )
    ask(desk, home, sign_in, kind="choice", text="How is it reached?", choices=choices)
    await ada.presses("TLS")
    assert (await heard(desk)).text == "tls"


async def test_the_points_of_a_picture_are_small_buttons_and_a_list(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    points = [
        ChoiceView(key=str(number), text=f"{number} Point <{number}>") for number in range(1, 15)
    ]
    choices = (*points, ChoiceView(key="done", text="I am signed in"))
    ask(desk, home, sign_in, kind="choice", text="Where shall I click?", choices=choices)
    shown = await ada.sees("Where shall I click?\n1 Point <1>\n2 Point <2>")
    assert [button["text"] for button in shown.buttons][12:15] == ["13", "14", "I am signed in"]
    await ada.presses("14")
    assert (await heard(desk)).text == "14"
    ask(desk, home, sign_in, kind="choice", text="And now?", choices=choices)
    await ada.sees("And now?")
    await ada.says("3")
    assert (await desk.hears(Answer, times=2)).text == "3"


async def test_a_button_of_an_earlier_question_is_refused(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="text", text="Port?", default="5060")
    first = await ada.sees("Port?")
    ask(desk, home, sign_in, kind="text", text="Proxy?", default="none")
    await ada.sees("Proxy?")
    ada.press(first, first.buttons[0])
    await ada.sees("That is no longer valid.")
    assert not [asked for asked in desk.asked if isinstance(asked, Answer)]


async def test_a_password_is_deleted_at_once_and_that_is_said(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="secret", text="What is the password?")
    await ada.sees("🔑 What is the password?")
    sent = await ada.says("/s3cret {x} ")
    await ada.sees("I deleted your answer from this chat")
    assert sent.id not in ada.chat.messages
    assert (await heard(desk)).text.strip() == "/s3cret {x}"
    assert "s3cret" not in "\n".join(ada.transcript())
    assert "s3cret" not in repr(desk.last(Answer))


async def test_a_password_that_cannot_be_deleted(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID, faults: Faults
) -> None:
    ask(desk, home, sign_in, kind="secret", text="What is the password?")
    await ada.sees("What is the password?")
    faults.refuse(400, "Bad Request: message can't be deleted", method="deleteMessage")
    await ada.says("s3cret")
    await ada.sees("Please delete it yourself.")
    assert (await heard(desk)).text == "s3cret"


async def test_a_password_goes_even_while_the_house_is_down(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="secret", text="What is the password?")
    await ada.sees("What is the password?")
    desk.down = True
    await ada.says("hush-hush")
    await ada.sees("does not answer at the moment")
    assert not [message for message in ada.chat.messages if "hush-hush" in str(message)]


async def test_a_password_for_a_bot_that_was_restarted(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID, app: App
) -> None:
    ask(desk, home, sign_in, kind="secret", text="What is the password?")
    question = await ada.sees("What is the password?")
    app.bot_data["notices"]._state.pending.clear()
    sent = await ada.says("s3cret", reply_to=question)
    await ada.sees("I deleted your answer from this chat")
    await ada.sees("That is no longer valid.")
    assert sent.id not in ada.chat.messages
    assert not [asked for asked in desk.asked if isinstance(asked, Answer)]


async def test_cancel_by_button_and_by_command(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="text", text="Server?")
    await ada.sees("Server?")
    await ada.presses("Cancel")
    await ada.sees("Signing in was stopped.")
    assert desk.last(CancelSignIn).sign_in == sign_in
    other = uuid4()
    ask(desk, home, other, kind="secret", text="Password?")
    await ada.sees("Password?")
    await ada.says("/cancel")
    await ada.sees("Hello Ada.")
    assert desk.last(CancelSignIn).sign_in == other


async def test_a_newer_picture_takes_the_place_of_the_older(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="show", text="Scan this.", png=PNG)
    shown = await ada.sees("Scan this.")
    newer = base64.b64encode(b"\x89PNG two").decode()
    ask(desk, home, sign_in, kind="show", text="Scan this one.", png=newer)
    again = await ada.sees("Scan this one.")
    assert again.id == shown.id
    assert ada.content(again) == b"\x89PNG two"


async def test_a_picture_stands_below_the_last_question_and_none_stays(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="show", text="The screen.", png=PNG)
    first = await ada.sees("The screen.")
    ask(desk, home, sign_in, kind="text", text="What shall I type there?")
    await ada.sees("What shall I type there?")
    await ada.says("ada")
    newer = base64.b64encode(b"\x89PNG two").decode()
    ask(desk, home, sign_in, kind="show", text="The screen now.", png=newer)
    second = await ada.sees("The screen now.")
    assert second.id > first.id
    assert first.id not in ada.chat.messages
    desk.tell(
        SignInEnded(user=home.user.id, sign_in=sign_in, account=desk.account(home, "Web app"))
    )
    await ada.sees("Web app is set up.")
    assert second.id not in ada.chat.messages


async def test_success(ada: Person, home: Home, desk: FakeDesk, sign_in: UUID) -> None:
    account = desk.account(home, "Landline")
    desk.tell(SignInEnded(user=home.user.id, sign_in=sign_in, account=account))
    await ada.sees("Landline is set up.")


async def test_failure_tells_why_and_offers_another_try(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="text", text="Server?")
    await ada.sees("Server?")
    desk.tell(SignInEnded(user=home.user.id, sign_in=sign_in, reason="wrong_password"))
    await ada.sees(
        "Signing in did not work.\nThe provider does not accept this user name and password."
    )
    await ada.says("too late")
    await ada.sees("I did not understand that.")
    await ada.presses("Try again")
    await ada.sees("Let us set up the account")


async def test_hostile_questions_stay_questions(
    ada: Person, home: Home, desk: FakeDesk, sign_in: UUID
) -> None:
    ask(desk, home, sign_in, kind="text", text="<b>{0} & </i>", example="<script>", default="<x>")
    await ada.sees("<b>{0} & </i>\nFor example: <script>")


async def heard(desk: FakeDesk) -> Answer:
    return await desk.hears(Answer)
