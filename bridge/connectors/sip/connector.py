"""SIP: telephone numbers at any provider, a FRITZ!Box, one's own PBX."""

from bridge.connectors.base import AccountSession, Ask, Choice, Connector, Credentials, Desk
from bridge.connectors.sip import addresses
from bridge.connectors.sip.session import SipSession
from bridge.connectors.sip.sip_stack import SipStack
from bridge.errors import BadInput

_EXTRAS = (
    Choice("no", "No, that is all"),
    Choice("yes", "Yes, I have more details"),
)
_TRANSPORTS = (Choice("udp", "UDP (usual)"), Choice("tcp", "TCP"), Choice("tls", "TLS (encrypted)"))
_CODECS = (
    Choice("all", "All of them (usual)"),
    Choice("PCMA,PCMU", "Telephone quality only (G.711)"),
    Choice("PCMA", "PCMA only"),
    Choice("PCMU", "PCMU only"),
)
_STUN = (Choice("no", "No (usual)"), Choice("yes", "Yes"))


class Sip(Connector):
    network, title = "sip", "SIP"

    def __init__(self, stack: SipStack) -> None:
        self._stack = stack

    async def sign_in(self, ask: Ask) -> Credentials:
        """Registrar, user and password; the rest only for those whose provider wants it."""
        registrar = _server(
            await ask.text("Which server is your number at?", example="sip.provider.de")
        )
        user = (await ask.text("What is your user name there?", example="4930123456")).strip()
        if not user or any(one in user for one in '@<>"; \n'):
            raise BadInput("bad_sip_user")
        password = await ask.secret("What is the password?")
        options = {"registrar": registrar, "user": user}
        if await ask.choice("Did your provider give you more details?", _EXTRAS) == "yes":
            options["auth_name"] = await ask.text("Authentication name", default=user)
            proxy = await ask.text("Outbound proxy (- for none)", default="-")
            if proxy.strip() not in ("", "-"):
                options["proxy"] = _server(proxy)
            options["transport"] = await ask.choice("How is it reached?", _TRANSPORTS)
            codecs = await ask.choice("Which codecs does it speak?", _CODECS)
            if codecs != "all":
                options["codecs"] = codecs
            if self._stack.engine.settings.stun_server:
                options["stun"] = await ask.choice("Does your provider want STUN?", _STUN)
        host = addresses.host_port(registrar)[0]
        return Credentials(f"{user}@{host}", options, {"password": password})

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        return SipSession(credentials, desk, self._stack)


def _server(text: str) -> str:
    """`host` or `host:port`, as people may have pasted it."""
    host, port = addresses.host_port(text.strip())
    if not host or len(host) > 253 or not all(one.isalnum() or one in ".-" for one in host):
        raise BadInput("bad_server")
    return f"{host}:{port}" if ":" in text.removeprefix("sips:").removeprefix("sip:") else host
