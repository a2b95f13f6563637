"""The terminal chat as a program: driven through pipes and files, as scripts and the demo do."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LOGNAME": "ada"}


@dataclass
class Ended:
    status: int
    output: list[str]
    complaints: str


async def begin(folder: Path, **more: object) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.terminal.sample", str(folder)),
        cwd=ROOT,
        **{  # type: ignore[arg-type]  # the keywords of Popen
            "stdin": asyncio.subprocess.PIPE,
            "stdout": asyncio.subprocess.PIPE,
            "stderr": asyncio.subprocess.PIPE,
            "env": ENVIRONMENT,
            **more,
        },
    )


async def chat(folder: Path, *script: str, **more: object) -> Ended:
    program = await begin(folder, **more)
    typed = "".join(f"{line}\n" for line in script).encode()
    try:
        output, complaints = await program.communicate(typed if program.stdin else None)
    except BaseException:
        program.kill()
        raise
    assert program.returncode is not None
    return Ended(program.returncode, output.decode().splitlines(), complaints.decode())


async def test_a_script_is_played_and_the_end_of_input_ends_it(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "/start", "1")
    assert ended.output == [
        "ada: /start",
        "│ Hello ada",
        "│ [1] Answer  [2] Refuse",
        "│ Read on <https://example.org>",
        "ada: [Answer]",
        "│ (i) Ringing",
        "│ (edited)",
        "│ Answered",
    ]
    assert (ended.status, ended.complaints) == (0, "")


async def test_at_the_end_of_input_the_bot_still_answers(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "/slow")
    assert ended.output[-1] == "│ At last"
    assert ended.status == 0


async def test_lines_come_out_as_things_happen(tmp_path: Path) -> None:
    program = await begin(tmp_path)
    assert program.stdin and program.stdout
    program.stdin.write(b"hello\n")
    assert await program.stdout.readline() == b"ada: hello\n"
    assert await program.stdout.readline() == "│ You said hello\n".encode()
    program.stdin.write(b"bye")  # and no end of line
    program.stdin.close()
    assert (await program.stdout.read()).decode() == "ada: bye\n│ You said bye\n"
    assert await program.wait() == 0


async def test_it_waits_for_what_is_awaited(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "/start", "!wait Hello", "!press answer", "!wait Answered 5")
    assert (ended.status, ended.complaints) == (0, "")


async def test_what_was_there_before_the_last_step_does_not_count(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "/start", "hello", "!wait Answer 0.2", "never said")
    assert ended.status == 3
    assert ended.complaints == '"Answer" did not appear within 0.2 s.\n'
    assert "ada: never said" not in ended.output


async def test_what_is_awaited_comes_in_order(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "/picture", "!wait Second", "!wait First 0.2")
    assert ended.status == 3


@pytest.mark.parametrize(
    ("line", "status", "why"),
    [
        ('!press "Nothing" 0.2', 3, 'There is no button "Nothing".'),
        ("!bang", 2, "There is no !bang here."),
        ("@/no/such/file", 2, "/no/such/file cannot be sent: No such file or directory"),
    ],
)
async def test_a_line_that_cannot_be_done_ends_the_script(
    tmp_path: Path, line: str, status: int, why: str
) -> None:
    ended = await chat(tmp_path, line)
    assert (ended.status, ended.complaints) == (status, f"{why}\n")


async def test_quit_ends_it(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "!quit", "never said")
    assert (ended.status, ended.output) == (0, [])


async def test_files_go_in_and_come_out_by_their_paths(tmp_path: Path) -> None:
    note = tmp_path / "note.ogg"
    note.write_bytes(b"OggS and sound")
    downloads = tmp_path / "chat"
    ended = await chat(downloads, f"@{note}", "/picture")
    assert ended.output[:2] == [
        "ada: (voice message: note.ogg)",
        f"│ (voice message: {downloads / 'voice-2.ogg'})",
    ]
    assert (downloads / "voice-2.ogg").read_bytes() == note.read_bytes()
    assert ended.output[-2] == f"│ (picture: {downloads / 'photo-4.png'})"


async def test_a_password_is_not_repeated(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "/password", "12", "12")
    assert ended.output == [
        "ada: /password",
        "│ Your password?",
        "ada: ••••••",
        "│ (your message deleted: ••••••)",
        "│ Deleted 2 characters",
        "ada: 12",
        "│ You said 12",
    ]


async def test_a_script_may_be_a_file(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("hello\r\nagain")
    with script.open() as file:
        ended = await chat(tmp_path, stdin=file)
    assert ended.output == ["ada: hello", "│ You said hello", "ada: again", "│ You said again"]
    assert ended.status == 0


async def test_without_any_input_it_ends(tmp_path: Path) -> None:
    ended = await chat(tmp_path, stdin=asyncio.subprocess.DEVNULL)
    assert (ended.status, ended.output, ended.complaints) == (0, [], "")


async def test_it_speaks_the_language_of_the_terminal(tmp_path: Path) -> None:
    ended = await chat(tmp_path, "!bang", env={**ENVIRONMENT, "LANG": "de_DE.UTF-8"})
    assert ended.complaints == "!bang gibt es hier nicht.\n"


async def test_when_nobody_reads_any_more_it_ends(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    program = await begin(tmp_path, stdout=writing)
    os.close(writing)
    os.close(reading)
    assert program.stdin and program.stderr
    program.stdin.write(b"hello\n")
    await program.stdin.drain()
    assert await program.stderr.read() == b""
    assert await program.wait() == 0
    program.stdin.close()


async def test_it_is_stopped_like_any_program(tmp_path: Path) -> None:
    program = await begin(tmp_path)
    assert program.stdin and program.stdout
    program.stdin.write(b"hello\n")
    await program.stdout.readline()
    program.send_signal(signal.SIGINT)
    assert await program.wait() != 0
    program.stdin.close()
