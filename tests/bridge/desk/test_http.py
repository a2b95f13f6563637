"""The front desk at its doors: who may knock, what is refused, what machines may read."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bridge.api.client import Client
from bridge.api.commands import COMMANDS
from bridge.api.commands.access import OpenClaim
from bridge.api.events import CardChanged, LimitReached, SoundSlipped
from bridge.api.views import CallCard, CardState
from bridge.desk.guard import LARGEST_BODY
from bridge.desk.sockets import open_doors
from bridge.errors import NotAllowed, SetupFault
from bridge.settings import Settings
from bridge.terms import Cause, Direction
from tests.bridge.desk.conftest import NOW, Office, opened
from tests.peers.programs import free_port

TOKEN = "0123456789abcdef-of-this-test"


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Office]:
    """A house with a door for this machine and one for others."""
    address = f"127.0.0.1:{free_port()}"
    async with opened(tmp_path, control_tcp=address, control_token=TOKEN) as office:
        yield office


def test_the_socket_is_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    [(door, token)] = open_doors(settings)
    with door:
        assert settings.control_socket.stat().st_mode & 0o777 == 0o600
        assert token is None


@pytest.mark.parametrize("token", [None, "short"])
def test_no_door_to_others_without_a_long_token(tmp_path: Path, token: str | None) -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(SetupFault) as refused:
        open_doors(
            Settings(_env_file=None, data_dir=tmp_path, control_tcp=address, control_token=token)
        )
    assert refused.value.code == "control_token"
    assert "short" not in refused.value.sentence.replace("too short", "")


@pytest.mark.parametrize(
    "shown",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}],
    ids=["none", "wrong", "another scheme"],
)
@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/events?consumer=bot"])
async def test_others_get_nothing_without_the_token(
    both: Office, shown: dict[str, str], path: str
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{both.settings.control_tcp}") as stranger:
        told = await stranger.get(path, headers=shown)
    assert told.status_code == 403
    assert told.json()["code"] == "wrong_control_token"


async def test_a_client_far_away_is_served_with_the_token(both: Office, tmp_path: Path) -> None:
    def far(token: str) -> Settings:
        elsewhere = {"data_dir": tmp_path / "elsewhere", "control_tcp": both.settings.control_tcp}
        return Settings(_env_file=None, control_token=token, **elsewhere)

    async with Client(far(TOKEN)) as client:
        assert await client.ask(OpenClaim()) == both.claim.code
    async with Client(far(TOKEN[::-1])) as client:
        with pytest.raises(NotAllowed):
            await client.ask(OpenClaim())


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/commands/AddPhone", b"{", "bad_request"),
        ("/commands/AddPhone", b"[]", "bad_request"),
        ("/commands/AddPhone", b'{"user": "nobody"}', "bad_request"),
        ("/commands/Answer", b'{"text": "my password"}', "bad_request"),
        ("/events/acknowledge", b'{"consumer": "", "number": -1}', "bad_request"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_not_repeated(
    office: Office, path: str, body: bytes, code: str
) -> None:
    async with office.http() as http:
        told = await http.post(path, content=body, headers={"Content-Type": "application/json"})
    assert told.status_code < 500
    assert told.json()["code"] == code
    assert "password" not in told.text


async def test_what_is_too_long_is_refused_before_it_is_read(office: Office) -> None:
    async with office.http() as http:
        told = await http.post("/commands/AddPhone", content=bytes(LARGEST_BODY + 1))
        assert told.json()["code"] == "too_long"

        async def pieces() -> AsyncIterator[bytes]:
            yield b"{}"

        told = await http.post("/commands/AddPhone", content=pieces())
        assert told.json()["code"] == "too_long"


async def test_nobody_else_s_command_exists(office: Office) -> None:
    async with office.http() as http:
        assert (await http.post("/commands/DropTables", json={})).status_code == 404
        assert (await http.get("/docs")).status_code == 404


async def test_alive_and_ready_are_two_things(office: Office) -> None:
    async with office.http() as http:
        assert (await http.get("/readyz")).status_code == 200
        office.ready["workers"] = False
        told = await http.get("/readyz")
        assert (told.status_code, told.json()) == (503, {"database": True, "workers": False})
        assert (await http.get("/healthz")).status_code == 200


async def test_metrics_count_and_name_nobody(office: Office) -> None:
    ada = await office.member(1, "Ada")
    card = CallCard(
        id=uuid4(),
        user=ada.id,
        direction=Direction.INCOMING,
        network="sip",
        account="ada@h",
        caller_name="Grace",
        caller_address="+4930123456",
        called="+493099",
        started=NOW,
        state=CardState.ENDED,
        answered_on="Desk",
        talk_seconds=61,
        cause=Cause.NORMAL.word,
    )
    office.metrics.count(CardChanged(user=ada.id, card=card))
    office.metrics.count(LimitReached(user=ada.id, call=card.id, rule="minutes_today"))
    office.metrics.count(SoundSlipped(user=ada.id, network="web", underruns=2, overruns=5))
    async with office.http() as http:
        told = (await http.get("/metrics")).text
    assert 'sound_slips_total{kind="overrun",network="web"} 5.0' in told
    assert 'calls_total{cause="normal",direction="incoming",network="sip"} 1.0' in told
    assert 'limit_refusals_total{rule="minutes_today"} 1.0' in told
    for personal in (str(ada.id), str(card.id), "Grace", "Ada", "30123456", "ada@h", "Desk"):
        assert personal not in told


async def test_openapi_knows_every_command(office: Office) -> None:
    async with office.http() as http:
        paths = json.loads((await http.get("/openapi.json")).text)["paths"]
    assert {f"/commands/{name}" for name in COMMANDS} <= set(paths)
