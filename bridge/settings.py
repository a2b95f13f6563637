"""What the host decides, read from the environment and from `.env`; `.env.example` explains each.

Everything a *user* decides is in the store and is changed by chat.
"""

from functools import cached_property
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bridge.errors import SetupFault


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is not a time zone; use a name such as Europe/Berlin")
    return value


def _country(value: str) -> str:
    if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{value!r} is not a country code; use two letters such as DE")
    return value.upper()


def _ports(value: str) -> str:
    low, _, high = value.partition("-")
    if not (low.isdigit() and high.isdigit() and 1024 <= int(low) < int(high) - 98 <= 65437):
        raise ValueError("must be two ports with at least 100 between them, such as 20000-29999")
    return value


One = TypeVar("One")
ByCommas = Annotated[tuple[One, ...], NoDecode, BeforeValidator(_split)]
Country = Annotated[str, AfterValidator(_country)]


class Settings(BaseSettings):
    """Fields in the order of `.env.example`; a test compares the two."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    telegram_bot_token: SecretStr | None = None

    time_zone: Annotated[str, AfterValidator(_zone)] = "Europe/Berlin"
    country: Country = "DE"
    allowed_countries: ByCommas[Country] = ()

    trunk_registrar: str = ""
    trunk_user: str = ""
    trunk_password: SecretStr = SecretStr("")
    trunk_auth_name: str = ""
    trunk_proxy: str = ""
    trunk_transport: Literal["udp", "tcp", "tls"] = "udp"
    trunk_shows_caller: bool = False

    sip_address: IPv4Address | None = None
    sip_trusted: ByCommas[IPv4Network] = ()
    rtp_ports: Annotated[str, AfterValidator(_ports)] = "20000-29999"
    wideband: bool = False
    stun_server: str = ""

    concurrent_calls: int = Field(default=2, ge=1, le=4)
    minutes_a_day: int = Field(default=120, ge=1)
    house_minutes_a_day: int = Field(default=600, ge=1)
    longest_call_minutes: int = Field(default=240, ge=1)
    dead_call_seconds: int = Field(default=30, ge=5)
    voicemail_seconds: int = Field(default=180, ge=10, le=600)
    drain_seconds: int = Field(default=60, ge=0, le=3600)
    history_days: int = Field(default=365, ge=1)

    episodes_mb: int = Field(default=5000, ge=100)
    private_hosts: ByCommas[str] = ()

    speech_engine: Literal["pocketsphinx", "vosk", "faster-whisper", "off"] = "pocketsphinx"
    speech_model: Path | None = None
    speech_languages: ByCommas[str] = ("de", "en")
    piper_voice_en: Path | None = None
    piper_voice_de: Path | None = None

    recipes: Path | None = None
    authorities: Path | None = None

    data_dir: Path = Path("var")
    database_url: SecretStr = SecretStr("")
    seal_key_file: Path | None = None
    control_tcp: str = ""
    control_token: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def countries(self) -> frozenset[str]:
        """ISO regions that may be called; the host's own country when nothing was chosen."""
        return frozenset(self.allowed_countries or (self.country,))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def rtp_range(self) -> tuple[int, int]:
        low, _, high = self.rtp_ports.partition("-")
        return int(low), int(high)

    @property
    def database(self) -> str:
        """SQLAlchemy URL; SQLite in the data directory by default."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'skype2sip.db'}"

    def of_worker(self) -> "Settings":
        """Without what only the chat and the house need: who breaks into a worker gets neither."""
        theirs = dict.fromkeys(("telegram_bot_token", "control_token", "seal_key_file"))
        return self.model_copy(update={**theirs, "database_url": SecretStr("")})

    @cached_property
    def control_socket(self) -> Path:
        return self.data_dir / "control.sock"


def load() -> Settings:
    """The settings, or SetupFault with one sentence that names the setting and the remedy."""
    try:
        return Settings()
    except ValidationError as why:
        first = why.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "the settings"
        raise SetupFault(
            "bad_setting",
            setting=name,
            why=f"{name} cannot be used: {first['msg'].removeprefix('Value error, ')}.",
            remedy="Correct it in .env; .env.example explains it.",
        ) from None
