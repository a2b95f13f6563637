"""Programs in a session trust an authority of the host's own, and only where he said so."""

from pathlib import Path

import pytest

from bridge.connectors.desktop.protocol.requests import Run, Start
from bridge.connectors.desktop.sandbox.authorities import BUNDLE, bundle, certificates
from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.network import HOUSE, InternetAccess
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.errors import HouseError, SetupFault
from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.bridge.connectors.desktop.uids import own_uids
from tests.peers.certificates import Certificates, issued
from tests.peers.web import WebServer


@pytest.fixture
def own(tmp_path: Path) -> Certificates:
    return issued(tmp_path, HOUSE)


def test_several_may_stand_in_the_file(own: Certificates) -> None:
    several = own.directory / "several.pem"
    texts = [own.authority.read_text(), own.certificate.read_text()]
    several.write_text(f"Ours:\n{texts[0]}\nand its first:\n{texts[1]}")
    assert certificates(several) == texts
    assert bundle(texts) == BUNDLE.read_text() + texts[0] + texts[1]
    assert certificates(None) == []


@pytest.mark.parametrize("content", [None, "", "my authority", "-----BEGIN CERTIFICATE-----\nx"])
def test_a_file_without_certificates_is_told(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SetupFault, match="bad_authorities") as fault:
        certificates(file)
    assert str(file) in fault.value.sentence
    assert "AUTHORITIES" in fault.value.sentence


@pytest.mark.real
@pytest.mark.parametrize("is_told", [True, False])
async def test_what_a_session_trusts(own: Certificates, is_told: bool) -> None:
    namespaces_are_needed()
    walls = Sandbox(
        way=InternetAccess(("127.0.0.1",)),
        authorities=own.authority if is_told else None,
        shown=(own.certificate,),
    )
    folders = Folders(own.directory, own_uids())
    folder = folders.claim()
    async with (
        WebServer(tls=own.served()) as web,
        walls.opened(folder, Needs(browser=True)) as link,
    ):
        web.put("/", b"<h1>Our own</h1>", "text/html")
        shown = link.ask(Start(address=f"https://{HOUSE}:{web.port}/"), 40)
        if is_told:
            await shown
        else:
            with pytest.raises(HouseError, match="desktop_no_page"):
                await shown
        assert bool(web.times("/")) is is_told
        said = await link.ask(Run(argv=("openssl", "verify", str(own.certificate))))
        assert said.text.endswith(": OK\n") is is_told
    folders.remove(folder)
