"""What the host's settings mean for SIP."""

from bridge.audio.pjmedia.engine import EngineSettings
from bridge.connectors.sip.provider import Provider
from bridge.settings import Settings
from bridge.workers.media.sip_address import sip_address


def engine_settings(settings: Settings) -> EngineSettings:
    return EngineSettings(
        sip_address(settings),
        settings.rtp_range,
        stun_server=settings.stun_server,
        wideband=settings.wideband,
    )


def trunk_of(settings: Settings) -> Provider | None:
    """The host's trunk; it only places calls, so it is not registered."""
    if not settings.trunk_registrar:
        return None
    return Provider(
        registrar=settings.trunk_registrar,
        user=settings.trunk_user,
        password=settings.trunk_password.get_secret_value(),
        auth_name=settings.trunk_auth_name,
        proxy=settings.trunk_proxy,
        transport=settings.trunk_transport,
        registers=False,
        shows_caller=settings.trunk_shows_caller,
    )
