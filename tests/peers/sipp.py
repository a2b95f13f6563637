"""sipp: callers and phones that do exactly what a scenario file says, once or a hundred times a
second.  The scenarios are in `scenarios/`; each says in its first lines what it plays.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from tests.peers.programs import PeerFailed, Program, free_port, program_path, until
from tests.peers.sipp_log import Message, Outcome, parse_messages
from tests.peers.speech import Sound

SCENARIOS = Path(__file__).with_name("scenarios")


class Sipp:
    """`async with Sipp(directory, "busy", "reject", status="486 Busy Here") as phone:`

    With `target` (host:port) it calls `service` there, `calls` times, `rate` a second; without, it
    waits for `calls` calls at `phone.uri`.  `ring` and `hold` are the scenario's waits in seconds,
    `speaks` is what it says (A-law, again and again), `echo` sends back the RTP that it gets.
    After `patience` seconds it gives up, and what still goes on counts as failed.
    """

    def __init__(
        self,
        directory: Path,
        name: str,
        scenario: str | Path,
        *,
        target: str | None = None,
        service: str = "phone",
        caller: str = "sipp",
        caller_name: str = "",
        calls: int = 1,
        rate: float = 10.0,
        at_once: int | None = None,
        ring: float = 0.2,
        hold: float = 1.0,
        status: str = "486 Busy Here",
        speaks: Sound | None = None,
        echo: bool = False,
        transport: Literal["udp", "tcp"] = "udp",
        address: str = "127.0.0.1",
        port: int | None = None,
        patience: float = 120.0,
    ) -> None:
        self.name, self.address, self.port = name, address, port or free_port(address)
        self.program = Program(f"sipp-{name}", directory / name)
        self.patience = patience
        self._scenario = scenario if isinstance(scenario, Path) else SCENARIOS / f"{scenario}.xml"
        # words of the scenario files; pauses there are whole milliseconds
        self._words = {
            'milliseconds="RING"': f'milliseconds="{round(ring * 1000)}"',
            'milliseconds="HOLD"': f'milliseconds="{round(hold * 1000)}"',
            "SIP/2.0 STATUS": f"SIP/2.0 {status}",
            "cause=CAUSE": f"cause={status[:3]}",
        }
        self._speaks = speaks or Sound.nothing(1.0)
        keys = {"caller": caller, "caller_name": caller_name}
        self._options = [
            "-s",
            service,
            "-m",
            str(calls),
            "-t",
            {"udp": "u1", "tcp": "t1"}[transport],
        ]
        self._options += ["-r", f"{rate:g}", "-l", str(at_once or max(calls, 10))]
        self._options += [word for key, value in keys.items() for word in ("-key", key, value)]
        self._options += ["-rtp_echo"] if echo else []
        self._options += [target] if target else []
        self._calls_out = target is not None

    @property
    def uri(self) -> str:
        """Where it is reached."""
        return f"sip:{self.name}@{self.address}:{self.port}"

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.program.end()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.program.end(patience=1.0)

    async def start(self) -> None:
        """Start it; one that waits for calls is ready when this returns."""
        directory = self.program.directory
        text = self._scenario.read_text()
        for word, meant in self._words.items():
            text = text.replace(word, meant)
        (directory / "scenario.xml").write_text(text)
        (directory / "spoken.alaw").write_bytes(self._speaks.alaw())
        media = free_port(self.address)
        await self.program.spawn(
            program_path("sipp"),
            *("-sf", "scenario.xml", "-i", self.address, "-p", str(self.port), "-nostdin"),
            *("-mi", self.address, "-mp", str(media), "-timeout", f"{self.patience:g}s"),
            *("-cp", str(free_port(self.address)), "-ci", self.address),
            *("-trace_msg", "-message_file", "messages.log"),
            *("-trace_err", "-error_file", "errors.log"),
            *("-trace_stat", "-stf", "counts.csv", "-fd", "1"),
            *self._options,
        )
        if not self._calls_out:
            await self.program.until(self._listens, f"sipp on {self.address}:{self.port}")

    async def finished(self, timeout: float = 30.0) -> Outcome:
        """Wait until it has played all its calls; failed ones are no error here."""
        await self.program.ended(timeout)
        return self.outcome()

    async def succeeded(self, timeout: float = 30.0) -> Outcome:
        """As `finished`, but a single failed call is an error, with what sipp says about it."""
        outcome = await self.finished(timeout)
        if outcome.failed or not outcome.successful:
            errors = self.program.directory / "errors.log"
            said = errors.read_text(errors="replace")[-3000:] if errors.exists() else ""
            raise PeerFailed(f"{self.program.name}: {outcome.failed} calls failed\n{said}")
        return outcome

    async def received(self, method: str, timeout: float = 10.0) -> Message:
        """Wait for a request `method`; the first one that came."""
        return await self.received_where(
            lambda message: message.method == method and message.status is None, timeout, method
        )

    async def received_where(
        self, wanted: Callable[[Message], bool], timeout: float = 10.0, what: str = "a message"
    ) -> Message:
        """Wait for a message from the other side that is `wanted`; the first one that came."""

        def found() -> Message | None:
            coming = (each for each in self.messages() if each.direction == "received")
            return next(filter(wanted, coming), None)

        message: Message = await until(found, f"{self.program.name} receiving {what}", timeout)
        return message

    def messages(self) -> list[Message]:
        """All that it sent and received up to now."""
        log = self.program.directory / "messages.log"
        return parse_messages(log.read_text(errors="replace")) if log.exists() else []

    def outcome(self) -> Outcome:
        """The counts up to now (written once a second, and at the end)."""
        directory = self.program.directory
        rows: list[dict[str, str]] = []
        if (counts := directory / "counts.csv").exists():
            with counts.open(newline="") as file:
                rows = list(csv.DictReader(file, delimiter=";"))
        last = rows[-1] if rows else {"SuccessfulCall(C)": "0", "FailedCall(C)": "0"}
        good, bad = int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"])
        return Outcome(good, bad, self.messages())

    def _listens(self) -> bool:
        """Whether the socket is bound: the kernel's own table says so without a packet."""
        wanted = f":{self.port:04X} "
        return any(wanted in Path(f"/proc/net/{kind}").read_text() for kind in ("udp", "tcp"))
