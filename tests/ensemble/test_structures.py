"""Other readings of a scenario: each against the same change written into the scenario itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.ensemble import Assessment, assess, replay, resume
from detente.ensemble.doubts import retrace, several
from detente.errors import InvalidInput
from detente.insight import read_otherwise
from detente.scenario import load

STRUCTURES = """
structures:
  costlier: {title: War costs twice as much, why: Test., multiply: {cost: 2}}
  ahead: {title: Both look ahead, why: Test., foresight: next}
  lasting: {title: The defender is of one kind, why: Test., disposition: [defender]}
"""


@pytest.fixture
def read(tension: Path) -> Path:
    """The scenario of tests with structures."""
    text = tension.read_text(encoding="utf-8") + STRUCTURES
    path = tension.with_name("read.yaml")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_factor_is_that_of_the_quantity_and_of_nothing_else(read: Path) -> None:
    plain, dear = assess(read, draws=256), assess(read, draws=256, structure="costlier")
    cost, others = plain.data["quantity"].values == "cost", plain.data["quantity"].values != "cost"
    assert np.array_equal(dear.data["quantities"].values[:, cost], 2 * plain.data["quantities"].values[:, cost])
    assert np.array_equal(dear.data["quantities"].values[:, others], plain.data["quantities"].values[:, others])
    text = read.read_text(encoding="utf-8")
    read.with_name("dear.yaml").write_text(text.replace("flow: -cost", "flow: -2 * cost"), encoding="utf-8")
    assert np.allclose(assess(read.with_name("dear.yaml"), draws=256).reach, dear.reach, rtol=1e-9)
    assert dear.edits == ("structure costlier",) and dear.digest != plain.digest


def test_a_lasting_disposition_is_known_to_all_in_a_draw(read: Path) -> None:
    """Of the draws in which the defender is firm, and of those in which it is soft, each is the scenario with that kind for certain."""
    lasting = assess(read, draws=256, structure="lasting")
    assert lasting.data["contingency"].values.tolist()[-1] == "disposition defender"
    uniform = lasting.data["chances"].values[:, -1]
    text = read.read_text(encoding="utf-8")
    for certain in (0, 1):
        other = read.with_name(f"certain{certain}.yaml")
        other.write_text(text.replace("firm: 0.7", f"firm: {certain}"), encoding="utf-8")
        alike = (uniform < 0.7) == bool(certain)
        assert alike.sum() == pytest.approx(256 * (0.7 if certain else 0.3), abs=2)
        assert np.allclose(assess(other, draws=256).reach.values[alike], lasting.reach.values[alike], rtol=1e-8)


def test_those_who_look_ahead_choose_otherwise_before_the_calendar_turns_and_alike_after(read: Path) -> None:
    plain, ahead = (replay(load(read, structure=name), 3) for name in (None, "ahead"))
    assert np.allclose(plain.equilibrium.rates[:, -1], ahead.equilibrium.rates[:, -1], rtol=1e-8)
    assert not np.allclose(plain.equilibrium.value[:, 0], ahead.equilibrium.value[:, 0], rtol=1e-4)


@pytest.mark.parametrize("name", ["costlier", "ahead", "lasting"])
def test_threads_chunks_replays_and_folders_give_the_same_bits(read: Path, tmp_path: Path, name: str) -> None:
    one = assess(read, draws=2048, structure=name, threads=1, chunk=1024, out=tmp_path / "run")
    two = assess(read, draws=2048, structure=name, threads=2, chunk=2048)
    assert one.result_digest == two.result_digest == Assessment.load(tmp_path / "run").result_digest == resume(tmp_path / "run").result_digest
    assert np.array_equal(replay(tmp_path / "run", 77).prospects.reach[0], one.reach.values[77])
    with pytest.raises(InvalidInput, match=f"structure {name}, not none"):
        assess(read, draws=2048, chunk=1024, out=tmp_path / "run")


def test_every_structure_is_read_on_the_same_draws(read: Path) -> None:
    found = read_otherwise(assess(read, draws=64))
    assert list(found) == ["costlier", "ahead", "lasting"]
    assert found["ahead"].result_digest == assess(read, draws=64, structure="ahead").result_digest


def test_a_structure_that_is_not_there_is_named_with_the_nearest(read: Path) -> None:
    with pytest.raises(InvalidInput, match="did you mean 'lasting'"):
        assess(read, structure="lastin")
    with pytest.raises(InvalidInput, match="no structures"):
        read_otherwise(assess("first-steps", draws=32))


def test_a_sample_is_traced_again_and_further_equilibria_are_sought(read: Path) -> None:
    """This scenario has one equilibrium, so the least and the greatest are the one that was taken."""
    assessment = assess(read, draws=512)
    traced = retrace(assessment, 0.05)
    assert traced.followed.sum() == 26 and traced.elsewhere == []
    found = several(assessment, 32, starts=4)
    assert (found.draws, found.share, found.cut) == (32, 0.0, 0)
    for name, (taken, least, most) in found.reach.items():
        assert taken == least == most == pytest.approx(float(assessment.reach.sel(rung=name).values[:32, -1].mean()), rel=1e-9)


def test_a_factor_may_carry_draws_beyond_what_their_distribution_can_be() -> None:
    """Three times a share may be above 1; what history tells of it is told on the scale of what was drawn."""
    found = {name: assess("baltic-2021", draws=64, structure=name) for name in (None, "drastic_options_common")}
    assert found["drastic_options_common"].data["quantities"].sel(quantity="drastic_weight").max() > 1
    plain, common = (each.result["history"]["quantities"]["drastic_weight"] for each in found.values())
    assert common["prior"]["p50"] == pytest.approx(3 * plain["prior"]["p50"]) and abs(common["contraction"] - plain["contraction"]) < 0.1
