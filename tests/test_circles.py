"""No circle of imports: neither among modules, nor among the folders and files of one folder.

Imports under TYPE_CHECKING and inside of functions count, too. A `__main__` begins a program: it
stands above its room, and does not count for it.
"""

from collections.abc import Iterable
from functools import cache
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

PACKAGES = ("bot", "bridge", "scheduler")

Graph = dict[str, set[str]]
"""What each module imports."""


@cache
def imports() -> Graph:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    return {name: set(graph.find_modules_directly_imported_by(name)) for name in graph.modules}


def rooms_of(parent: str, graph: Graph) -> Graph:
    """What the modules and folders that lie directly in `parent` import of each other."""
    depth = parent.count(".") + 2

    def room(name: str) -> str:
        return ".".join(name.split(".")[:depth]) if name.startswith(f"{parent}.") else ""

    rooms: Graph = {}
    for name, imported in graph.items():
        if (own := room(name)) and not name.endswith(".__main__"):
            rooms.setdefault(own, set()).update({room(one) for one in imported} - {own, ""})
    return rooms


def circles(graph: Graph) -> list[str]:
    """Each circle as `a -> b -> a`; of those that share a link, one."""
    links = {name: set(imported) for name, imported in graph.items()}
    found = []
    while True:
        try:
            TopologicalSorter(links).prepare()
        except CycleError as circle:
            path: list[str] = circle.args[1][::-1]  # graphlib names what is imported first
            found.append(" -> ".join(path))
            links[path[0]].discard(path[1])
        else:
            return found


def parents(names: Iterable[str]) -> list[str]:
    return sorted({name.rpartition(".")[0] for name in names} - {""})


def test_modules_import_in_no_circle() -> None:
    assert circles(imports()) == []


@pytest.mark.parametrize("parent", parents(imports()))
def test_rooms_import_in_no_circle(parent: str) -> None:
    assert circles(rooms_of(parent, imports())) == []


MADE_UP: Graph = {
    "house.hall.door": {"house.hall.bell", "house.cellar.wine"},
    "house.hall.bell": {"house.attic"},
    "house.cellar.wine": set(),
    "house.cellar.rack": {"house.hall.door"},
    "house.attic": set(),
}


def test_a_circle_is_found_and_named() -> None:
    assert circles(MADE_UP) == []
    [found] = circles({**MADE_UP, "house.attic": {"house.hall.door"}})
    assert sorted(set(found.split(" -> "))) == ["house.attic", "house.hall.bell", "house.hall.door"]
    assert found.split(" -> ")[0] == found.split(" -> ")[-1]
    for name, imported in zip(found.split(" -> "), found.split(" -> ")[1:], strict=False):
        assert imported in {**MADE_UP, "house.attic": {"house.hall.door"}}[name]


def test_two_circles_are_both_found() -> None:
    assert len(circles({"a": {"b"}, "b": {"a"}, "c": {"d"}, "d": {"c"}})) == 2


def test_a_circle_of_rooms_is_found_where_modules_make_none() -> None:
    rooms = rooms_of("house", MADE_UP)
    assert rooms["house.hall"] == {"house.cellar", "house.attic"}
    [found] = circles(rooms)
    assert set(found.split(" -> ")) == {"house.hall", "house.cellar"}
    assert circles(rooms_of("house.hall", MADE_UP)) == []


def test_what_begins_a_program_stands_above_its_room() -> None:
    begun = {**MADE_UP, "house.attic.__main__": {"house.hall.door"}, "house.hall.bell": set()}
    assert "house.hall" not in rooms_of("house", begun)["house.attic"]
