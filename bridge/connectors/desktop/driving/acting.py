"""A step of a recipe, as the request to the agent that carries it out now."""

from collections.abc import Iterator, Mapping

from pydantic import SecretStr

from bridge.connectors.desktop.protocol.messages import Notified
from bridge.connectors.desktop.protocol.requests import (
    CallBus,
    Click,
    Close,
    Fill,
    Invoke,
    Open,
    Press,
    Request,
    Run,
)
from bridge.connectors.desktop.protocol.scene import Scene
from bridge.connectors.desktop.reading.happening import IncomingRing
from bridge.connectors.desktop.recipe.placeholders import filled, filled_argument, filled_selector
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.signs import Sign, WindowLooks, matches_action
from bridge.connectors.desktop.recipe.steps import RecipeStep


def request(
    recipe: Recipe,
    step: RecipeStep,
    scene: Scene,
    values: Mapping[str, str],
    ring: IncomingRing | None = None,
) -> Request | None:
    """None when there is nothing in the scene to do it with: no such notification is open, no such
    window is shown. `values`: the answers to the recipe's questions, and `peer` or `digit`. With
    `ring` only its own notifications and windows are meant, where it has any. Raises UnknownTarget
    for a value that a command would take for an option.
    """
    match step:
        case RecipeStep(action=str(pattern)):
            return _invoke(recipe, pattern, scene, ring)
        case RecipeStep(click=str(element)):
            return Click(element=_selector(recipe, element, values))
        case RecipeStep(click=point) if point is not None and not isinstance(point, str):
            window = _window(point.window, scene, ring)
            return Click(window=window, x=point.x, y=point.y) if window else None
        case RecipeStep(close=looks) if looks is not None:
            window = _window(looks, scene, ring)
            return Close(window=window) if window else None
        case RecipeStep(keys=str(keys)):
            window = _window(step.window, scene, ring) if step.window is not None else 0
            return None if window is None else Press(keys=filled(keys, values), window=window)
        case RecipeStep(fill=filling) if filling is not None:
            element = _selector(recipe, filling.element, values) if filling.element else ""
            return Fill(element=element, text=SecretStr(filled(filling.text, values)))
        case RecipeStep(open=str(address)):
            return Open(address=filled(address, values))
        case RecipeStep(run=argv) if argv is not None:
            return Run(argv=tuple(filled_argument(word, values) for word in argv))
        case RecipeStep(bus=bus) if bus is not None:
            arguments = (
                filled(one, values) if isinstance(one, str) else one for one in bus.arguments
            )
            called = bus.model_dump() | {"arguments": tuple(arguments)}
            return CallBus.model_validate(called)
    return None


def _invoke(recipe: Recipe, pattern: str, scene: Scene, ring: IncomingRing | None) -> Invoke | None:
    for one in _notifications(recipe, scene, ring):
        for action in one.actions:
            if matches_action(pattern, action.key, action.label):
                return Invoke(notification=one.id, key=action.key)
    return None


def _notifications(recipe: Recipe, scene: Scene, ring: IncomingRing | None) -> Iterator[Notified]:
    """Of calls, the latest first: never one of a message, which may have the same buttons."""
    ringing = [looks for sign in recipe.signs.rings if (looks := sign.notification) is not None]
    for one in reversed(scene.notifications.values()):
        own = ring is None or ("notification", one.id) in ring.keys
        if own and any(looks.fits(one) for looks in ringing):
            yield one


def _window(looks: WindowLooks, scene: Scene, ring: IncomingRing | None) -> int | None:
    found = [one.key for one in Sign(window=looks).found(scene, "")]
    own = [key for key in found if ring is not None and key in ring.keys]
    return int((own or found)[-1][1]) if found else None


def _selector(recipe: Recipe, element: str, values: Mapping[str, str]) -> str:
    return filled_selector(recipe.elements[element], values)
