"""Read extensive-form games in Gambit's .efg format, version 2.

A file is a header (`EFG 2 R "title" { "player" ... } "comment"`) and the nodes in preorder:

    c "name" infoset ["label"] [{ "action" probability ... }] outcome ["label"] [{ payoffs }]
    p "name" player infoset ["label"] [{ "action" ... }]      outcome ["label"] [{ payoffs }]
    t "name" outcome ["label"] [{ payoffs }]

Actions may be listed at the first appearance of an information set only, payoffs at the first appearance of an outcome. Payoffs on the way are added to
the ends below them; outcome 0 pays nothing. Numbers are decimals or rationals n/d. Everything else is refused with `file:line:col`. What
is written (`efg_writer`) is of this format. Reference: https://gambitproject.readthedocs.io/en/latest/formats.efg.html.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from detente.errors import InvalidInput, Problem
from detente.games.efg_reader import Reader
from detente.games.game import Game

MAX_BYTES = 8_000_000


def load(path: str | PathLike[str]) -> Game:
    """Read the .efg file at `path`.

    Raises
    ------
    InvalidInput
        If the file cannot be read, is not .efg version 2, or holds no game that can be solved; names file, line and column.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput(Problem(name, "cannot be read", error.strerror or str(error), "give the path of an .efg file")) from None
    except ValueError as error:
        raise InvalidInput(Problem(name, "not a readable UTF-8 text file", str(error), "save it as UTF-8")) from None
    return loads(text, name)


def loads(text: str, name: str = "<text>") -> Game:
    """Read a game from .efg text; `name` stands for the file in messages.

    Examples
    --------
    >>> from detente.games import loads
    >>> game = loads('EFG 2 R "" { "Ann" } p "" 1 1 "" { "stay" "go" } 0 t "" 1 "" { 0 } t "" 2 "" { 1/3 }')
    >>> game.infosets
    ((0, ('stay', 'go')),)
    """
    if len(text) > MAX_BYTES:
        raise InvalidInput(Problem(name, f"longer than {MAX_BYTES:,} characters", "it would not fit in memory as a tree", "give a smaller game"))
    return Reader(text, name).game()
