"""What is known of one SIP account: who we are there, and how its pjsua2 configuration looks."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

import pjsua2 as pj

from bridge.audio.pjmedia.engine import PjsuaEngine
from bridge.connectors.base import Credentials
from bridge.connectors.sip import addresses
from bridge.connectors.sip.codecs import ALL

REGISTRATION_SECONDS = 300
_KEEP_ALIVE_SECONDS = 15
_INSTANCES = uuid.UUID("6a1f0c1e-5a5c-4b43-9f0b-2d0c6d1f7a10")


@dataclass(frozen=True)
class Provider:
    """An account at a registrar. `registers` is false for a trunk that only places calls."""

    registrar: str
    user: str
    password: str = field(default="", repr=False)
    auth_name: str = ""
    proxy: str = ""
    transport: str = "udp"
    codecs: tuple[str, ...] = ALL
    stun: bool = False
    registers: bool = True
    shows_caller: bool = False
    instance: str = ""
    """Tells apart two programs of ours that sign in to the same account (RFC 5626)."""

    @classmethod
    def of(cls, credentials: Credentials) -> "Provider":
        """From what the sign-in dialogue gathered (see connector.py)."""
        options: Mapping[str, str] = credentials.options
        return cls(
            registrar=options["registrar"],
            user=options["user"],
            password=credentials.secrets.get("password", ""),
            auth_name=options.get("auth_name", ""),
            proxy=options.get("proxy", ""),
            transport=options.get("transport", "udp"),
            codecs=tuple(options["codecs"].split(",")) if options.get("codecs") else ALL,
            stun=options.get("stun", "") == "yes",
        )

    @property
    def host(self) -> str:
        """The domain in our own address: the registrar without its port."""
        return addresses.host_port(self.registrar)[0]

    @property
    def id_uri(self) -> str:
        return addresses.uri(self.user, self.host)

    @property
    def servers(self) -> tuple[str, ...]:
        """The hosts that may speak to us on this account's behalf."""
        return tuple(addresses.host_port(one)[0] for one in (self.registrar, self.proxy) if one)

    def uri_of(self, user: str) -> str:
        """How to reach `user` through this provider."""
        return addresses.uri(user, self.registrar, self.transport)

    def config(self, engine: PjsuaEngine) -> pj.AccountConfig:
        """On the pjsua2 thread. Retries are ours (tenacity), refreshing before expiry is
        pjsip's.
        """
        config = account_config(engine, self.id_uri, self.transport)
        config.sipConfig.authCreds.append(
            pj.AuthCredInfo("digest", "*", self.auth_name or self.user, 0, self.password)
        )
        if self.proxy:
            config.sipConfig.proxies.append(addresses.uri("", self.proxy, self.transport) + ";lr")
        registration = config.regConfig
        registration.registerOnAdd = False
        registration.timeoutSec = REGISTRATION_SECONDS
        registration.retryIntervalSec = registration.firstRetryIntervalSec = 0
        if self.registers:
            registration.registrarUri = addresses.uri("", self.registrar, self.transport)
        nat = config.natConfig
        nat.udpKaIntervalSec = _KEEP_ALIVE_SECONDS
        # the same instance after a restart or a move: the registrar replaces the old contact (RFC
        # 5626)
        instance = uuid.uuid5(_INSTANCES, f"{self.instance}{self.user}@{self.registrar}")
        # by hand: the library writes it on TCP and TLS only
        nat.sipOutboundUse = 0
        config.sipConfig.contactParams = f';+sip.instance="<urn:uuid:{instance}>"'
        if self.stun and engine.settings.stun_server:
            # for sound only: SIP's own address is what the registrar saw (RFC 3581), and the
            # packet filter would keep the server's answers out
            nat.mediaStunUse = pj.PJSUA_STUN_USE_DEFAULT
        return config


def account_config(engine: PjsuaEngine, id_uri: str, transport: str = "udp") -> pj.AccountConfig:
    """On the pjsua2 thread: what every account of ours has in common."""
    config = pj.AccountConfig()
    config.idUri = id_uri
    config.sipConfig.transportId = engine.transport(transport)
    low, high = engine.settings.rtp_ports
    rtp = config.mediaConfig.transportConfig
    rtp.boundAddress = str(engine.settings.address)
    rtp.port, rtp.portRange, rtp.randomizePort = low, high - low, True
    # the old wheel parses strangers' SDP: no ICE, no SRTP keys in SDP, no STUN unless asked for
    config.natConfig.iceEnabled = False
    config.natConfig.sipStunUse = config.natConfig.mediaStunUse = pj.PJSUA_STUN_USE_DISABLED
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_DISABLED
    config.natConfig.contactRewriteUse = 1
    config.natConfig.viaRewriteUse = True
    return config
