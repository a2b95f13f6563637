"""Stations and programmes of a user."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from bridge.api.command import UserCommand
from bridge.api.listening_views import ProgrammeView, StationView, Times


class AddStation(UserCommand[StationView]):
    """`address` of the stream, or of its .pls or .m3u. BadInput("bad_stream_address"),
    NotAllowed("too_many_stations").
    """

    name: str = Field(max_length=60)
    address: str = Field(max_length=2000)


class ListStations(UserCommand[list[StationView]]):
    """By name."""


class RenameStation(UserCommand[StationView]):
    """Another name for a station."""

    station: UUID
    name: str = Field(max_length=60)


class RemoveStation(UserCommand[None]):
    """Its programmes go with it."""

    station: UUID


class AddProgramme(UserCommand[ProgrammeView]):
    """Exactly one of `times`, `cron`, `calendar` and `calendar_address`.
    BadInput("bad_cron" | "bad_calendar" | "bad_schedule"), NotAllowed("too_many_programmes").
    """

    reschedules: ClassVar[bool] = True

    station: UUID
    title: str = Field(default="", max_length=60)
    times: Times | None = None
    cron: str = Field(default="", max_length=120)
    calendar: str = Field(default="", max_length=200_000)
    """iCalendar (RFC 5545), recurrence rules included."""
    calendar_address: str = Field(default="", max_length=2000)
    minutes: int | None = Field(default=None, ge=1, le=600)


class ListProgrammes(UserCommand[list[ProgrammeView]]):
    """The one that is due next first."""


class ChangeProgramme(UserCommand[ProgrammeView]):
    """Only what is given changes; 0 minutes: until the user hangs up."""

    reschedules: ClassVar[bool] = True

    programme: UUID
    title: str | None = Field(default=None, max_length=60)
    times: Times | None = None
    minutes: int | None = Field(default=None, ge=0, le=600)
    enabled: bool | None = None


class RemoveProgramme(UserCommand[None]):
    """It does not ring any more."""

    programme: UUID


class CallStation(UserCommand[None]):
    """Ring the user's phones now and play the station. NotAllowed("already_calling" |
    "no_phone").
    """

    station: UUID
