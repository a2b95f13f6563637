"""A web app in Debian's Chromium, steered through a pipe: no port is open for it.

The browser keeps its own sandbox, and its rights (notifications, microphone) come from the managed
policy that the walls lay out, so they outlive whoever steers it.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil
from playwright.async_api import BrowserContext, Dialog, Error, Page, async_playwright

from bridge.connectors.desktop.agent.child import finished
from bridge.connectors.desktop.agent.control import Refused
from bridge.connectors.desktop.agent.web.page import ShownPage
from bridge.connectors.desktop.agent.web.page_scripts import CHANGED, HEARING, WATCHING
from bridge.connectors.desktop.agent.web.staying import Staying
from bridge.connectors.desktop.agent.web.watching import Watching
from bridge.connectors.desktop.protocol.messages import Told

CHROMIUM = "/usr/bin/chromium"
STARTS_WITHIN = 30.0
ENDS_WITHIN = 3.0
_FLAGS = (
    "--autoplay-policy=no-user-gesture-required",
    "--disable-gpu",
    "--hide-crash-restore-bubble",
    "--lang=en",
)
_NOT_WANTED = ["--mute-audio", "--enable-automation"]
"""Of what Playwright adds by itself."""
_PARTS = ("node", "chromium")
"""Playwright steers from a process of its own."""
_THRIFTY = "--max-semi-space-size=1"
"""Megabytes; what steers takes 61 MB of its own then, and 74 without."""
_LOCKS = ("SingletonLock", "SingletonSocket", "SingletonCookie")


class Browser(ShownPage):
    """`async with` it, then `start` it: one window with one profile, in `home`."""

    def __init__(self, home: Path, tell: Callable[[Told], None]) -> None:
        super().__init__()
        self._profile = home / "chromium"
        self._watching = Watching(self.newest, tell)
        self._staying = Staying()
        self._context: BrowserContext | None = None
        self._gone = asyncio.Event()
        self._noticed: dict[int, int] = {}
        """File descriptors of processes (pidfd_open(2)), by their ids."""

    async def __aenter__(self) -> Self:
        os.environ["NODE_OPTIONS"] = _THRIFTY
        self._playwright = await async_playwright().start()
        self._notice(psutil.Process())
        self._following = asyncio.create_task(self._watching.follow())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Kindly: a profile that is torn off loses its latest cookies."""
        self._following.cancel()
        await asyncio.gather(self._following, return_exceptions=True)
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN):
                if self._context is not None:
                    await self._context.close()
        for descriptor in self._noticed.values():
            asyncio.get_running_loop().remove_reader(descriptor)
        with suppress(Exception):  # its driver may have died before
            async with asyncio.timeout(ENDS_WITHIN):
                await self._playwright.stop()
        for pid, descriptor in self._noticed.items():
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            os.close(descriptor)

    async def lost(self) -> None:
        """Returns when the browser, its page or what steers it has died."""
        await self._gone.wait()

    async def start(self, address: str, environment: Mapping[str, str], *, headless: bool) -> None:
        """Show `address`. Refused("desktop_no_browser") when Chromium does not start."""
        if self._context is not None:
            await self.open(address)
            return
        for name in _LOCKS:  # nobody else uses this profile: one who died left them
            (self._profile / name).unlink(missing_ok=True)
        try:
            context = await self._playwright.chromium.launch_persistent_context(
                self._profile,
                executable_path=CHROMIUM,
                headless=headless,
                chromium_sandbox=True,
                args=[*_FLAGS, *(await _user_agent() if headless else ())],
                ignore_default_args=_NOT_WANTED,
                env=dict(environment),
                timeout=STARTS_WITHIN * 1000,
                accept_downloads=False,
                no_viewport=True,
            )
        except Error:
            raise Refused("desktop_no_browser") from None
        self._context = context
        for steering in psutil.Process().children():
            self._notice(steering)
        await context.expose_binding(CHANGED, self._watching.changed)
        await context.add_init_script(HEARING)
        await context.add_init_script(WATCHING)
        context.on("page", self._attend)
        context.on("close", lambda _: self._gone.set())
        for page in context.pages:
            self._attend(page)
        await self.open(address)

    def watch(self, elements: Mapping[str, str]) -> None:
        """Tell by PageSeen which of these can be seen."""
        self._watching.watch(elements)

    async def stay(self, on: bool) -> None:
        """Whether the page must not be left now: somebody talks through it."""
        page = self.newest()
        if on and page is not None:
            await self._staying.begin(page)
        elif not on:
            await self._staying.end()

    def newest(self) -> Page | None:
        """A sign-in often opens a window of its own."""
        return self._context.pages[-1] if self._context and self._context.pages else None

    def _attend(self, page: Page) -> None:
        page.on("framenavigated", self._watching.changed)
        page.on("close", self._watching.changed)
        page.on("crash", lambda _: self._gone.set())
        page.on("dialog", _answer)
        self._watching.changed()

    def _notice(self, parent: psutil.Process) -> None:
        """That a child of `parent` dies."""
        for child in parent.children():
            with suppress(psutil.Error):  # gone already
                if Path(child.exe()).name in _PARTS and child.pid not in self._noticed:
                    descriptor = self._noticed[child.pid] = os.pidfd_open(child.pid)
                    asyncio.get_running_loop().add_reader(descriptor, self._end, descriptor)

    def _end(self, descriptor: int) -> None:
        asyncio.get_running_loop().remove_reader(descriptor)
        self._gone.set()


async def _answer(dialog: Dialog) -> None:
    """Nobody is there to; but a page may always be left."""
    with suppress(Error):
        await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())


async def _user_agent() -> tuple[str, ...]:
    """Without a screen Chromium calls itself headless, and many sites send that away."""
    _, said = await finished(CHROMIUM, "--version", within=STARTS_WITHIN)
    # "Chromium 156.0.8078.79 built on Debian"
    major = next((word for word in said.decode().split() if word[:1].isdigit()), "").split(".")[0]
    if not major:
        return ()
    name = f"AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
    return (f"--user-agent=Mozilla/5.0 (X11; Linux x86_64) {name}", "--window-size=1000,700")
