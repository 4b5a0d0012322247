"""Pictures of trees: well-formed, with every name and number, and no text upon another."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.games.build import random_game

from detente.errors import InvalidInput
from detente.games import Decision, Game, Terminal, centipede, load, tripartite_crisis, unilateral_deterrence

SVG = "{http://www.w3.org/2000/svg}"
GAMES = {
    "deterrence": unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2),
    "centipede": centipede(moves=6),
    "tripartite crisis": tripartite_crisis(challenger_determined=0.3, protege_disloyal=0.2),
    "24 ends": random_game(1),
    "40 ends": random_game(2, kinds=5, actions=2, replies=2),
    "markup": Game('<a> & "b"', ("x<y", "&"), Decision(0, 1, (("<go>", Terminal(0, "a&b")), ("stay", Terminal(1)))), (), [[1, -2], [3e7, 4e-9]]),  # type: ignore[arg-type]
}


def texts(game: Game) -> list[tuple[str, float, float, float, float]]:
    """Every text with its left, right, top and bottom, letters taken as 0.55 of their size: a usual sans-serif."""
    found = []
    for text in ElementTree.fromstring(game.draw().svg).iter(f"{SVG}text"):
        size, words = float(text.get("font-size", "13")), "".join(text.itertext())
        width = 0.55 * size * len(words) + sum(float(part.get("dx", "0")) for part in text)
        x, y = float(text.get("x", "")), float(text.get("y", ""))
        left = x - width if text.get("text-anchor") == "end" else x
        found.append((words, left, left + width, y - 0.75 * size, y + 0.2 * size))
    return found


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_no_text_lies_on_another_or_outside(game: Game) -> None:
    picture = ElementTree.fromstring(game.draw().svg)
    placed = texts(game)
    assert len(placed) > 5
    for one, other in combinations(placed, 2):
        assert one[2] <= other[1] or other[2] <= one[1] or one[4] <= other[3] or other[4] <= one[3], (one, other)
    width, height = float(picture.get("width", "")), float(picture.get("height", ""))
    assert all(left >= 0 and right <= width and top >= 0 and bottom <= height for _, left, right, top, bottom in placed)


def test_every_name_and_number_is_there() -> None:
    shown = [text for text, *_ in texts(GAMES["markup"])]
    assert {'<a> & "b"', "x<y", "<go>", "stay", "1, \N{MINUS SIGN}2a&b", "3e+07, 4e\N{MINUS SIGN}09"} <= set(shown)
    assert "hard challenger (0.3)" in [text for text, *_ in texts(GAMES["deterrence"])]


def test_members_of_an_information_set_are_joined_and_no_line_runs_through_payoffs() -> None:
    """Two types of the defender and four sets of the challenger, of two members each: six dashed lines."""
    svg = GAMES["deterrence"].draw().svg
    dashed = [re.findall(r"[\d.]+,[\d.]+", line) for line in re.findall(r'<path d="([^"]+)"[^>]*stroke-dasharray', svg)]
    assert len(dashed) == 6
    ends = [(left, right) for text, left, right, *_ in texts(GAMES["deterrence"]) if text == "0.6, 0.9SQ"]
    assert len(ends) == 4
    for points in dashed:
        across = [float(point.partition(",")[0]) for point in points]
        assert all(not left <= x <= right for x in across for left, right in ends)


def test_a_picture_is_saved_and_shown_by_notebooks(tmp_path: Path, shared: Path) -> None:
    for file in sorted((shared / "vectors" / "aqre").glob("*.efg"))[:3]:
        picture = load(file).draw()
        picture.save(tmp_path / "tree.svg")
        assert (tmp_path / "tree.svg").read_text(encoding="utf-8") == picture._repr_svg_()


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(InvalidInput, match="3 draws"):
        random_game(0, draws=3).draw()
    with pytest.raises(InvalidInput, match="1,000 ends; at most 500"):
        random_game(0, kinds=10, actions=5, replies=4).draw()
