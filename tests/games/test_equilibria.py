"""Perfect Bayesian equilibria against the literature, against Gambit, and against a judge that shares nothing with the solver."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pygambit
import pytest
from tests.games.build import random_game

from detente.errors import InvalidInput
from detente.games import Chance, Decision, Equilibrium, Game, Node, Terminal, centipede, dumps, equilibria, loads, unilateral_deterrence
from detente.games.best_reply import judge

Profile = tuple[float, ...]


def flat(found: Equilibrium) -> Profile:
    """Probabilities of all actions, in order of players and of their information sets."""
    return tuple(p for sets in found.behaviour.values() for actions in sets for p in actions.values())


def in_gambit(game: Game) -> Any:
    return pygambit.read_efg(io.BytesIO(dumps(game).encode()))


def by_gambit(game: Any, profiles: Any) -> list[Profile]:
    """The same of behaviour profiles of Gambit."""
    return [tuple(float(p) for player in game.players for _, actions in profile[player] for _, p in actions) for profile in profiles]


def assert_same(ours: list[Profile], theirs: list[Profile]) -> None:
    """The same profiles to 1e-6, in any order."""
    assert len(ours) == len(theirs)
    for profile in theirs:
        assert min(max(abs(a - b) for a, b in zip(profile, other, strict=True)) for other in ours) < 1e-6


def matrix(*payoffs: Any) -> Game:
    """Players who choose at once, as a tree; one array of payoffs each, an axis a player."""
    arrays = [np.asarray(each, dtype=float) for each in payoffs]
    shape = arrays[0].shape

    def node(chosen: tuple[int, ...]) -> Node:
        if len(chosen) == len(shape):
            return Terminal(int(np.ravel_multi_index(chosen, shape)))
        player = len(chosen)
        return Decision(player, player, tuple((f"a{k}", node((*chosen, k))) for k in range(shape[player])))

    return Game("matrix", tuple("ABC"[: len(shape)]), node(()), (), np.stack([each.ravel() for each in arrays], axis=1))  # type: ignore[arg-type]


def signalling(kinds: dict[str, float], sender: Any, receiver: Any, replies: tuple[str, ...] = ("fight", "not")) -> Game:
    """A sender of a kind that only she knows sends m0 or m1, a receiver replies; payoffs kind x message x reply."""
    sender, receiver = np.asarray(sender, dtype=float), np.asarray(receiver, dtype=float)

    def play(kind: int) -> Node:
        def heard(message: int) -> Node:
            first = (kind * 2 + message) * len(replies)
            return Decision(1, ("heard", message), tuple((reply, Terminal(first + k)) for k, reply in enumerate(replies)))

        return Decision(0, ("kind", kind), (("m0", heard(0)), ("m1", heard(1))))

    root = Chance(tuple((k, name, play(k)) for k, name in enumerate(kinds)))
    return Game("signalling", ("sender", "receiver"), root, list(kinds.values()), np.stack([sender.ravel(), receiver.ravel()], axis=1))  # type: ignore[arg-type]


def deters(found: Equilibrium) -> tuple[float, float, float, float]:
    """[xH, xS; yH, yS]: how often challengers challenge and defenders resist."""
    challenger, defender = found.behaviour["challenger"], found.behaviour["defender"]
    return challenger[0]["D"], challenger[2]["D"], defender[0]["D"], defender[1]["D"]


@pytest.mark.parametrize(
    ("challenger_hard", "defender_hard", "plausible"),
    [
        pytest.param(0.5, 0.8, (0, 0, 1, 0), id="certain deterrence"),
        pytest.param(0.1, 0.6, (0, 0, 1, 0), id="certain deterrence, soft challengers"),
        pytest.param(0.5, 0.53, (1, 0, 1, 0), id="separating"),
        pytest.param(0.9, 0.55, (1, 0, 1, 0), id="separating, hard challengers"),
        pytest.param(0.3, 0.2, (1, 9 / 49, 1, 0.375), id="bluff"),
        pytest.param(0.6, 0.4, (1, 0.6 * 0.3 / (0.7 * 0.4), 1, 0.1 / 0.6), id="bluff, nearly attack"),
        pytest.param(0.8, 0.2, (1, 1, 1, 0), id="attack"),
    ],
)
def test_unilateral_deterrence_has_its_class_and_steadfast_deterrence(
    challenger_hard: float, defender_hard: float, plausible: tuple[float, ...]
) -> None:
    """Zagare and Kilgour's classes partition the square; besides them stands steadfast deterrence, on the belief that a challenger is soft (derived from the tree,
    with c_t = 4/7, c_s = 1/2, d_n = 0.7)."""
    found = equilibria(unilateral_deterrence(challenger_hard=challenger_hard, defender_hard=defender_hard))
    classes = [deters(each) for each in found]
    others = [each for each in classes if each != pytest.approx(plausible, abs=1e-9)]
    assert len(others) == len(classes) - 1
    assert all(each[:3] == (0, 0, 1) and each[3] >= (4 / 7 - defender_hard) / (1 - defender_hard) - 1e-9 for each in others)
    pure = next(each for each in found if deters(each) == (0, 0, 1, 1))
    challenged = next(belief for belief in pure.beliefs if belief.player == "defender" and belief.position == 1)
    assert not challenged.reached
    assert challenged.members == ("hard challenger, soft defender, D", "soft challenger, soft defender, D")
    assert challenged.interval == pytest.approx((0, 0.7), abs=1e-12)
    assert all(each.sequential for each in found)
    assert [each.isolated for each in found if each is not pure].count(False) == 1


def test_certain_deterrence_rests_on_the_belief_that_a_challenger_is_hard() -> None:
    (certain,) = [each for each in equilibria(unilateral_deterrence(challenger_hard=0.5, defender_hard=0.8)) if deters(each) == (0, 0, 1, 0)]
    assert [belief.interval for belief in certain.beliefs if belief.player == "defender"][1] == pytest.approx((0.7, 1), abs=1e-12)


def test_beer_and_quiche() -> None:
    """Cho and Kreps (1987, doi 10.2307/1885060): both kinds drink beer or both eat quiche, held up by the belief that the other breakfast means weak at least
    half the time; nothing separates."""
    sender = [[[1, 3], [0, 2]], [[0, 2], [1, 3]]]  # strong, weak x beer, quiche x fight, not
    receiver = [[[0, 1], [0, 1]], [[1, 0], [1, 0]]]
    found = equilibria(signalling({"strong": 0.9, "weak": 0.1}, sender, receiver))
    pure = {tuple(next(m for m, p in each.behaviour["sender"][k].items() if p == 1) for k in range(2)): each for each in found if each.isolated}
    assert set(pure) == {("m0", "m0"), ("m1", "m1")}
    for each in pure.values():
        (unheard,) = [belief for belief in each.beliefs if not belief.reached]
        assert unheard.interval == pytest.approx((0, 0.5), abs=1e-12)
    assert all(set(each.behaviour["sender"][0].values()) == {0, 1} for each in found)


@pytest.mark.parametrize(
    ("name", "isolated"),
    [
        # Myerson, Game Theory (1991), section 4.2 and figure 4.2; raise and meet as in section 2.1.
        pytest.param("books/myerson1991/fig2_1", [(1, 0, 2 / 3, 1 / 3)], id="a simple poker"),
        pytest.param("journals/other/reiley2008/fig1", [(1, 0, 1 / 3, 2 / 3)], id="stripped-down poker"),
        # Bagwell (1995, doi 10.1006/game.1995.1001): with noise of 1 % commitment is lost in the only pure equilibrium.
        pytest.param("journals/geb/bagwell1995", 3, id="commitment seen through noise"),
    ],
)
def test_games_of_gambits_catalogue(name: str, isolated: Any) -> None:
    """The equilibria that Gambit finds by enumerating supports; every information set is met, so that Nash and perfect Bayesian are the same."""
    theirs = pygambit.catalog.load(name)
    ours = equilibria(loads(theirs.to_efg()))
    assert all(each.isolated and min(each.verdict.reach) > 0 for each in ours)
    assert_same([flat(each) for each in ours], by_gambit(theirs, pygambit.nash.enumpoly_solve(theirs).equilibria))
    assert len(ours) == (isolated if isinstance(isolated, int) else len(isolated))


def test_seltens_horse() -> None:
    """Selten (1975, doi 10.1007/BF01766400), figure 1: of the two kinds of Nash equilibria only that in which everybody plays on is sequential; the third player's
    choice between 0 and 1/4 is free, and if he moves, the first player must be believed to have erred at least twice as often."""
    ours = equilibria(loads(pygambit.catalog.load("journals/ijgt/selten1975/fig1").to_efg()))
    assert [(each.probabilities[:2], each.isolated, each.sequential) for each in ours] == [(((1, 0), (1, 0)), True, True), (((1, 0), (1, 0)), False, True)]
    assert ours[0].beliefs[0].interval == pytest.approx((2 / 3, 1), abs=1e-12)
    assert 0 < ours[1].probabilities[2][0] <= 0.25 + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_random_matrix_games_agree_with_gambit(seed: int) -> None:
    """All Nash equilibria of 3 x 3 games, by enumeration of vertices."""
    game = matrix(*np.random.default_rng(seed).uniform(-9, 9, (2, 3, 3)).round(3))
    theirs = in_gambit(game)
    profiles = [profile.as_behavior() for profile in pygambit.nash.enummixed_solve(theirs).equilibria]
    assert_same([flat(each) for each in equilibria(game)], by_gambit(theirs, profiles))


def test_three_players_may_have_nine_equilibria() -> None:
    """McKelvey and McLennan (1997, doi 10.1006/jeth.1996.2214): a 2 x 2 x 2 game with nine regular Nash equilibria, the most that there can be."""
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 1, 0] = (9, 8, 12), (9, 8, 2)
    payoffs[:, 0, 1, 1], payoffs[:, 1, 0, 1] = (3, 4, 6), (3, 4, 4)
    found = equilibria(matrix(*payoffs))
    assert len(found) == 9
    assert all(each.isolated for each in found)


@pytest.mark.parametrize("seed", range(8))
def test_pure_equilibria_of_random_signalling_games_are_those_of_gambit_with_a_belief(seed: int) -> None:
    """Gambit lists the pure agent-form Nash equilibria; one is perfect Bayesian if what is played after an unsent message is a best reply under some belief."""
    random = np.random.default_rng(seed)
    receiver = random.uniform(-9, 9, (2, 2, 3)).round(3)
    game = signalling({"k0": 0.4, "k1": 0.6}, random.uniform(-9, 9, (2, 2, 3)).round(3), receiver, ("r0", "r1", "r2"))
    theirs = in_gambit(game)
    expected = []
    for profile in by_gambit(theirs, pygambit.nash.enumpure_agent_solve(theirs).equilibria):
        sent, replies = {int(profile[1]), int(profile[3])}, (profile[4:7].index(1), profile[7:10].index(1))
        share = np.linspace(0, 1, 2001)
        worth = [share[:, None] * receiver[0, message] + (1 - share)[:, None] * receiver[1, message] for message in range(2)]
        if all(message in sent or (worth[message][:, replies[message]] >= worth[message].max(axis=1)).any() for message in range(2)):
            expected.append(profile)
    assert_same([flat(each) for each in equilibria(game) if set(flat(each)) == {0, 1}], expected)


@pytest.mark.parametrize("seed", range(2))
def test_pure_equilibria_of_games_of_eight_information_sets_are_nash_in_gambit(seed: int) -> None:
    game = random_game(seed, replies=2)
    theirs = in_gambit(game)
    nash = by_gambit(theirs, pygambit.nash.enumpure_agent_solve(theirs).equilibria)
    found = equilibria(game)
    assert found
    assert {flat(each) for each in found if set(flat(each)) == {0, 1}} <= set(nash)
    assert max(each.regret for each in found) < 1e-9
    assert max(max(each.verdict.bayes) for each in found) < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_degenerate_games_have_a_certified_equilibrium(seed: int) -> None:
    """Ties everywhere: payoffs are 0 or 1."""
    random = np.random.default_rng(seed)
    found = equilibria(signalling({"k0": 0.5, "k1": 0.5}, random.integers(0, 2, (2, 2, 2)), random.integers(0, 2, (2, 2, 2))))
    assert found
    assert max(each.regret for each in found) < 1e-9


def test_a_game_of_perfect_information_is_solved_backward() -> None:
    (found,) = equilibria(centipede(moves=6))
    assert all(actions == {"take": 1, "pass": 0} for sets in found.behaviour.values() for actions in sets)
    assert found.value == {"one": 0.4, "two": 0.1}
    assert found.sequential


def test_nothing_changes_when_payoffs_are_scaled_and_moved() -> None:
    game = random_game(1, replies=2)
    moved = Game(game.title, game.players, game.root, game.chance, 1e6 * game.payoffs + [[3e7, -5e5]])
    assert_same(sorted(flat(each) for each in equilibria(game) if each.isolated), sorted(flat(each) for each in equilibria(moved) if each.isolated))


def test_what_nature_never_does_is_no_trouble() -> None:
    """A challenger who is never hard: steadfast deterrence, or the soft one attacks or is deterred as the defender's credibility says."""
    for defender_hard, challenges in ((0.2, 0.0), (0.8, 0.0)):
        found = equilibria(unilateral_deterrence(challenger_hard=0.0, defender_hard=defender_hard))
        assert found
        assert {deters(each)[1] for each in found} == {challenges}


def horse(beliefs: tuple[float, float], third: float = 0.0) -> Any:
    """The judge on Selten's horse, all playing on."""
    return judge(loads(pygambit.catalog.load("journals/ijgt/selten1975/fig1").to_efg()), [(1, 0), (1, 0), (third, 1 - third)], [(1,), (1,), beliefs])


def test_the_judge_tells_regret() -> None:
    """Under the belief that the second player erred, the third would rather play left."""
    good, bad = horse((0.8, 0.2)), horse((0.2, 0.8))
    assert max(good.regret) == pytest.approx(0, abs=1e-15)
    assert good.sequential
    assert bad.regret[2] > 0.1


def test_the_judge_wants_bayes_rule() -> None:
    game = signalling({"k0": 0.25, "k1": 0.75}, np.zeros((2, 2, 2)), np.zeros((2, 2, 2)))
    profile = [(1, 0), (1, 0), (1, 0), (1, 0)]
    right, wrong = ([(1,), heard, (0.5, 0.5), (1,)] for heard in ((0.25, 0.75), (0.5, 0.5)))
    assert max(judge(game, profile, right).bayes) == 0
    assert max(judge(game, profile, wrong).bayes) == pytest.approx(0.25)


def test_the_judge_tells_beliefs_that_no_trembles_yield() -> None:
    """Ann never opens the game; then Bob moves, and Carl without seeing it. That Bob did what he never does is one surprise more."""
    carl = Decision(2, "carl", (("l", Terminal(0)), ("r", Terminal(0))))
    root = Decision(0, "ann", (("out", Terminal(0)), ("in", Decision(1, "bob", (("b0", carl), ("b1", carl))))))
    game = Game("surprises", ("Ann", "Bob", "Carl"), root, (), np.zeros((1, 3)))  # type: ignore[arg-type]
    profile = [(1, 0), (1, 0), (1, 0)]
    assert judge(game, profile, [(1,), (1,), (1, 0)]).sequential
    doubtful = judge(game, profile, [(1,), (1,), (0.5, 0.5)])
    assert not doubtful.sequential
    assert doubtful.bayes[2] == pytest.approx(0.5)


def test_progress_is_told() -> None:
    told: list[tuple[int, int, str]] = []
    equilibria(random_game(1, replies=2), progress=lambda *now: told.append(now))
    assert told == [(done, 0, "seeking") for done in range(len(told))]
    assert len(told) > 5


def test_limits_are_told_before_work_starts() -> None:
    with pytest.raises(InvalidInput, match=r"this game has 13 information sets, 27 nodes and 8,192 pure profiles; equilibria are sought with at most 12"):
        equilibria(centipede(moves=13))
    with pytest.raises(InvalidInput, match=r"12 information sets, 49 nodes and 531,441 pure profiles; 13,841,287,201 profiles of supports"):
        equilibria(indifferent(12))
    with pytest.raises(InvalidInput, match=r"this game has 1 information sets, 3,001 nodes"):
        wide = Chance(tuple((k, f"c{k}", Decision(0, 0, (("a", Terminal(0)), ("b", Terminal(0))))) for k in range(1000)))
        equilibria(Game("wide", ("one",), wide, [1e-3] * 1000, [[0.0]]))  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="3 draws"):
        equilibria(random_game(0, draws=3))


def indifferent(sets: int) -> Game:
    """Nature calls on one of many kinds, all indifferent among three actions."""
    kinds = tuple((k, f"k{k}", Decision(0, k, tuple((f"a{a}", Terminal(0)) for a in range(3)))) for k in range(sets))
    return Game("kinds", ("one",), Chance(kinds), [1 / sets] * sets, [[0.0]])  # type: ignore[arg-type]


def test_every_equilibrium_is_plain_data() -> None:
    for each in equilibria(unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2)):
        data = json.loads(json.dumps(each.to_dict(), allow_nan=False))
        assert data["certificate"]["regret"] < 1e-9
        assert data["certificate"]["concept"] == "sequential"
        assert data["behaviour"] == each.behaviour


def test_a_game_and_an_equilibrium_say_on_one_line_what_they_are() -> None:
    game = unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2)
    assert repr(game) == "<ClassicGame 'Unilateral deterrence game' of challenger, defender: 6 information sets, 16 ends>"
    first = repr(game.equilibria()[0])
    assert first.startswith("<Equilibrium of 'Unilateral deterrence game', sequential: challenger C 1") and len(first) < 200
