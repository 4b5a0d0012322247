"""The .efg format: what is written is read back, and what is wrong is refused where it stands."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pygambit
import pytest
from tests.games.build import random_game

from detente.errors import InvalidInput
from detente.games import Chance, Decision, Game, Terminal, dumps, load, loads, quantal_response, save

HEAD = 'EFG 2 R "title" { "Ann" "Bob" }\n""\n'


def same(one: Game, other: Game) -> bool:
    """Equal players, tree, chances and payoffs, however outcomes and information sets are numbered."""

    def shape(game: Game, node: Any, sets: dict[Any, int]) -> Any:
        if isinstance(node, Terminal):
            return tuple(game.payoffs[node.outcome])
        if isinstance(node, Chance):
            return tuple((round(game.chance[number], 12), label, shape(game, child, sets)) for number, label, child in node.branches)
        infoset = sets.setdefault((node.player, node.infoset), len(sets))
        return node.player, infoset, tuple((label, shape(game, child, sets)) for label, child in node.branches)

    return (one.title, one.players) == (other.title, other.players) and shape(one, one.root, {}) == shape(other, other.root, {})


@pytest.mark.parametrize("seed", range(3))
def test_a_game_that_is_written_is_read_back(seed: int) -> None:
    game = random_game(seed)
    assert same(loads(dumps(game)), game)
    assert dumps(loads(dumps(game))) == dumps(loads(dumps(loads(dumps(game)))))


def test_what_is_written_has_chances_that_sum_to_exactly_one() -> None:
    """As Gambit wants: three numbers of a Dirichlet, whose shortest decimals do not."""
    for seed in range(20):
        text = dumps(random_game(seed, kinds=3))
        assert pygambit.read_efg(io.BytesIO(text.encode())).title == f"random {seed}"


def test_the_shared_games_survive_a_round_trip(shared: Path, tmp_path: Path) -> None:
    files = sorted((shared / "vectors" / "aqre").glob("*.efg"))
    assert len(files) == 12
    for file in files:
        game = load(file)
        save(game, tmp_path / file.name)
        assert same(load(tmp_path / file.name), game)


def test_names_with_quotes_and_foreign_letters_survive() -> None:
    game = Game('say "x" \\ y', ("Ærø", "b c"), Decision(1, "i", (('a "b"', Terminal(0)), ("ü\\", Terminal(1)))), (), [[1.5, -2], [1e-300, 7e22]])  # type: ignore[arg-type]
    assert same(loads(dumps(game)), game)


def test_rationals_defaults_and_payoffs_on_the_way() -> None:
    """1/3 is a third; actions and payoffs listed once hold again; outcome 0 pays nothing; outcomes on the way are added to the ends below."""
    text = HEAD + """
    c "" 1 "" { "h" 1/3 "t" 2/3 } 0
    p "" 1 1 "" { "l" "r" } 1 "fee" { -1/4, 0 }
    t "" 2 "" { 1 2 }
    t "" 0
    p "" 1 1 "" 1
    t "" 2
    t "" 3 "" { 1e2 .5 }
    """
    game = loads(text)
    np.testing.assert_allclose(game.chance, [1 / 3, 2 / 3], rtol=1e-15)
    assert game.infosets == ((0, ("l", "r")),)
    assert isinstance(game.root, Chance)
    paid = []
    for _, _, node in game.root.branches:
        assert isinstance(node, Decision)
        for _, end in node.branches:
            assert isinstance(end, Terminal)
            paid.append(game.payoffs[end.outcome].tolist())
    assert paid == [[0.75, 2.0], [-0.25, 0.0], [0.75, 2.0], [99.75, 0.5]]


def test_gambit_writes_what_we_read(shared: Path) -> None:
    """The same equilibrium before and after Gambit has written the game anew."""
    file = shared / "vectors" / "aqre" / "game03.efg"
    again = loads(pygambit.read_efg(file).to_efg())
    np.testing.assert_allclose(quantal_response(again, 2.0).log_behaviour, quantal_response(load(file), 2.0).log_behaviour, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("", "1:1", "EFG expected"),
        ('NFG 1 R "x" { "a" }', "1:1", "starts with NFG"),
        ('EFG 3 R "x" { "a" }', "1:5", "version 3"),
        (HEAD + 't "" 1 "" { 1 2', "3:16", "a payoff expected"),
        (HEAD + 't "" 1 "" { 1 }', "3:6", "1 payoffs for 2 players"),
        (HEAD + 't "" 0 "" { 1 2 }', "3:6", "payoffs at outcome 0"),
        (HEAD + 't "" 4', "3:6", "outcome 4 without payoffs"),
        (HEAD + 'q "" 1', "3:1", "a node of kind 'q'"),
        (HEAD + 'p "" 3 1 "" { "a" "b" } 0', "3:6", "player 3"),
        (HEAD + 'p "" 1 1 "" 0', "3:8", "information set 1 without actions"),
        (HEAD + 'p "" 1 1 "" { } 0', "3:8", "has no actions"),
        (HEAD + 'p "" 1 1.5 "" { "a" } 0', "3:8", "an information set's number expected"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 0', "4:7", "the end of the file"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 0\nt "" 0\nt "" 0', "6:1", "after the last node"),
        (HEAD + 'c "" 1 "" { "a" 1/2 "b" 1/3 } 0', "3:6", "chance probabilities sum to 0.8333"),
        (HEAD + 'c "" 1 "" { "a" 1/0 "b" 1 } 0', "3:17", "1/0 is not a rational"),
        (HEAD + 'c "" 1 "" { "a" 1e999 "b" 1 } 0', "3:17", "too large"),
        (HEAD + 'p "" 1 1 "open { "a" "b" } 0', "3:8", "information set 1 without actions"),
        (HEAD + 'p "" 1 1 "open', "3:10", "a quotation that does not end"),
        (HEAD + 'p "" 1 1 "" { "a" "b" } 0\nt "" 1 "" { 1 2 }\nt "" 1 "" { 1 3 }', "5:6", "outcome 1 has other payoffs than before"),
        (HEAD + "p ; 1", "3:3", "is not .efg"),
    ],
)
def test_bad_text_is_refused_where_it_stands(text: str, place: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        loads(text, "bad.efg")
    (problem,) = refused.value.problems
    assert problem.where == f"bad.efg:{place}"
    assert told in problem.what


def test_deep_and_wide_text_is_refused_in_time() -> None:
    deep = HEAD + 'p "" 1 1 "" { "a" "b" } 0\n' * 600
    with pytest.raises(InvalidInput, match="too large a tree"):
        loads(deep)
    with pytest.raises(InvalidInput, match=r"longer than 8,000,000"):
        loads("x" * 8_000_001)
    with pytest.raises(InvalidInput, match="a number of 1000 characters"):
        loads(HEAD + 't "" 1 "" { ' + "9" * 1000 + " 1 }")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        load(tmp_path / "none.efg")
    with pytest.raises(InvalidInput, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "binary.efg").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="UTF-8"):
        load(tmp_path / "binary.efg")


# Ann moves twice and does not know the second time what she did the first.
FORGETS_A_MOVE = """
p "" 1 1 "" { "a" "b" } 0
p "" 1 2 "" { "c" "d" } 0
t "" 1 "" { 1 0 }
t "" 2 "" { 0 1 }
p "" 1 2 "" 0
t "" 3 "" { 0 1 }
t "" 4 "" { 1 0 }
"""
# Ann sees nature's move, acts, and then no longer knows it although she acted alike.
FORGETS_WHAT_HE_KNEW = """
c "" 1 "" { "h" 1/2 "t" 1/2 } 0
p "" 1 1 "" { "a" "b" } 0
p "" 1 3 "" { "c" "d" } 0
t "" 1 "" { 1 0 }
t "" 2 "" { 0 1 }
t "" 3 "" { 0 0 }
p "" 1 2 "" { "a" "b" } 0
p "" 1 3 "" 0
t "" 4 "" { 0 1 }
t "" 5 "" { 1 0 }
t "" 6 "" { 0 0 }
"""
# The absent-minded driver: one information set twice on a path.
ABSENT_MINDED = """
p "" 1 1 "" { "go" "leave" } 0
p "" 1 1 "" 0
t "" 1 "" { 1 0 }
t "" 2 "" { 4 0 }
t "" 3 "" { 0 0 }
"""


@pytest.mark.parametrize("tree", [FORGETS_A_MOVE, FORGETS_WHAT_HE_KNEW, ABSENT_MINDED], ids=["what he did", "what he knew", "whether he has moved"])
def test_a_player_who_forgets_is_refused(tree: str) -> None:
    with pytest.raises(InvalidInput, match="follow different earlier moves of the same player"):
        loads(HEAD + tree)


def test_a_game_in_which_nobody_decides_is_refused() -> None:
    with pytest.raises(InvalidInput, match="nobody ever decides"):
        loads(HEAD + 't "" 1 "" { 1 2 }')


def test_games_of_many_draws_are_not_written() -> None:
    with pytest.raises(InvalidInput, match="3 draws"):
        dumps(random_game(0, draws=3))


def test_all_problems_of_a_game_are_told_at_once() -> None:
    root = Chance(((0, "h", Decision(5, "i", (("a", Terminal(0)), ("a", Terminal(9))))), (1, "t", Terminal(0))))
    with pytest.raises(InvalidInput) as refused:
        Game("bad", ("one", "one"), root, (0.5, 0.4), [[1.0, np.nan]])  # type: ignore[arg-type]
    assert len(refused.value.problems) == 6
