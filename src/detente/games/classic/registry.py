"""The list of all games of the catalogue, which can be narrowed and prints as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from difflib import get_close_matches
from importlib import import_module
from typing import Any, overload

from detente.errors import InvalidInput, Problem
from detente.games.classic.entry import ENTRIES, Entry

HOMES = {
    "rudimentary_deterrence": "deterrence",
    "unilateral_deterrence": "deterrence",
    "mutual_deterrence": "mutual_deterrence",
    "asymmetric_escalation": "asymmetric_escalation",
    "tripartite_crisis": "tripartite",
    "bargaining_range": "bargaining",
    "first_strike_bargain": "bargaining",
    "risk_return": "bargaining",
    "preventive_war": "bargaining",
    "backing_down": "costly_signals",
    "costly_signals": "costly_signals",
    "lewis_schultz_signalling": "signalling",
    "chance_threat": "chance_threat",
    "usable_threats": "chance_threat",
    "critical_risk": "resolve",
    "contest_of_resolve": "resolve",
    "power_and_risk": "power_and_risk",
    "trust_game": "trust",
    "spiral": "trust",
    "reassurance": "trust",
    "alliance_reliability": "alliances",
    "commitment": "alliances",
    "strike_stability": "first_strike",
    "inspection_game": "inspection",
    "recursive_inspection": "inspection",
    "arms_race": "arms_race",
    "centipede": "centipede",
}
FILTERS = tuple(field.name for field in fields(Entry) if field.name not in ("make", "closed_forms", "orderings", "probabilities"))


class Catalogue(Sequence[Entry]):
    """Entries in the order of the catalogue. `str` gives name, players, information and title as a table."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> Catalogue: ...
    def __getitem__(self, place: int | slice) -> Entry | Catalogue:
        return Catalogue(self._entries[place]) if isinstance(place, slice) else self._entries[place]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        rows = [("name", "players", "information", "title")]
        rows += [(entry.name, ", ".join(entry.players), entry.information, entry.title) for entry in self]
        widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def catalogue(**wanted: Any) -> Catalogue:
    """The games of the catalogue, or those that fit.

    Parameters
    ----------
    **wanted
        `players` is a number of players or a player's name; `name`, `title`, `information`, `citation`, `provenance` and `form` (game or model) are
        text that must be found there, whatever its case.

    Returns
    -------
    Catalogue
        A sequence of `Entry`; prints as a table.

    Raises
    ------
    InvalidInput
        If a keyword is none of these.

    Examples
    --------
    >>> from detente import games
    >>> [entry.name for entry in games.catalogue(information="one-sided", citation="Zagare", players=2)]
    ['rudimentary_deterrence']
    """
    unknown = [name for name in wanted if name not in FILTERS]
    if unknown:
        near = {name: get_close_matches(name, FILTERS, 1) for name in unknown}
        raise InvalidInput(
            Problem(
                name,
                "entries have no such field",
                f"they have {', '.join(FILTERS)}",
                f"did you mean {near[name][0]!r}?" if near[name] else "use one of them",
            )
            for name in unknown
        )
    for home in dict.fromkeys(HOMES.values()):
        import_module(f"detente.games.classic.{home}")
    return Catalogue([ENTRIES[name] for name in HOMES if all(_fits(ENTRIES[name], field, value) for field, value in wanted.items())])


def _fits(entry: Entry, field: str, value: Any) -> bool:
    held = getattr(entry, field)
    if field == "players":
        return len(held) == value if isinstance(value, int) else str(value).lower() in [player.lower() for player in held]
    return str(value).lower() in held.lower()
