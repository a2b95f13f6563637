"""Steps become requests, with what is in the scene at that moment."""

import pytest

from bridge.connectors.desktop.driving.acting import request
from bridge.connectors.desktop.protocol.messages import Action, Notified, WindowSeen
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
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.recipe_store import RecipeStore
from bridge.connectors.desktop.recipe.steps import RecipeStep
from bridge.errors import UnknownTarget


@pytest.fixture
def scene() -> Scene:
    return Scene()


DINO = ((1200, 700, False), (704, 528, False), (148, 136, True))
"""Dino's windows: its own, that of a call, and the menu behind the button for calls."""


def note(number: int, *labels: str, app: str = "Dino") -> Notified:
    actions = tuple(Action(key=str(key), label=label) for key, label in enumerate(labels))
    return Notified(id=number, app=app, summary="Bob", body="", actions=actions)


def popup(number: int) -> WindowSeen:
    return WindowSeen(id=number, wm_class="linphone", width=300, height=120, override_redirect=True)


def ring_of(*keys: tuple[str, int]) -> IncomingRing:
    return IncomingRing("Bob", "", set(keys))


def done(
    name: str, step: RecipeStep, scene: Scene, ring: IncomingRing | None = None, **values: str
) -> Request | None:
    return request(RecipeStore().recipe(name), step, scene, values, ring)


def test_an_action_is_chosen_by_what_is_written_on_it(scene: Scene) -> None:
    """Chromium's keys are positions."""
    answer, _ = RecipeStore().recipe("dino").answer[0], scene.take(note(4, "Reject", "Accept"))
    assert done("dino", answer, scene) == Invoke(notification=4, key="1")


def test_without_its_notification_an_action_does_not_apply(scene: Scene) -> None:
    answer = RecipeStore().recipe("dino").answer[0]
    assert done("dino", answer, scene) is None
    scene.take(note(4, "Accept", app="Another program"))
    assert done("dino", answer, scene) is None


def test_the_second_caller_is_declined_and_not_the_first(scene: Scene) -> None:
    for number in (4, 5):
        scene.take(note(number, "Reject", "Accept"))
    decline = RecipeStore().recipe("dino").decline[0]
    for number in (4, 5):
        ring = ring_of(("notification", number))
        assert done("dino", decline, scene, ring) == Invoke(notification=number, key="0")


def test_a_click_goes_to_the_window_that_rings(scene: Scene) -> None:
    answer = RecipeStore().recipe("linphone").answer[0]
    assert done("linphone", answer, scene) is None
    for number in (50, 51):
        scene.take(popup(number))
    ring = ring_of(("window", 50))
    assert done("linphone", answer, scene, ring) == Click(window=50, x=150, y=78)
    assert done("linphone", answer, scene, ring_of()) == Click(window=51, x=150, y=78)


def test_a_command_is_given_words_and_no_options(scene: Scene) -> None:
    dial = RecipeStore().recipe("linphone").dial[0]
    called = done("linphone", dial, scene, peer="sip:bob@192.0.2.1; rm -rf /")
    assert called == Run(argv=("linphone", "call sip-address=sip:bob@192.0.2.1; rm -rf /"))
    alone = RecipeStep(run=("client", "{peer}"))
    with pytest.raises(UnknownTarget):
        done("linphone", alone, scene, peer="--config=/etc/passwd")


def test_a_name_cannot_break_out_of_a_selector(scene: Scene) -> None:
    click = done("web", RecipeStep(click="person"), scene, peer="x'], button[title='y\\")
    assert isinstance(click, Click)
    assert click.element.count("'") == 6, "the quotes of the recipe, and no other"
    assert r"x\27 ], button[title=\27 y\5c " in click.element


def test_what_is_put_in_is_not_looked_at_again(scene: Scene) -> None:
    step = RecipeStep(open="https://a.example/{peer}/{address}")
    opened = done("web", step, scene, peer="{address}", address="x")
    assert opened == Open(address="https://a.example/{address}/x")


def test_keys_text_and_bus_calls(scene: Scene) -> None:
    recipe = RecipeStore().recipe("linphone")
    scene.take(popup(50))
    steps = {
        Press(keys="7"): {"keys": "{digit}"},
        Close(window=50): {"close": {"class": "linphone"}},
        Press(keys="Return", window=50): {"keys": "Return", "window": {"class": "linphone"}},
        CallBus(
            name="org.a", path="/a", interface="a.b", member="Do", signature="s", arguments=("7",)
        ): {
            "bus": {
                "name": "org.a",
                "path": "/a",
                "interface": "a.b",
                "member": "Do",
                "signature": "s",
                "arguments": ["{digit}"],
            }
        },
    }
    for wanted, step in steps.items():
        assert request(recipe, RecipeStep.model_validate(step), scene, {"digit": "7"}) == wanted
    nothing = {"class": "nothing"}
    for step in ({"keys": "Return", "window": nothing}, {"close": nothing}):
        assert request(recipe, RecipeStep.model_validate(step), scene, {}) is None
    typed = request(
        recipe, RecipeStep.model_validate({"fill": {"text": "{pin}"}}), scene, {"pin": "12"}
    )
    assert isinstance(typed, Fill)
    assert typed.text.get_secret_value() == "12"
    assert "12" not in repr(typed)


@pytest.mark.parametrize("name", sorted(RecipeStore().recipes()))
def test_every_step_of_a_shipped_recipe_can_be_done(name: str, scene: Scene) -> None:
    """When what it needs is shown."""
    recipe: Recipe = RecipeStore().recipe(name)
    labels = ("Accept", "Reject", "Decline", "default")
    app = "Dino" if name == "dino" else "Chromium"
    scene.take(note(1, *labels, app=app).model_copy(update={"summary": "Bob is calling"}))
    scene.take(popup(50))
    for id, (width, height, is_popup) in enumerate(DINO, 51):
        window = WindowSeen(id=id, wm_class="dino-im", title="Dino", width=width, height=height)
        scene.take(window.model_copy(update={"override_redirect": is_popup}))
    for step in (*recipe.answer, *recipe.decline, *recipe.hang_up, *recipe.dial):
        assert done(name, step, scene, peer="bob@example.org") is not None, step
