"""Sign-in dialogues: a connector asks, the user answers in the chat."""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID, uuid4

from bridge.api.events import Asked, Event, SignInEnded
from bridge.api.questions import ChoiceView, Question
from bridge.api.views import AccountView
from bridge.connectors import base
from bridge.connectors.base import Connector, Credentials
from bridge.errors import HouseError, UnknownTarget
from bridge.scope import uninterrupted

log = logging.getLogger(__name__)

PATIENCE = 15 * 60.0
"""Seconds a question waits for its answer."""


class SignInDialogue:
    """The `Ask` of one sign-in: questions go out as events, answers come in as commands."""

    def __init__(self, user: UUID, network: str, tell: Callable[[Event], None]) -> None:
        self.id = uuid4()
        self._user = user
        self._network = network
        self._tell = tell
        self._open: tuple[UUID, asyncio.Future[str]] | None = None

    def answer(self, question: UUID, text: str) -> None:
        """UnknownTarget("no_such_sign_in") when nobody waits for this answer (any more)."""
        if self._open is None or self._open[0] != question or self._open[1].done():
            raise UnknownTarget("no_such_sign_in")
        self._open[1].set_result(text)

    async def text(self, question: str, *, example: str = "", default: str | None = None) -> str:
        return await self._ask(kind="text", text=question, example=example, default=default)

    async def secret(self, question: str) -> str:
        return await self._ask(kind="secret", text=question)

    async def choice(self, question: str, choices: Sequence[base.Choice]) -> str:
        keys = {choice.key for choice in choices}
        shown = tuple(ChoiceView(key=choice.key, text=choice.text) for choice in choices)
        while True:
            key = await self._ask(kind="choice", text=question, choices=shown)
            if key in keys:
                return key

    async def show(self, caption: str, png: bytes) -> None:
        picture = base64.b64encode(png).decode()
        self._tell_question(Question(id=uuid4(), kind="show", text=caption, png=picture))

    async def _ask(
        self,
        *,
        kind: str,
        text: str,
        example: str = "",
        default: str | None = None,
        choices: tuple[ChoiceView, ...] = (),
    ) -> str:
        question = Question(
            id=uuid4(), kind=kind, text=text, example=example, default=default, choices=choices
        )
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._open = (question.id, answer)
        self._tell_question(question)
        async with asyncio.timeout(PATIENCE):
            return await answer

    def _tell_question(self, question: Question) -> None:
        self._tell(
            Asked(user=self._user, sign_in=self.id, network=self._network, question=question)
        )


class SignIns:
    """The dialogues of one user: one at a time, for the chat has one place to type in.

    `keep` stores what a dialogue brought and has it served.
    """

    def __init__(
        self,
        user: UUID,
        tell: Callable[[Event], None],
        keep: Callable[[str, Credentials, UUID | None], Awaitable[AccountView]],
    ) -> None:
        self._user = user
        self._tell = tell
        self._keep = keep
        self._running: tuple[SignInDialogue, asyncio.Task[None]] | None = None

    async def begin(
        self, connector: Connector, account: UUID | None, before: Credentials | None = None
    ) -> UUID:
        """Start a dialogue; one that was left open ends. `before`: what the account had."""
        await self.close()
        dialogue = SignInDialogue(self._user, connector.network, self._tell)
        sign_in = (
            partial(connector.sign_in, dialogue)
            if before is None
            else partial(connector.sign_in_again, dialogue, before)
        )
        task = asyncio.create_task(self._hold(dialogue, connector.network, sign_in, account))
        self._running = dialogue, task
        return dialogue.id

    def answer(self, sign_in: UUID, question: UUID, text: str) -> None:
        self._found(sign_in)[0].answer(question, text)

    def cancel(self, sign_in: UUID) -> None:
        self._found(sign_in)[1].cancel()

    async def close(self) -> None:
        if self._running is not None:
            _, task = self._running
            task.cancel()
            await asyncio.wait({task})

    def _found(self, sign_in: UUID) -> tuple[SignInDialogue, asyncio.Task[None]]:
        if self._running is None or self._running[0].id != sign_in or self._running[1].done():
            raise UnknownTarget("no_such_sign_in")
        return self._running

    async def _hold(
        self,
        dialogue: SignInDialogue,
        network: str,
        sign_in: Callable[[], Awaitable[Credentials]],
        account: UUID | None,
    ) -> None:
        ended = SignInEnded(user=self._user, sign_in=dialogue.id, reason="cancelled")
        try:
            found = await sign_in()
            kept = await uninterrupted(self._keep(network, found, account))
            ended = ended.model_copy(update={"account": kept, "reason": ""})
        except HouseError as why:
            ended = ended.model_copy(update={"reason": why.code, "facts": why.facts})
        except TimeoutError:
            ended = ended.model_copy(update={"reason": "no_such_sign_in"})
        except Exception as why:
            log.exception("a sign-in dialogue failed")
            ended = ended.model_copy(
                update={"reason": "house_failed", "facts": {"why": type(why).__name__}}
            )
        finally:
            self._tell(ended)
