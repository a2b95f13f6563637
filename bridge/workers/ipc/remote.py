"""A port at the other end of a link: whatever is awaited of it on this side is done there.

The Protocol is the only declaration: each of its coroutines is a question of that name, whose
fields are the parameters and whose answer is of the annotated type. Both are checked by pydantic
when they arrive. Nothing says for whom a port is: that was settled when its implementation was
made.
"""

from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import cache
from inspect import Parameter, Signature, iscoroutinefunction, signature
from typing import Annotated, Any, TypeVar, cast

from pydantic import (
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    create_model,
)

from bridge.errors import BadInput

Port = TypeVar("Port")
Body = dict[str, Any]
"""What is asked, in plain JSON; so is what is answered."""
Ask = Callable[[str, Body], Awaitable[Any]]
"""By the name of the question, "Library.playlist"."""
Answer = Callable[[Body], Awaitable[Any]]

_Bytes = Annotated[
    bytes,
    BeforeValidator(lambda sent: b64decode(sent) if isinstance(sent, str) else sent),
    PlainSerializer(lambda sent: b64encode(sent).decode()),
]


class Verb:
    """A coroutine of a port."""

    def __init__(self, name: str, shape: Signature) -> None:
        self.name = name
        self._shape = shape
        _, *parameters = shape.parameters.values()
        fields: dict[str, Any] = {one.name: _field(one) for one in parameters}
        # what is asked may be a password: a validation error must not quote it
        config = ConfigDict(extra="forbid", hide_input_in_errors=True)
        self._question = create_model(name.replace(".", "_"), __config__=config, **fields)
        self._reply: TypeAdapter[Any] = TypeAdapter(_sent(shape.return_annotation))

    def body(self, *given: Any, **named: Any) -> Body:
        """The question; `given` begins with whose method it is."""
        asked = dict(self._shape.bind(*given, **named).arguments)
        asked.pop(next(iter(self._shape.parameters)))
        body: Body = self._question(**asked).model_dump(mode="json")
        return body

    def arguments(self, body: Body) -> dict[str, Any]:
        """What is asked. BadInput("bad_request")."""
        try:
            return dict(self._question.model_validate(body))
        except ValidationError:
            raise BadInput("bad_request") from None

    def said(self, reply: Any) -> Any:
        return self._reply.dump_python(reply, mode="json")

    def heard(self, said: Any) -> Any:
        return self._reply.validate_python(said)


@cache
def verbs(port: type) -> Mapping[str, Verb]:
    """Every coroutine of `port`, by the name of its method."""
    methods = ((name, getattr(port, name)) for name in dir(port) if not name.startswith("_"))
    return {
        name: Verb(f"{port.__name__}.{name}", signature(one, eval_str=True))
        for name, one in methods
        if iscoroutinefunction(one)
    }


def remote(port: type[Port], ask: Ask) -> Port:
    """A `port` whose coroutines are asked over a link. They raise what is raised there, and
    NetworkDown when nobody answers.
    """
    methods = {name: _asking(verb, ask) for name, verb in _of(port)}
    return cast(Port, type(f"Remote{port.__name__}", (), methods)())


def served(port: type[Port], own: Port) -> dict[str, Answer]:
    """What answers the questions of a `remote` one, by their names: `own` does."""
    return {verb.name: _answering(verb, getattr(own, name)) for name, verb in _of(port)}


def _of(port: type[Port]) -> Iterable[tuple[str, Verb]]:
    return verbs(cast(Any, port)).items()


def _asking(verb: Verb, ask: Ask) -> Callable[..., Awaitable[Any]]:
    async def asked(*given: Any, **named: Any) -> Any:
        return verb.heard(await ask(verb.name, verb.body(*given, **named)))

    return asked


def _answering(verb: Verb, does: Callable[..., Awaitable[Any]]) -> Answer:
    async def answered(body: Body) -> Any:
        return verb.said(await does(**verb.arguments(body)))

    return answered


def _field(one: Parameter) -> tuple[Any, Any]:
    return _sent(one.annotation), ... if one.default is Parameter.empty else one.default


def _sent(kind: Any) -> Any:
    return _Bytes if kind is bytes else kind
