"""A tiny telephone exchange for tests/peers/desktop_client.py, in the test's own process."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.peers.desktop_client import SPOKEN, VOICE, packed, unpacked


@dataclass(frozen=True)
class Person:
    name: str
    password: str


@dataclass(eq=False)
class Call:
    """`number` is how its ends name it; of a stranger's call there is no caller here."""

    number: int
    caller: Member | None
    called: Member
    is_up: bool = False

    def other(self, one: Member) -> Member | None:
        return self.called if one is self.caller else self.caller


@dataclass(eq=False)
class Member:
    """Somebody's program, signed in."""

    name: str
    writer: asyncio.StreamWriter
    call: Call | None = None
    """What it has dialled, or talks in; others may ring."""

    def tell(self, kind: str, **more: Any) -> None:
        self.writer.write(packed(SPOKEN, json.dumps({"kind": kind, **more}).encode()))


@dataclass
class Exchange:
    """`async with` it. `people` by the address that is dialled."""

    people: dict[str, Person]
    calls: list[Call] = field(default_factory=list)
    """That ring or are up."""
    members: dict[str, Member] = field(default_factory=dict)
    keys: defaultdict[str, str] = field(default_factory=lambda: defaultdict(str))
    """What came to a program from the other end of its call: keys, and "h" and "u" for being held
    and taken back.
    """
    declined: list[Call] = field(default_factory=list)

    async def __aenter__(self) -> Exchange:
        self._numbers = count(1)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.lose()

    async def lose(self) -> None:
        """Nobody is connected any more, and nobody can be again."""
        self._server.close()
        for member in list(self.members.values()):
            member.writer.close()
        await self._server.wait_closed()

    def ring(self, who: str, caller: str) -> Call:
        """A stranger calls."""
        call = Call(next(self._numbers), None, self.members[who])
        self.calls.append(call)
        call.called.tell("rings", call=call.number, name=caller, address="stranger")
        return call

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        member: Member | None = None
        try:
            while True:
                kind, content = await unpacked(reader)
                if kind == VOICE:
                    if member and member.call and (other := member.call.other(member)):
                        other.writer.write(packed(VOICE, content))
                elif member is None:
                    member = self._sign_in(writer, **json.loads(content))
                else:
                    self._told(member, **json.loads(content))
        except (EOFError, OSError):
            pass
        finally:
            if member is not None:
                self._leaves(member)
            writer.close()

    def _sign_in(
        self, writer: asyncio.StreamWriter, kind: str, name: str, password: str
    ) -> Member | None:
        member, person = Member(name, writer), self.people.get(name)
        if person is None or person.password != password:
            member.tell("rejected")
            return None
        self.members[name] = member
        contacts = sorted(one for one in self.people if one != name)
        member.tell("welcome", name=person.name, contacts=contacts)
        return member

    def _leaves(self, member: Member) -> None:
        if self.members.get(member.name) is member:
            del self.members[member.name]
        for call in [call for call in self.calls if member in (call.caller, call.called)]:
            self._end(call)

    def _told(self, member: Member, kind: str, **more: Any) -> None:
        call = member.call
        match kind:
            case "dial" if call is None:
                self._dial(member, more["what"])
            case "accept" | "reject":
                ringing = [one for one in self.calls if one.number == more["call"]]
                for one in ringing:
                    self._accept(one) if kind == "accept" else self._reject(one)
            case "bye" if call is not None:
                self._end(call)
            case "key" | "hold" if call is not None and (other := call.other(member)):
                self.keys[other.name] += more.get("key") or ("h" if more["what"] else "u")

    def _dial(self, member: Member, to: str) -> None:
        called = self.members.get(to)
        if called is None or called is member:
            member.tell("failed", name=to, why="is not there")
            return
        call = member.call = Call(next(self._numbers), member, called)
        self.calls.append(call)
        name = self.people[member.name].name
        called.tell("rings", call=call.number, name=name, address=member.name)
        member.tell("rings there", name=to)

    def _accept(self, call: Call) -> None:
        if call.called.call is None and not call.is_up:
            call.called.call, call.is_up = call, True
            for end in (call.caller, call.called):
                if end is not None:
                    end.tell("talk")

    def _reject(self, call: Call) -> None:
        self.calls.remove(call)
        self.declined.append(call)
        if call.caller is not None:
            call.caller.call = None
            call.caller.tell("failed", name=call.called.name, why="declined")

    def _end(self, call: Call) -> None:
        self.calls.remove(call)
        for end in (call.caller, call.called):
            if end is not None and end.call is call:
                end.call = None
                end.tell("over")
        if not call.is_up:
            call.called.tell("gone", call=call.number)
