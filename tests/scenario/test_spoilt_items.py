"""Of a scenario with an item that is not well formed all others are still checked, and nothing is told that only follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detente.document import Document
from detente.scenario.files import locate, read_merged
from detente.scenario.partial import further_problems


def spoilt(document: Document, section: str, *names: str) -> Document:
    """The document with a key in these items that no item has."""
    items = document.data[section]
    return replace(document, data={**document.data, section: {name: {**item, "zzz": 1} if name in names else item for name, item in items.items()}})


def items_of(document: Document) -> list[tuple[str, str]]:
    return [(section, name) for section, items in document.data.items() if isinstance(items, dict) for name, item in items.items() if isinstance(item, dict)]


def test_any_item_of_a_scenario_may_be_spoilt_and_nothing_follows_from_it() -> None:
    document = read_merged(locate("first-steps"))
    for section, name in items_of(document):
        assert further_problems(spoilt(document, section, name)) == [], (section, name)


@pytest.mark.parametrize("part", range(4))
def test_checks_lean_on_no_item_of_a_large_scenario(part: int) -> None:
    """Every fifth item of each section spoilt at once, in four ways; what is told speaks of nothing that was left out."""
    document = read_merged(locate("baltic-2021"))
    names = [each for place, each in enumerate(items_of(document)) if place % 5 == part]
    for section in {section for section, _ in names}:
        left_out = {name for where, name in names if where == section}
        told = further_problems(spoilt(document, section, *left_out))
        assert not [problem for problem in told if any(f"{name!r}" in problem.what for name in left_out)]
