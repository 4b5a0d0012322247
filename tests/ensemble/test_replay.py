"""One draw again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.ensemble import Assessment, assess, replay
from detente.errors import InvalidInput


@pytest.mark.parametrize("number", [0, 917, 1023, 1024, 2047])
def test_a_replayed_draw_has_the_bits_of_the_run(tense: Assessment, number: int) -> None:
    """Quantities, reach, touch and conditionals of the draw alone equal those computed among 2,048."""
    again = replay(tense, number)
    stored = tense.data.isel(draw=number)
    assert list(again.quantities.values()) == stored["quantities"].values.tolist()
    for name in ("reach", "touch", "onward_joint", "given_joint", "next_joint", "pathways", "best_reach"):
        assert getattr(again.prospects, name)[0].tobytes() == np.ascontiguousarray(stored[name].values).tobytes(), name
    assert again.equilibrium.residual[0].tolist() == stored["residual"].values.tolist()


def test_runs_scenarios_and_assessments_replay_alike(tense: Assessment, tension: Path, tmp_path: Path) -> None:
    """The folder needs no scenario file; the scenario takes the options that a run has of its own."""
    tense.save(tmp_path / "run")
    reach = [replay(source, 5).prospects.reach.tobytes() for source in (tense, tmp_path / "run", tension)]
    assert len(set(reach)) == 1
    assert replay(tension, 5, seed=2).prospects.reach.tobytes() != reach[0]


def test_drivers_are_shown_in_their_own_units_on_every_segment(tense: Assessment) -> None:
    """Patrols are twice the tension, and five times in the window if the treaty lapses in this draw."""
    again = replay(tense, 7)
    tension = again.quantities["tension"]
    lapses = again.chances["treaty_lapses"] < again.quantities["p_lapse"]
    np.testing.assert_allclose(again.drivers["patrols"], [2 * tension, (5 if lapses else 2) * tension, 2 * tension])


def test_draws_that_are_not_there_and_options_of_a_run_are_refused(tense: Assessment, tmp_path: Path) -> None:
    """One problem for each."""
    for number in (-1, 2048):
        with pytest.raises(InvalidInput, match=f"there is no draw {number}; draws run from 0 to 2,047"):
            replay(tense, number)
    with pytest.raises(InvalidInput) as refused:
        replay(tense, 1, seed=1, horizon_years=3.0)
    assert [problem.where for problem in refused.value.problems] == ["seed", "horizon_years"]
    with pytest.raises(InvalidInput, match="no scenario"):
        replay("first-stepz", 1)


def test_an_unfinished_run_can_be_replayed(tension: Path, tmp_path: Path) -> None:
    """The question is in the folder before the first draw."""
    folder = tmp_path / "run"

    def stop(done: int, of: int, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assess(tension, draws=1024, out=folder, progress=stop)
    assert replay(folder, 3).prospects.reach.tobytes() == replay(tension, 3).prospects.reach.tobytes()
