import asyncio
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bridge.errors import NotAllowed
from bridge.guard import check_address, dial, resolved
from bridge.guarded_http import check_url, guarded_async_client, guarded_client
from tests.bridge.connectors.desktop.namespaces import root_is_needed
from tests.peers.hostile_web import redirects
from tests.peers.web import WebServer

HERE = "127.0.0.1"
PUBLIC = "93.184.215.14"


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    async with WebServer() as server:
        server.put("/", b"inside")
        yield server


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.0.0.1", "172.31.255.255", "192.168.178.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
        *("192.0.0.8", "192.0.2.1", "198.18.0.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("192.88.99.1", "3fff::1", "2606:4700::5efe:a00:1", "2606:4700::200:5efe:5db8:d70e"),
        *("64:ff9b:1::a00:1", "2002:7f00:1::", "2001:db8::1", "2001::1", "100::1", "4000::1"),
    ],
)
def test_what_is_not_on_the_public_internet_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed, match="private_address"):
        check_address(address, "pods.example", ())


@pytest.mark.parametrize(
    "address",
    [PUBLIC, "2606:4700::1111", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e", "172.32.0.1"],
)
def test_what_is_public_may_be_reached(address: str) -> None:
    check_address(address, "pods.example", ())


@pytest.mark.parametrize(
    "allowed", [("nas.home",), ("NAS.Home.",), ("192.168.178.5",), ("192.168.178.0/24",)]
)
def test_the_host_may_allow_a_name_an_address_or_a_network(allowed: Collection[str]) -> None:
    check_address("192.168.178.5", "nas.home", allowed)


@pytest.mark.parametrize("allowed", [("other.home",), ("192.168.178.6",), ("10.0.0.0/8",)])
def test_what_is_allowed_is_nothing_else(allowed: Collection[str]) -> None:
    with pytest.raises(NotAllowed):
        check_address("192.168.178.5", "nas.home", allowed)


@pytest.mark.parametrize(
    "url", ["ftp://pods.example/", "http://pods.example:25/", "https://pods.example:1023/x"]
)
def test_only_the_web_is_spoken(url: str) -> None:
    with pytest.raises(NotAllowed, match="odd_address"):
        check_url(httpx.URL(url))


@pytest.mark.parametrize("port", ["", ":80", ":443", ":1024", ":8080"])
def test_the_ports_of_the_web_are_open(port: str) -> None:
    check_url(httpx.URL(f"http://pods.example{port}/"))


@pytest.mark.parametrize("spelled", ["2130706433", "0x7f.1", "0177.1", "127.1", "localhost"])
async def test_no_spelling_of_this_machine_leads_here(web: WebServer, spelled: str) -> None:
    async with guarded_async_client(()) as client:
        with pytest.raises(NotAllowed, match="private_address"):
            await client.get(f"http://{spelled}:{web.port}/")
    assert web.asked == []


async def test_one_private_address_among_public_ones_is_one_too_many(web: WebServer) -> None:
    async with guarded_async_client((), resolve=lambda *_: [PUBLIC, HERE]) as client:
        with pytest.raises(NotAllowed, match="private_address"):
            await client.get(f"http://pods.example:{web.port}/")


async def test_the_connection_goes_to_the_address_that_was_checked(web: WebServer) -> None:
    """DNS rebinding: whoever asked twice would be led elsewhere the second time."""
    answers = [[HERE], [PUBLIC], [PUBLIC]]
    async with guarded_async_client([HERE], resolve=lambda *_: answers.pop(0)) as client:
        answer = await client.get(f"http://pods.example:{web.port}/")
    assert answer.text == "inside"
    assert len(answers) == 2
    assert web.asked[0].headers["host"] == f"pods.example:{web.port}"


@pytest.mark.parametrize("name", ["pods.example", "other.example"])
async def test_the_certificate_is_that_of_the_name(tmp_path: Path, name: str) -> None:
    """Although the connection goes to an address; and the server is told the name (SNI)."""
    certificate = _certificate_of("pods.example", tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    told: list[str | None] = []
    server.sni_callback = lambda _, sni, __: told.append(sni)
    trust = ssl.create_default_context(cafile=str(certificate))
    async with WebServer(tls=server) as web:
        web.put("/", b"inside")
        url = f"https://{name}:{web.port}/"
        async with guarded_async_client([HERE], resolve=lambda *_: [HERE], trust=trust) as client:
            if name == "pods.example":
                assert (await client.get(url)).text == "inside"
            else:
                with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                    await client.get(url)
    assert told == [name]


async def test_a_name_is_checked_anew_when_it_is_resolved_anew(web: WebServer) -> None:
    answers = [[HERE], ["10.0.0.1"]]
    async with guarded_async_client([HERE], resolve=lambda *_: answers.pop(0)) as client:
        await client.get(f"http://pods.example:{web.port}/", headers={"Connection": "close"})
        await client.aclose()
    async with guarded_async_client([HERE], resolve=lambda *_: answers.pop(0)) as client:
        with pytest.raises(NotAllowed):
            await client.get(f"http://pods.example:{web.port}/")


async def test_a_redirect_is_checked_anew(web: WebServer) -> None:
    away = web.script("/away", redirects(f"http://localhost:{web.port}/"))
    async with guarded_async_client([HERE + "/32"], resolve=_no_localhost) as client:
        with pytest.raises(NotAllowed, match="private_address"):
            await client.get(away, follow_redirects=True)
    assert [asked.path for asked in web.asked] == ["/away"]


async def test_the_next_address_gets_a_chance(web: WebServer) -> None:
    closed = "127.0.0.2"
    async with guarded_async_client(["pods.example"], resolve=lambda *_: [closed, HERE]) as client:
        assert (await client.get(f"http://pods.example:{web.port}/")).text == "inside"


async def test_a_name_that_nobody_knows_is_a_failed_connection() -> None:
    async with guarded_async_client((), resolve=_unknown) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("http://pods.example/")


async def test_proxies_of_the_environment_are_not_used(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.9:1")
    async with guarded_async_client([HERE]) as client:
        assert (await client.get(web.address("/"))).text == "inside"


async def test_for_a_child_that_is_connected_by_us_the_rules_are_the_same(web: WebServer) -> None:
    loop = asyncio.get_running_loop()

    def ask(address: str, *allowed: str) -> str:
        def connect(host: str, port: int) -> socket.socket:
            connection = dial(host, port, allowed, resolve=lambda *_: ["127.0.0.9", HERE])
            return asyncio.run_coroutine_threadsafe(connection, loop).result(timeout=10)

        with guarded_client(connect) as client:
            return client.get(address).text

    here = f"http://pods.example:{web.port}/"
    assert await asyncio.to_thread(ask, here, "pods.example") == "inside"
    with pytest.raises(NotAllowed, match="private_address"):
        await asyncio.to_thread(ask, here)
    with pytest.raises(NotAllowed, match="odd_address"):
        await asyncio.to_thread(ask, "http://pods.example:22/", "pods.example")
    # its own checks are those of a program that may have been taken over
    with pytest.raises(NotAllowed, match="odd_address"):
        await dial(HERE, 22, [HERE])
    with pytest.raises(OSError, match="no address"):
        await dial("nobody.example", 80, (), resolve=lambda *_: [])


IN_A_NETWORK = """
set -e
ip link add lan type veth peer name neighbour
ip link set lan up
ip addr add 93.184.215.14/28 dev lan
ip addr add 2606:4700:0:7::5/64 dev lan nodad
exec "$0" -c "$1"
"""
ASKED = """
from bridge.errors import NotAllowed
from bridge.guard import check_address

for address in (
    "93.184.215.14", "93.184.215.1", "::ffff:93.184.215.3", "64:ff9b::5db8:d703",
    "2606:4700:0:7::5", "2606:4700:0:7:aaaa::1", "93.184.215.17", "2606:4700:0:8::1",
):
    try:
        check_address(address, "pods.example", ())
        print(address)
    except NotAllowed:
        pass
check_address("93.184.215.1", "pods.example", ("93.184.215.0/28",))
"""


def test_this_machine_and_its_neighbours_are_nobody_s_business() -> None:
    """Whatever addresses they have: in a network of its own, with public ones."""
    root_is_needed()
    program = ["unshare", "--net", "sh", "-c", IN_A_NETWORK, sys.executable, ASKED]
    ran = subprocess.run(program, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["93.184.215.17", "2606:4700:0:8::1"]


def test_all_addresses_of_a_name_are_found_once() -> None:
    assert resolved("0x7f000001", 80) == [HERE]


def _no_localhost(host: str, port: int) -> list[str]:
    return ["10.0.0.1"] if host == "localhost" else [HERE]


def _unknown(host: str, port: int) -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


def _certificate_of(name: str, directory: Path) -> Path:
    """A certificate that signed itself, with its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(own, own, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = directory / "certificate.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, form, plain)
    )
    return path
