"""The list of classic games."""

from __future__ import annotations

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
