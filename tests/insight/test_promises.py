"""Who would show up in the Baltic scenarios: totals that must hold, and a page that leaves nobody out in silence."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

from detente.cli import main
from detente.errors import InvalidInput
from detente.insight import who_shows_up

DRAWS = 96


@pytest.fixture(scope="module")
def found():
    return who_shows_up("baltic-2021", draws=DRAWS)


def test_what_is_told_of_the_leader_adds_up_to_what_is_told_of_all(found):
    given, chance = found.enough_given, found.chance.mean(axis=0)
    np.testing.assert_allclose(chance @ given, found.enough.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(chance.sum(), 1, atol=1e-11)
    assert (given[0] > given[1]).all()


def test_groups_add_up_to_what_is_expected_and_none_makes_enough_less_likely(found):
    on_grid = found.distribution @ np.arange(257) / 256
    assert (np.abs(on_grid - found.expected.mean(axis=0).sum(axis=1)) <= found.rounding).all()
    assert (found.contributions > -1e-10).all()
    np.testing.assert_allclose(found.levels.sum(axis=1), 1, atol=1e-10)
    assert found.apart == 0


def test_the_page_names_everybody_whose_support_is_imputed(capsys):
    assert main(["alliance", "baltic-2021", "--draws", str(DRAWS), "--quiet"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "Polls are known for 11 of those who choose; the other 16 were not asked" in page
    for name in ("Albania", "Czech Republic", "Norway", "Turkey"):
        assert name in page
    for count in ("75 %", "50 %", "41 %", "5 of 40"):
        assert count in page


def test_plain_data_hold_what_the_page_tells(found, capsys):
    assert main(["alliance", "baltic-2021", "--draws", str(DRAWS), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(json.dumps(found.plain()))
    assert len(told["members"]) == 30 and len(told["imputed"]) == 16 and told["members"]["estonia"]["certain"]
    assert told["clocks"]["day_30"]["enough"]["mean"] == pytest.approx(found.enough[:, 1].mean())


def test_the_figure_is_written(tmp_path):
    assert main(["alliance", "baltic-2021", "--draws", "8", "--json", "--plot", str(tmp_path / "who.svg")]) == 0
    assert "Reinforced by day 30" in (tmp_path / "who.svg").read_text(encoding="utf-8") or (tmp_path / "who.svg").stat().st_size > 10_000


def test_without_matplotlib_the_extra_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    assert main(["alliance", "baltic-2021", "--draws", "8", "--json", "--plot", str(tmp_path / "who.svg")]) == 3
    assert 'pip install "detente[plot]"' in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_a_scenario_without_an_alliance_is_told_so():
    with pytest.raises(InvalidInput, match="has no alliance"):
        who_shows_up("first-steps")
