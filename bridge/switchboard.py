"""Every call passes here: this file is the table of contents of the house.

A friend calls an account (`incoming`); the user phones in (`phoned_in`) or calls one of his
contacts from the chat (`call_contact`); the house calls because there is something to hear
(`call_out`), to verify a phone (`verify`) or to test it (`test_call`). Each call is served from its
first ring to its record, and none is lost: whatever happens, one CDR is written.
"""

import logging
from uuid import UUID

from bridge.api.check_views import VerificationView
from bridge.api.listening_views import PlayoutKey
from bridge.api.views import CallAction, CallCard, PhoneView
from bridge.calls.call.call import Call, CalledAccount
from bridge.calls.checks.checkup import Checkup
from bridge.calls.checks.service_call import ServiceCall
from bridge.calls.checks.verification import Verification, new_digits
from bridge.calls.forwarding import talk, voicemail
from bridge.calls.forwarding.incoming import IncomingCall
from bridge.calls.forwarding.transcriber import MessageTranscriber
from bridge.calls.outgoing.call_through import CallThrough
from bridge.calls.phone_in import main_menu, pin_check
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.playout import dialogue
from bridge.calls.playout.call_out import CallOut
from bridge.calls.policy import routing, tollguard
from bridge.calls.policy.routing import Plan
from bridge.calls.ports.call_services import CallServices
from bridge.calls.ports.directory import OpenAddress
from bridge.calls.ports.leg import Leg
from bridge.calls.ports.library import CallOutOrder
from bridge.calls.serving.serving import Serving
from bridge.errors import NotAllowed, UnknownTarget
from bridge.terms import Cause, Direction, EndedBy

log = logging.getLogger(__name__)

UNPROVED = 2
"""So many callers may be asked for the PIN at a time: the others shall not find all lines taken.
One more where it is one of the user's own phones that calls.
"""


class Switchboard:
    """All calls of one user."""

    def __init__(self, services: CallServices) -> None:
        self._services = services
        self._serving = Serving(services)
        self._calls = self._serving.calls
        self._transcriber = MessageTranscriber(services)

    # --- somebody calls --------------------------------------------------------------------------

    def offer(self, leg: Leg, account: CalledAccount) -> None:
        """Take a call that a session offers; returns at once."""
        serve = self.phoned_in if account.is_phone_in else self.incoming
        self._serving.start(serve(leg, account))

    async def incoming(self, leg: Leg, account: CalledAccount) -> None:
        """Somebody rings one of the user's accounts; returns when the call is over and kept."""
        call = IncomingCall(self._services, leg, account, self._transcriber)
        async with self._serving.served(call), call.alive():
            await self._put_through(call)

    async def _put_through(self, call: IncomingCall) -> None:
        """The life of a call. The caller is answered only once somebody accepts, or to record."""
        if self._serving.closing:
            call.end(Cause.NO_ANSWER, EndedBy.HOUSE)  # 480; 503 would condemn the route to us
        if call.ending is not None:
            return
        engaged = self._calls.engaged(but=call)
        plan = routing.plan(call.rules, call.caller, self._services.clock.now(), engaged)
        call.reason = plan.reason
        if plan.rejected:
            return call.end(Cause.DECLINED, EndedBy.HOUSE)
        call.show()
        await call.leg.ring()
        winner = await call.hunt.ring_out(plan)
        if winner is None:
            call.reason = call.reason or call.hunt.refusal
            winner = await voicemail.take(call)
        if winner is not None:
            await talk.join(call, winner)

    async def act(self, call: UUID, action: CallAction, phone: UUID | None = None) -> None:
        """A button of a call card. UnknownTarget("call_over") when it comes too late."""
        await self._running(call).act(action, phone)

    # --- the user phones in ----------------------------------------------------------------------

    async def phoned_in(self, leg: Leg, account: CalledAccount) -> None:
        """Somebody rings a number of the house; the user, if he can prove it, gets the menu."""
        call = PhonedIn(self._services, leg, account, self._serving.served)
        async with self._serving.served(call), call.alive():
            await self._receive(call)

    async def _receive(self, call: PhonedIn) -> None:
        room = UNPROVED + (call.phone is not None)
        if self._serving.closing or self._calls.unproved(call) >= room:
            call.end(Cause.BUSY, EndedBy.HOUSE)
        if call.ending is not None:
            return
        await call.answer()
        if await pin_check.is_let_in(call):
            call.admitted()
            await main_menu.receive(call)

    async def call_contact(
        self, contact: UUID, way: OpenAddress | None, phone: UUID | None
    ) -> None:
        """Ring the user's phones, or only `phone`, then `contact`; returns once they may ring.

        UnknownTarget("no_such_contact" | "no_such_phone"), NotAllowed("no_phone" | "no_way" |
        "on_the_phone" | "not_verified").
        """
        called = await self._services.directory.contact(contact)
        open_ways = [one for one in called.ways if way is None or one.leads_as(way)]
        if not open_ways:
            raise NotAllowed("no_way", name=called.name)
        rounds = routing.rounds_of(self._services.subscriber.rules())
        if phone is not None:
            rounds = ((self._verified_phone(phone),),)
        if not rounds:
            raise NotAllowed("no_phone")
        if self._serving.closing or self._calls.engaged():
            raise NotAllowed("on_the_phone")
        call = CallThrough(self._services, called, open_ways[0])
        self._calls.add(call)  # from now on nobody else calls these phones
        self._serving.start(self._call_through(call, Plan(rounds)))

    async def _call_through(self, call: CallThrough, plan: Plan) -> None:
        """The life of a call that the user makes from the chat."""
        async with self._serving.served(call), call.alive():
            winner = await call.ring_user(plan)
            if winner is not None:
                await call.connect(winner)

    # --- there is something to hear --------------------------------------------------------------

    async def call_out(self, order: CallOutOrder) -> None:
        """Ring the user's phones and play to him; returns as soon as they may ring.

        UnknownTarget("job_over" | "nothing_new" | "no_such_..."), NetworkDown("not_downloaded"),
        NotAllowed("no_phone" | "already_calling").
        """
        playlist = await self._services.library.playlist(order)
        if not routing.rounds_of(self._services.subscriber.rules()):
            raise NotAllowed("no_phone")
        if self._serving.closing or self._calls.engaged():
            raise NotAllowed("already_calling")
        call = CallOut(self._services, order, playlist)
        self._calls.add(call)  # from now on nobody else calls these phones
        try:
            if order.job is not None and not await self._services.library.dialling(
                order.job, call.id
            ):
                raise UnknownTarget("job_over")
        except BaseException:
            self._calls.remove(call)
            raise
        self._serving.start(self._play_out(call))

    async def _play_out(self, call: CallOut) -> None:
        """The life of a call-out."""
        async with self._serving.served(call), call.alive():
            winner = await call.ring_user(Plan(routing.rounds_of(call.rules)))
            if winner is not None:
                await dialogue.listen(call, winner)

    async def press(self, call: UUID, key: PlayoutKey) -> None:
        """A button of who listens. UnknownTarget("call_over") when it comes too late."""
        self._running(call).press(key)

    # --- the house calls -------------------------------------------------------------------------

    async def verify(self, phone: UUID) -> VerificationView:
        """Call a phone and ask for the digits that this gives back at once; PhoneChecked follows.

        NotAllowed("cooling" | "already_calling" | a rule of the tollguard), UnknownTarget.
        """
        tries_left = await self._services.subscriber.verification_tries_left(phone)
        call = self._service_call(Direction.VERIFICATION, phone)
        digits = new_digits()
        self._serving.start(self._run(call, Verification(call, digits, tries_left)))
        return VerificationView(digits=digits, tries_left=tries_left)

    async def test_call(self, phone: UUID) -> None:
        """Call a phone to test its sound and keys; TestCallEnded follows.

        NotAllowed("not_verified" | "already_calling" | a rule of the tollguard), UnknownTarget.
        """
        self._verified_phone(phone)
        call = self._service_call(Direction.TEST, phone)
        self._serving.start(self._run(call, Checkup(call)))

    def _service_call(self, direction: Direction, phone_id: UUID) -> ServiceCall:
        phone = self._own_phone(phone_id)
        tollguard.check(phone.address, self._services.subscriber.rules().countries)
        running = (call for call in self._calls if isinstance(call, ServiceCall))
        if self._serving.closing or any(call.phone.id == phone.id for call in running):
            raise NotAllowed("already_calling")
        call = ServiceCall(self._services, direction, phone)
        self._calls.add(call)  # from now on nobody else calls this phone
        return call

    async def _run(self, call: ServiceCall, dialogue: Verification | Checkup) -> None:
        async with self._serving.served(call):
            await dialogue.run()

    def _own_phone(self, id: UUID) -> PhoneView:
        phone = self._services.subscriber.rules().phone(id)
        if phone is None:
            raise UnknownTarget("no_such_phone")
        return phone

    def _verified_phone(self, id: UUID) -> PhoneView:
        phone = self._own_phone(id)
        if not phone.verified:
            raise NotAllowed("not_verified")
        return phone

    # --- all calls -------------------------------------------------------------------------------

    def running(self) -> list[CallCard]:
        """The calls that go on, the oldest first."""
        return [call.card() for call in self._calls if call.ending is None]

    async def drain(self, seconds: float) -> None:
        """Take no more calls, let the running ones go on for `seconds`, then end them."""
        await self._serving.drain(seconds)
        await self._transcriber.close()

    def _running(self, id: UUID) -> Call:
        call = self._calls.get(id)
        if call is None:
            raise UnknownTarget("call_over")
        return call
