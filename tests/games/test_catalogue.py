"""The list of classic games."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from detente import games
from detente.errors import InvalidInput
from detente.games.classic import HOMES


def test_every_game_has_its_entry_and_its_name() -> None:
    """Found from `detente.games`, with the sentence of its function; no name stands for two."""
    entries = games.catalogue()
    assert [entry.name for entry in entries] == list(HOMES)
    for entry in entries:
        assert getattr(games, entry.name) is entry.make
        assert entry.make.__doc__ and entry.citation and entry.provenance
        assert entry.name in games.__all__
        assert len(str(entries).splitlines()) == 1 + len(entries)


def test_the_list_can_be_narrowed() -> None:
    """By number or name of players and by text of the other fields; an unknown field is told."""
    assert {entry.information for entry in games.catalogue(information="two-sided", form="game")} == {"two-sided"}
    assert all("challenger" in entry.players for entry in games.catalogue(players="Challenger"))
    assert all(len(entry.players) == 2 for entry in games.catalogue(players=2))
    assert [entry.name for entry in games.catalogue(name="unilateral")] == ["unilateral_deterrence"]
    with pytest.raises(InvalidInput, match="did you mean 'citation'"):
        games.catalogue(citations="Powell")


@pytest.mark.parametrize(
    ("name", "numbers", "complete"),
    [
        ("rudimentary_deterrence", {"defender_hard": 0.3}, True),
        ("unilateral_deterrence", {"challenger_hard": 0.5, "defender_hard": 0.53}, False),
        ("unilateral_deterrence", {"challenger_hard": 0.3, "defender_hard": 0.2}, False),
        ("mutual_deterrence", {"a_hard": 0.75, "b_hard": 0.9}, True),
        ("mutual_deterrence", {"a_hard": 0.45, "b_hard": 0.35}, True),
        ("tripartite_crisis", {"challenger_determined": 0.9, "protege_disloyal": 0.2}, False),
        ("trust_game", {"a_seeker": 0.6, "b_seeker": 0.7}, True),
        ("inspection_game", {}, True),
        ("chance_threat", {"risk": 0.22, "undeterrable": 0.5}, True),
        ("centipede", {"moves": 4}, True),
    ],
)
def test_the_solver_finds_every_class(name: str, numbers: dict[str, float], complete: bool) -> None:
    """Supports are enumerated without a closed form; where classes are all there are, it finds nothing else."""
    game = getattr(games, name)(**numbers)
    classes = [game.class_of(found) for found in game.equilibria()]
    assert {one.name for one in classes if one is not None} == {one.name for one in game.closed_form()}
    assert not complete or None not in classes


@pytest.mark.parametrize("home", ["registry", "entry", *dict.fromkeys(HOMES.values())])
def test_examples_run(home: str) -> None:
    """As they stand in the docstrings."""
    ran = doctest.testmod(import_module(f"detente.games.classic.{home}"))
    assert ran.attempted > 0 and ran.failed == 0
