"""Everything the front desk can be asked to do, with what it answers.

`class AddPhone(UserCommand[PhoneView])` reads: ask AddPhone, get a PhoneView. A refusal comes back
as the same HouseError on the other side. Each command is one route, POST /commands/<ClassName>.
"""

from typing import Any

from bridge.control.command import Command, UserCommand, every_command
from bridge.control.commands.access import (
    Claim,
    ForgetMe,
    GetUser,
    Join,
    ListInvites,
    ListMembers,
    MakeInvite,
    OpenClaim,
    RemoveMember,
    RevokeInvite,
    WhoIs,
)
from bridge.control.commands.accounts import (
    Answer,
    BeginSignIn,
    CancelSignIn,
    ChangeAccount,
    ListAccounts,
    ListNetworks,
    RemoveAccount,
)
from bridge.control.commands.calls import (
    ActOnCall,
    Block,
    DeleteVoicemail,
    FetchVoicemail,
    FindCard,
    History,
    ListBlocked,
    ListVoicemails,
    MarkHeard,
    NoteCard,
    RunningCalls,
    Status,
    Unblock,
)
from bridge.control.commands.housekeeping import SweepHistory
from bridge.control.commands.phones import (
    AddPhone,
    ChangePhone,
    ListPhones,
    RemovePhone,
    TestCall,
    VerifyPhone,
)
from bridge.control.commands.preferences import ChangeSettings, GetSettings, SetGreeting

COMMANDS: dict[str, type[Command[Any]]] = {kind.__name__: kind for kind in every_command(Command)}

__all__ = [
    "COMMANDS",
    "ActOnCall",
    "AddPhone",
    "Answer",
    "BeginSignIn",
    "Block",
    "CancelSignIn",
    "ChangeAccount",
    "ChangePhone",
    "ChangeSettings",
    "Claim",
    "Command",
    "DeleteVoicemail",
    "FetchVoicemail",
    "FindCard",
    "ForgetMe",
    "GetSettings",
    "GetUser",
    "History",
    "Join",
    "ListAccounts",
    "ListBlocked",
    "ListInvites",
    "ListMembers",
    "ListNetworks",
    "ListPhones",
    "ListVoicemails",
    "MakeInvite",
    "MarkHeard",
    "NoteCard",
    "OpenClaim",
    "RemoveAccount",
    "RemoveMember",
    "RemovePhone",
    "RevokeInvite",
    "RunningCalls",
    "SetGreeting",
    "Status",
    "SweepHistory",
    "TestCall",
    "Unblock",
    "UserCommand",
    "VerifyPhone",
    "WhoIs",
]
