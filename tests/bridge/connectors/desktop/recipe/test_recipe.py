"""Recipes: what is wrong in one becomes a sentence, and what is right becomes requests."""

import tomllib
from pathlib import Path

import pytest

from bridge.connectors.desktop.protocol.requests import Start
from bridge.connectors.desktop.recipe.recipe import Recipe
from bridge.connectors.desktop.recipe.recipe_parser import LARGEST, read
from bridge.connectors.desktop.recipe.recipe_store import SHIPPED, RecipeStore
from bridge.errors import SetupFault, UnknownTarget

SMALL = """\
title = "Small"
network = "small"

[program]
run = ["small-client"]

[signs]
rings = { notification = { action = "accept" }, name = "summary" }
in_call = { stream = { does = "records" } }

[[answer]]
action = "accept"

[[hang_up]]
run = ["small-client", "--bye"]
"""

WEB = SMALL.replace(
    '[program]\nrun = ["small-client"]',
    '[web]\naddress = "https://app.example.org:8443/calls"\n\n[elements]\ntoast = "#toast"',
)


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def parsed(text: str) -> Recipe:
    return Recipe.model_validate(tomllib.loads(text))


# --- what is wrong --------------------------------------------------------------------------------

WRONG = [
    ("title = ", "title = = ", "", "is no TOML: Invalid value (at line 1, column 9)"),
    ('title = "Small"\n', "", "title", "is missing"),
    ('title = "Small"', "title = 7", "title", "must be a text"),
    ('network = "small"', 'network = "Small Talk"', "network", "cannot be used"),
    ("[program]", "[programme]", "programme", "is not a key of a recipe"),
    ("rings = ", "ring = ", "signs.rings", "is missing"),
    ('does = "records"', 'does = "listens"', "signs.in_call[1].stream.does", "'plays'"),
    ('action = "accept" }', "}", "signs.rings[1].notification", "needs at least one of action,"),
    ('action = "accept" }', 'body = "(" }', "signs.rings[1].notification.body", "no regular exp"),
    (', name = "summary"', ', name = "colour"', "signs.rings[1]", '"summary" or "body"'),
    (', name = "summary"', ', window = { title = "x" }', "signs.rings[1]", "and only one"),
    ("in_call = ", "ended_after_ms = 20\nin_call = ", "signs.ended_after_ms", "500"),
    ('[[answer]]\naction = "accept"', "", "answer", "is missing"),
    ('[[answer]]\naction = "accept"', "[[answer]]", "answer[1]", "needs one of action, bus"),
    ('[[answer]]\naction = "accept"', '[[answer]]\naction = 3', "answer[1].action", "a text"),
    ('run = ["small-client"]', 'run = "small-client"', "program.run", "must be a list"),
    ('run = ["small-client"]', "run = []", "program.run", "must not be empty"),
    ('run = ["small-client"]', 'run = ["x", "{who}"]', "", "nothing is asked for {who}"),
    ('"--bye"', '"{peer}"', "", "hang_up: nothing is asked for {peer}"),
    ('action = "accept"\n', 'click = "accept"\n', "", "no element is called 'accept'"),
    ("[[answer]]", '[[hold]]\nopen = "x:"\n\n[[answer]]', "", "only a recipe with [web]"),
    ('{ notification = { action = "accept" }, name = "summary" }', '{ page = { url = "x" } }', "",
     "only a recipe with [web] has a page"),
    ('{ notification = { action = "accept" }, name = "summary" }',
     '{ stream = { does = "plays" } }', "", "programs play other things"),
    ("[program]\n", '[web]\naddress = "https://a.example"\n\n[program]\n', "", "and only one"),
    ('[[hang_up]]\nrun = ["small-client", "--bye"]',
     '[program.environment]\nPIN = "{pin}"\n[ask.pin]\nquestion = "PIN"\nsecret = true\n'
     '[[hang_up]]\nkeys = "q"', "", "{pin} is secret"),
    ("[program]\n", '[contacts]\nelement = "x"\nrun = ["y"]\n\n[program]\n', "contacts",
     "and only one"),
]  # fmt: skip


@pytest.mark.parametrize(("good", "bad", "key", "said"), WRONG)
def test_a_mistake_is_told_with_file_key_and_remedy(
    tmp_path: Path, good: str, bad: str, key: str, said: str
) -> None:
    path = written(tmp_path, SMALL.replace(good, bad))
    assert path.read_text() != SMALL, "the mistake is in"
    with pytest.raises(SetupFault) as told:
        read(path)
    sentence = told.value.sentence
    assert sentence.startswith(f"{path}: {key} " if key else f"{path}")
    assert said in sentence
    assert sentence.endswith("Correct it; docs/recipes.md explains every key.")
    assert told.value.facts["key"] == key
    assert "\n" not in sentence


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="No such file"):
        read(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xfc"')
    with pytest.raises(SetupFault, match="UTF-8"):
        read(tmp_path / "latin.toml")
    (tmp_path / "large.toml").write_text("#" * (LARGEST + 1))
    with pytest.raises(SetupFault, match="64 kB"):
        read(tmp_path / "large.toml")


def test_keys_and_windows_need_a_screen() -> None:
    keys = WEB.replace('action = "accept"\n', 'keys = "Return"\n')
    with pytest.raises(ValueError, match="answer: keys needs screen = true"):
        parsed(keys)
    close = WEB.replace('action = "accept"\n', 'close = { title = "call" }\n')
    with pytest.raises(ValueError, match="answer: close needs screen = true"):
        parsed(close)
    assert parsed(keys.replace("/calls", '/calls"\nscreen = true #')).needs_screen


@pytest.mark.parametrize("selector", ["text={peer}", "[title='x'] {peer}"])
def test_a_name_in_a_selector_stands_in_quotes(selector: str) -> None:
    toast = '"#toast"'
    with pytest.raises(ValueError, match=r"elements\.toast: a placeholder must stand in quotes"):
        parsed(WEB.replace(toast, f'"{selector}"'))
    parsed(WEB.replace(toast, """ "[title='{peer}'] b" """))


# --- what is right --------------------------------------------------------------------------------


def test_a_program_is_known_by_its_name() -> None:
    recipe = parsed(SMALL.replace('"small-client"]', '"/opt/small.client", "-v"]', 1))
    assert recipe.binary == r"small\.client"
    assert recipe.start({}) == Start(argv=("/opt/small.client", "-v"))
    assert recipe.watch() is None
    assert recipe.origins({}) == ()


def test_the_answers_are_put_in() -> None:
    recipe = RecipeStore().recipe("web")
    answers = {"address": "https://app.example.org:8443/calls?x={peer}"}
    assert recipe.start(answers).address == answers["address"]
    assert recipe.origins(answers) == ("https://app.example.org:8443",)
    assert set(recipe.ask) == {"address"}


def test_only_the_elements_of_signs_are_watched() -> None:
    sign = '{ page = { element = "toast" }, name = "caller" }'
    recipe = parsed(
        WEB.replace('{ notification = { action = "accept" }, name = "summary" }', sign).replace(
            'toast = "#toast"', 'toast = "#toast"\ncaller = "#toast b"\nbutton = "#hang-up"'
        )
    )
    watch = recipe.watch()
    assert watch is not None
    assert watch.elements == {"toast": "#toast", "caller": "#toast b"}


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("dino", "bob@example.org", "bob"),
        ("dino", "bob@example.org", "bob@example.org?message;body=x"),
        ("linphone", "sip:bob@192.0.2.1", "sip:bob@192.0.2.1 other=x"),
        ("linphone", "sip:bob@192.0.2.1", "-h"),
        ("web", "Bob Example", "--version"),
    ],
)
def test_only_what_can_exist_is_dialled(name: str, right: str, wrong: str) -> None:
    recipe = RecipeStore().recipe(name)
    assert recipe.target(f" {right} ") == right
    with pytest.raises(UnknownTarget):
        recipe.target(wrong)


def test_a_recipe_that_does_not_say_how_dials_nobody() -> None:
    with pytest.raises(UnknownTarget):
        parsed(SMALL).target("bob")


# --- the shelf ------------------------------------------------------------------------------------


def test_every_shipped_recipe_can_be_used() -> None:
    names = {path.stem for path in SHIPPED.glob("*.toml")}
    assert names == set(RecipeStore().recipes()) == {"dino", "linphone", "teams-free", "web"}


def test_what_nobody_has_verified_says_so() -> None:
    unverified = {name for name, recipe in RecipeStore().recipes().items() if not recipe.verified}
    assert unverified == {"teams-free", "web"}


def test_own_recipes_win_and_a_broken_one_spoils_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "dino.toml").write_text(SMALL)
    (tmp_path / "broken.toml").write_text("title = 7")
    shelf = RecipeStore(tmp_path)
    assert shelf.recipes()["dino"].title == shelf.recipe("dino").title == "Small"
    assert "broken" not in shelf.recipes()
    assert "broken.toml: title must be a text." in caplog.text
    with pytest.raises(SetupFault):
        shelf.recipe("broken")


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert set(RecipeStore(tmp_path / "nowhere").recipes()) == set(RecipeStore().recipes())
    assert "RECIPES" in caplog.text


@pytest.mark.parametrize("name", ["nothing", "../recipes/dino", ""])
def test_a_name_is_no_way_out_of_the_shelf(name: str) -> None:
    with pytest.raises(SetupFault, match="no_recipe"):
        RecipeStore().recipe(name)
