"""The commands that only a running worker can carry out."""

from collections.abc import Callable
from typing import Any

from bridge.api.command import Command
from bridge.api.commands.accounts import Answer, BeginSignIn, CancelSignIn
from bridge.api.commands.call_outs import PlaceCallOut, PressKey
from bridge.api.commands.calls import ActOnCall, RunningCalls
from bridge.api.commands.contacts import CallContact, GetContact, ListContacts
from bridge.api.commands.phones import TestCall, VerifyPhone
from bridge.api.commands.podcasts import CallPodcast
from bridge.api.commands.radio import CallStation
from bridge.calls.ports.library import CallOutOrder
from bridge.connectors.base import Connector
from bridge.errors import UnknownTarget
from bridge.switchboard import Switchboard
from bridge.workers.accounts.sessions import Sessions
from bridge.workers.accounts.sign_in import SignIns
from bridge.workers.asked.directory import AccountDirectory


class LiveCommands:
    """Of one user."""

    def __init__(
        self,
        switchboard: Switchboard,
        directory: AccountDirectory,
        sign_ins: SignIns,
        sessions: Sessions,
        connector: Callable[[str], Connector],
    ) -> None:
        self._switchboard = switchboard
        self._directory = directory
        self._sign_ins = sign_ins
        self._sessions = sessions
        self._connector = connector

    async def carry_out(self, command: Command[Any]) -> Any:
        """What the command's reply type says; raises a HouseError for a refusal."""
        match command:
            case VerifyPhone(phone=phone):
                return await self._switchboard.verify(phone)
            case TestCall(phone=phone):
                return await self._switchboard.test_call(phone)
            case ActOnCall(call=call, action=action, phone=rung):
                return await self._switchboard.act(call, action, rung)
            case PlaceCallOut(job=job):
                return await self._switchboard.call_out(CallOutOrder(job=job))
            case CallPodcast(podcast=podcast, episode=episode):
                return await self._switchboard.call_out(
                    CallOutOrder(podcast=podcast, episode=episode)
                )
            case CallStation(station=station):
                return await self._switchboard.call_out(CallOutOrder(station=station))
            case PressKey(call=call, key=key):
                return await self._switchboard.press(call, key)
            case RunningCalls():
                return self._switchboard.running()
            case CallContact(contact=contact, way=chosen, phone=phone):
                way = None if chosen is None else await self._directory.way(contact, chosen)
                return await self._switchboard.call_contact(contact, way, phone)
            case ListContacts():
                return await self._directory.page(command)
            case GetContact(contact=contact):
                return await self._directory.view(contact)
            case BeginSignIn(network=network, account=account):
                before = await self._sessions.credentials(account) if account else None
                return await self._sign_ins.begin(self._connector(network), account, before)
            case Answer(sign_in=sign_in, question=question, text=text):
                return self._sign_ins.answer(sign_in, question, text)
            case CancelSignIn(sign_in=sign_in):
                return self._sign_ins.cancel(sign_in)
        raise UnknownTarget("no_such_command")
