"""The house calls because there is something to hear: a new episode, a programme that begins."""

from typing import Any

from bridge.api.listening_views import Playing, PlayoutKey
from bridge.api.views import CardState
from bridge.audio.port import AudioPort
from bridge.calls.forwarding.outbound import OutboundCall
from bridge.calls.playout.announcement import announcement
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.library import CallOutOrder, Playlist
from bridge.calls.spoken import title
from bridge.errors import UnknownTarget
from bridge.terms import Cause, Direction, EndedBy, Party


class CallOut(OutboundCall):
    """Rings the user and plays `playlist`. Served inside `alive`."""

    def __init__(self, services: CallServices, order: CallOutOrder, playlist: Playlist) -> None:
        super().__init__(services, Direction.CALL_OUT)
        self.goes_on = False
        self.order = order
        self.playlist = playlist
        self.caller = Party("", playlist.name)
        item = playlist.items[playlist.first]
        self.playing = Playing(
            medium=playlist.medium,
            name=playlist.name,
            title=item.title,
            position=item.position,
            seconds=item.seconds,
            podcast=playlist.podcast,
            episode=item.episode,
            station=playlist.station,
            programme=playlist.programme,
        )

    def now_playing(self, **facts: Any) -> None:
        """What its card shows from now on: fields of Playing."""
        assert self.playing is not None
        self.playing = self.playing.model_copy(update=facts)
        self.show()

    async def settle(self) -> None:
        """Tell whoever ordered it how it went. Who does not want it is not called again for it."""
        if self.order.job is not None:
            listened = self.answered is not None or self._refused
            reason = "" if listened else self.hunt.refusal or "not_accepted"
            await self.services.library.settle(self.order.job, listened, reason)

    # --- what the phones show and say ------------------------------------------------------------

    @property
    def showing(self) -> Party:
        return Party("", title(self.playlist.name) or self.playlist.medium.capitalize())

    async def announce(self, port: AudioPort) -> None:
        text = announcement(self.rules.language, self.order, self.playlist)
        await self.services.read_out(port, text)

    # --- what the chat says ----------------------------------------------------------------------

    def _hung_up(self) -> Cause:
        return Cause.NORMAL if self.hunt.won.done() else Cause.DECLINED

    def press(self, key: PlayoutKey) -> None:
        """As if it came from the phone that listens. UnknownTarget("call_over") if none does."""
        winner = self.hunt.winner
        if self.ending is not None or self.answered is None or not winner or not winner.dialled:
            raise UnknownTarget("call_over")
        winner.dialled.listener.keys.put_nowait(key.value)

    # --- what happens to it ----------------------------------------------------------------------

    def gone(self, cause: Cause | None, by: EndedBy) -> None:
        """The phone that accepted is gone."""
        if self.answered is None and (winner := self.hunt.winner) is not None:
            self.pick_up(winner.phone)  # in the moment between its key and its sound
        silent = cause is Cause.MEDIA_LOST
        self.end(cause or Cause.FAILED, EndedBy.HOUSE if silent else by)

    @property
    def _refused(self) -> bool:
        ending = self.ending
        return ending is not None and (ending.cause, ending.by) == (Cause.DECLINED, EndedBy.PHONE)

    def _final_state(self) -> CardState:
        if self.answered is not None:
            return CardState.ENDED
        return CardState.DECLINED if self._refused else CardState.MISSED
