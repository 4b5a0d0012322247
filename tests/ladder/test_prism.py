"""Another program on the same chains: Storm, reading the PRISM text that `to_prism` writes."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detente.ensemble.draws import draw
from detente.errors import InvalidInput
from detente.ladder import Equilibrium, Ladder, Move, Piece, Prospects, Rung, prism, prospects, solve, to_prism
from detente.scenario.compile import load

stormpy = pytest.importorskip("stormpy", reason="Storm is not installed: it has wheels for Linux only (pip install stormpy)")

DRAWS, SEGMENT = 20, 1
PAIRS = ("nuclear_use|crisis", "war|incident", "revised_order|crisis", "competition|war")


class Checked:
    """A model that Storm has read, and its answers by rung."""

    def __init__(self, text: str, folder: Path) -> None:
        file = folder / "chain.prism"
        file.write_text(text, encoding="utf-8")
        self.program = stormpy.parse_prism_program(file, prism_compatibility=True)
        self.model, self.exact = stormpy.build_model(self.program), stormpy.build_model[stormpy.Rational](self.program)
        self.state = {name: next(iter(self.model.labeling.get_states(name)), None) for name in re.findall(r"const int (\w+)", text)}

    def __call__(self, question: str, at: str | None = None, exact: bool = False) -> float:
        """The answer from a rung, or from the only initial one."""
        model = self.exact if exact else self.model
        if at is None:
            (state,) = model.initial_states
        else:
            state = self.state[at]
        return float(stormpy.model_checking(model, stormpy.parse_property(question, self.program)).get_value(state))


@pytest.fixture(scope="module")
def baltic() -> Equilibrium:
    model = load("baltic-2021")
    return solve(model.plan, draw(model, 3, 0, DRAWS).values)


@pytest.fixture(scope="module")
def ours(baltic: Equilibrium) -> Prospects:
    """The rates of the segment held for ten years."""
    return prospects(baltic, [Piece(SEGMENT, 10.0, 0)], PAIRS)


@pytest.fixture(scope="module")
def theirs(baltic: Equilibrium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Checked]]:
    # Storm prints a warning for every model in the dialect of PRISM.
    stormpy.developer.set_log_level(stormpy.developer.LogLevel.OFF)
    yield [Checked(to_prism(baltic, k, SEGMENT), tmp_path_factory.mktemp("prism")) for k in range(DRAWS)]
    stormpy.developer.set_log_level(stormpy.developer.LogLevel.WARN)


def test_reach_and_touch_of_twenty_baltic_draws(ours: Prospects, theirs: list[Checked]) -> None:
    """To 1e-9 relative for every rung, group and level."""
    for k, storm in enumerate(theirs):
        for place, name in enumerate(ours.names.all):
            assert storm(f'P=? [ F<=10 "{name}" ]') == pytest.approx(ours.touch[k, place, 0], rel=1e-9)
            if name in ours.names.levels:
                assert storm(f'P=? [ F<=10 "{name}_or_higher" ]') == pytest.approx(ours.reach[k, place, 0], rel=1e-9)


def test_years_on_the_rungs(ours: Prospects, theirs: list[Checked]) -> None:
    """Storm takes long over rewards: four draws."""
    for k, storm in enumerate(theirs[:4]):
        found = [storm(f'R{{"years_{label}"}}=? [ C<=10 ]') for label in ours.names.labels]
        assert found == pytest.approx(ours.years[k], rel=1e-8, abs=1e-12)


def test_what_follows_in_twenty_baltic_draws(ours: Prospects, theirs: list[Checked]) -> None:
    """`onward`: where a is first entered within ten years, then an until without bound, solved by Storm in exact fractions."""
    names, base = ours.names, ours.names.labels[0]
    for k, storm in enumerate(theirs):
        for place, pair in enumerate(ours.pairs):
            a = pair.split("|")[1]
            inside, goal = ([rung.name for rung, there in zip(names.ladder.rungs, mask, strict=True) if there] for mask in (names.touch_mask(a), names.goal_mask(pair)))
            entered = {rung: storm(f'P=? [ !"{a}" U<=10 "{rung}" ]') for rung in inside}
            then = " | ".join(f'"{rung}"' for rung in goal)
            joint = sum(chance * storm(f'P=? [ !"{base}" U ({then}) ]', rung, exact=True) for rung, chance in entered.items())
            assert sum(entered.values()) == pytest.approx(ours.onward_given[k, place], rel=1e-9)
            assert joint == pytest.approx(ours.onward_joint[k, place], rel=1e-9)


def test_best_replies_have_a_chain_of_their_own(baltic: Equilibrium, ours: Prospects, tmp_path: Path) -> None:
    storm = Checked(to_prism(baltic, 4, SEGMENT, best_replies=True), tmp_path)
    for name in ("crisis", "war"):
        assert storm(f'P=? [ F<=10 "{name}_or_higher" ]') == pytest.approx(ours.best_reach[4, ours.names.all.index(name)], rel=1e-9)


def odd_ladder() -> Ladder:
    """Names that PRISM does not allow or that become alike, a start on two rungs, a rung in two backgrounds, and rates of 0 and below what Storm reads."""
    rungs = (Rung("a b", kind="a"), Rung("a-b", kind="a"), Rung("Ærø", "rate"), Rung("init", "rate"), Rung("1914", final=True), Rung("years_a"))
    moves = (
        Move("m1", "a b", "a-b", 0.3), Move("m2", "a-b", "Ærø", 0.7, origin="by\nday", trigger="// \"}"), Move("m3", "Ærø", "init", 1 / 3), Move("m4", "init", "1914", 2e-7),
        Move("m5", "init", "years_a", 1.0), Move("m6", "years_a", "a b", 0.0), Move("m7", "a b", "1914", 1e-300), Move("m8", "init", "a b", 40.0),
    )  # fmt: skip
    return Ladder(rungs, ("nobody",), moves, discount={"nobody": 1.0}, precision={"nobody": 1.0}, start={"a b": 0.25, "Ærø": 0.75})


def test_a_start_on_several_rungs_is_the_mean_of_their_answers(tmp_path: Path) -> None:
    """Storm reads odd names, and answers for each initial rung."""
    found = solve(odd_ladder())
    ours = prospects(found, [Piece(0, 5.0, 0)])
    text = to_prism(found)
    storm = Checked(text, tmp_path)
    assert "// Starts at a_b with chance 0.25, _r_ with chance 0.75." in text
    assert sorted(storm.model.initial_states) == sorted([storm.state["a_b"], storm.state["_r_"]])
    for name, label in [("a", "a"), ("rate", "rate_"), ("init", "init_"), ("1914", "_1914"), ("years_a", "years_a")]:
        mean = 0.25 * storm(f'P=? [ F<=5 "{label}" ]', "a_b") + 0.75 * storm(f'P=? [ F<=5 "{label}" ]', "_r_")
        assert mean == pytest.approx(ours.touch[0, ours.names.all.index(name), 0], rel=1e-9)
    assert '"a_b_"' in text and "'=years_a" in text and "1e-300" not in text


def test_every_rate_is_read_back_as_it_was(baltic: Equilibrium) -> None:
    """From the text alone, summed by rungs, it is the generator to the last bit but for the order of addition."""
    text = to_prism(baltic, 7, SEGMENT)
    place = {name: int(number) for name, number in re.findall(r"const int (\w+) = (\d+);", text)}
    generator = np.zeros((len(place), len(place)))
    for source, rate, target in re.findall(r"\[\] rung=(\w+) -> (\S+) : \(rung'=(\w+)\);", text):
        generator[place[source], place[target]] += float(rate)
    np.testing.assert_allclose(generator, baltic.generator()[7, SEGMENT], rtol=1e-15, atol=1e-289)


def test_the_example_in_the_docstring_holds() -> None:
    assert doctest.testmod(prism).failed == 0


@pytest.mark.parametrize(("number", "segment", "told"), [(DRAWS, 0, "no draw 20"), (0, 4, "no segment 4"), (0, -1, "no segment -1")])
def test_what_was_not_solved_is_refused(baltic: Equilibrium, number: int, segment: int, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        to_prism(baltic, number, segment)
