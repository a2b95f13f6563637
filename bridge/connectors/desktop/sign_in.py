"""The first sign-in: the user sees his program's screen in the chat, and says where to click and
what to type.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any

from pydantic import SecretStr

from bridge.connectors.base import Ask, Choice, Credentials
from bridge.connectors.desktop.driving.running import STARTS_WITHIN
from bridge.connectors.desktop.opener import SessionOpener
from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.messages import Element, Told
from bridge.connectors.desktop.protocol.requests import Look, Touch
from bridge.connectors.desktop.reading.following import happenings
from bridge.connectors.desktop.reading.happening import Happening, NeedsSignIn, SignedIn, Unknown
from bridge.connectors.desktop.reading.reading import Reading
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.values import FOLDER, RECIPE, kept, spoken, values_of
from bridge.errors import HouseError, NetworkDown

SHOWS_WITHIN = 3.0
"""Seconds for a page to follow a click, before it is shown again."""
LOOKS = 60
"""So many pictures; then it is given up."""
_AGAIN, _DONE = "again", "done"


class DesktopSignIn:
    """The dialogues of one user. NetworkDown("desktop_unclear") when one leads nowhere."""

    def __init__(self, ask: Ask, rate: int, shelf: RecipeStore, opener: SessionOpener) -> None:
        self._ask, self._rate = ask, rate
        self._shelf, self._opener = shelf, opener

    async def first(self) -> Credentials:
        """What was begun is removed when it leads nowhere."""
        recipes = self._shelf.recipes()
        name = await self._ask.choice(
            "Which program? Those with (?) nobody has tried for real yet.",
            [Choice(name, _title(recipe)) for name, recipe in recipes.items()],
        )
        recipe = recipes[name]
        options, secrets = await self._answers(recipe, {})
        profile = await self._opener.claim()
        options |= {RECIPE: name, FOLDER: str(profile.number)}
        found = Credentials(f"{recipe.title} {profile.place}", options=options, secrets=secrets)
        try:
            await self._session(recipe, found)
        except BaseException:
            await self._opener.remove(profile.number)
            raise
        return found

    async def again(self, before: Credentials) -> Credentials:
        """The profile stays, whatever becomes of it."""
        recipe = self._shelf.recipe(before.options[RECIPE])
        if not await self._opener.has(int(before.options[FOLDER])):
            return await self.first()
        options, secrets = await self._answers(recipe, values_of(before))
        found = Credentials(before.address, options={**before.options, **options}, secrets=secrets)
        await self._session(recipe, found)
        return found

    async def _answers(
        self, recipe: Recipe, known: dict[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Options and secrets: of what was known before only what is secret is asked."""
        options, secrets = dict[str, str](), dict[str, str]()
        for key, question in recipe.ask.items():
            if question.secret:
                secrets[kept(key)] = await self._ask.secret(question.question)
            elif key in known:
                options[kept(key)] = known[key]
            else:
                options[kept(key)] = await self._ask.text(
                    question.question, example=question.example
                )
        return options, secrets

    async def _session(self, recipe: Recipe, found: Credentials) -> None:
        number, name = int(found.options[FOLDER]), found.options[RECIPE]
        async with self._opener.opened(number, name, spoken(found), self._rate) as link:
            await _Steps(self._ask, recipe, values_of(found)).run(link)


def _title(recipe: Recipe) -> str:
    return recipe.title if recipe.verified else f"{recipe.title} (?)"


class _Steps:
    def __init__(self, ask: Ask, recipe: Recipe, values: dict[str, str]) -> None:
        self._ask, self._recipe, self._values = ask, recipe, values
        self._signed_in = asyncio.Event()
        self._is_sure = bool(recipe.signs.signed_in)
        """A recipe without a sign for it cannot know, unless the sign-in page was there and went:
        then the user says so.
        """

    async def run(self, link: AgentLink) -> None:
        recipe, watching = self._recipe, asyncio.create_task(self._watch(link))
        try:
            if (watch := recipe.watch()) is not None:
                await link.ask(watch)
            await link.ask(recipe.start(self._values), STARTS_WITHIN)
            await self._until_signed_in(SHOWS_WITHIN)
            for _ in range(LOOKS):
                if watching.done():
                    watching.result()
                if self._signed_in.is_set() or await self._step(link):
                    return
            raise NetworkDown("desktop_unclear")
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError, HouseError):
                await watching

    async def _watch(self, link: AgentLink) -> None:
        reading = Reading(self._recipe, asyncio.get_running_loop().time)
        told: AsyncIterator[Told] = link.told()
        happened: AsyncIterator[Happening] = happenings(told, reading)
        async for happening in happened:
            if isinstance(happening, NeedsSignIn):
                self._is_sure = True
            match happening:
                case SignedIn() if self._is_sure:
                    self._signed_in.set()
                case NeedsSignIn() | Unknown():
                    self._signed_in.clear()

    async def _step(self, link: AgentLink) -> bool:
        """One picture, and what the user wants done with it; whether he says that it is done."""
        seen = await link.ask(Look())
        await self._ask.show("This is what the program shows.", base64.b64decode(seen.text))
        choices = [Choice(str(one.number), _label(one)) for one in seen.elements]
        choices += [Choice(_AGAIN, "Show it again"), Choice(_DONE, "I am signed in")]
        chosen = await self._unless_signed_in(self._ask.choice("Where shall I click?", choices))
        if chosen is None or chosen == _DONE:
            return True
        if chosen != _AGAIN:
            element = next(one for one in seen.elements if str(one.number) == chosen)
            await self._touch(link, element)
            await self._until_signed_in(SHOWS_WITHIN)
        return False

    async def _unless_signed_in(self, asking: Coroutine[Any, Any, str]) -> str | None:
        """None when the program is signed in before there is an answer: on another device."""
        answer = asyncio.create_task(asking)
        signed_in = asyncio.create_task(self._signed_in.wait())
        try:
            await asyncio.wait({answer, signed_in}, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else None
        finally:
            answer.cancel()
            signed_in.cancel()
            await asyncio.gather(answer, signed_in, return_exceptions=True)

    async def _touch(self, link: AgentLink, element: Element) -> None:
        text: SecretStr | None = None
        if element.takes_text:
            typed = await (
                self._ask.secret("What shall I type there? Your message is deleted.")
                if element.secret
                else self._ask.text("What shall I type there?")
            )
            text = SecretStr(typed)
        with suppress(HouseError):  # the page has changed meanwhile: the next picture shows it
            await link.ask(Touch(number=element.number, text=text))

    async def _until_signed_in(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._signed_in.wait()


def _label(element: Element) -> str:
    return f"{element.number} {element.label}".strip()[:40]
