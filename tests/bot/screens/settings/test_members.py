"""Members: for the owner only; invitations can be withdrawn, members removed."""

from bot.terminal.messenger import Messenger
from tests.bot.fake_desk import FakeDesk, Home
from tests.bot.person import Person


async def test_an_invitation_is_withdrawn(
    ada: Person, home: Home, desk: FakeDesk, messenger: Messenger
) -> None:
    await ada.says("/members")
    await ada.presses("Invite somebody")
    link = (await ada.sees("t.me/bridge_bot?start=inv_")).text
    await ada.presses("Members")
    await ada.sees("1 open invitation")
    await ada.presses("Withdraw invitation of today")
    await ada.presses("No, keep it")
    await ada.presses("Withdraw invitation of today")
    await ada.presses("Yes, withdraw it")
    await ada.sees_no("open invitation")
    otto = Person(messenger, name="Otto")
    await otto.says("/start " + link.split("?start=")[1].split()[0])
    await otto.sees("This invitation was withdrawn.")


async def test_an_invitation_that_has_expired_is_none_any_more(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    await ada.says("/members")
    await ada.presses("Invite somebody")
    await ada.sees("t.me/bridge_bot?start=inv_")
    [(token, made)] = desk.invites.items()
    desk.invites[token] = made.model_copy(update={"expires": made.created})
    await ada.presses("Members")
    await ada.sees("Invite somebody")
    await ada.sees_no("open invitation")


async def test_a_member_is_removed_after_confirmation(
    ada: Person, home: Home, desk: FakeDesk
) -> None:
    desk.member(77, "<Otto>", owner=False)
    await ada.says("/members")
    await ada.presses("Remove <Otto>")
    await ada.presses("No, keep <Otto>")
    await ada.presses("Remove <Otto>")
    await ada.sees("Remove <Otto>? All of their phones")
    assert len(desk.homes) == 2
    await ada.presses("Yes, remove <Otto>")
    await ada.sees_no("<Otto>")
    assert len(desk.homes) == 1


async def test_others_may_not(ada: Person, home: Home, desk: FakeDesk) -> None:
    home.user = home.user.model_copy(update={"is_owner": False})
    await ada.says("/start")
    shown = await ada.sees("Hello Ada.")
    assert "Members" not in [button["text"] for button in shown.buttons]
    await ada.says("/members")
    await ada.sees("Only the owner of this bridge can do that.")
