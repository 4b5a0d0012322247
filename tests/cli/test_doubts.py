"""What the page says of other structures, other equilibria and the sample that was traced again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli.sheets import sheet

from detente.cli import main
from detente.cli.doubts import Searched, Traced
from detente.cli.page import page

TODAY = date(2026, 11, 25)
SCENARIO = """\
format: detente/scenario/1
title: Two ways to read a border
as_of: 2026-01-01
horizon: 5
actors: {owner: {title: Owner, discount: 0.1, precision: precision}}
rungs: {calm: {title: Calm}, raid: {title: Raid}, war: {title: War, final: true}}
moves: {raids: {from: calm, to: raid, rate: 1}, fading: {from: raid, to: calm, rate: 4}}
stakes: {war: {owner: {capital: -1}}}
games: {reply: {at: raid, tempo: 6, tree: {owner: {wait: {}, strike: {to: war, payoff: {owner: 0.4}}}}}}
quantities: {precision: {title: Precision, unit: 1/prize, family: uniform, low: 1, high: 3, evidence: judgement, known: 2026-01, why: Test.}}
structures: {surer: {title: Surer choices, why: Test., multiply: {precision: 3}}}
"""


@pytest.fixture
def border() -> str:
    Path("border.yaml").write_text(SCENARIO, encoding="utf-8")
    return "border.yaml"


def words(**changes: object) -> str:
    return " ".join(line.text for line in page(sheet(**changes), TODAY))


def test_structures_stand_side_by_side_and_leave_out_the_lowest_levels_where_room_is_short() -> None:
    reach = {name: summary["mean"] for name, summary in sheet().reach.items()}
    readings = {"As written": reach, "A structure with a long name that says what is in doubt": {name: 2 * share for name, share in reach.items()}}
    for width in (80, 100):
        lines = [line.text for line in page(sheet(readings=readings), TODAY, width)]
        start = next(k for k, line in enumerate(lines) if line.startswith("read otherwise"))
        assert lines[start].endswith("general nuclear war") and max(map(len, lines[start : start + 3])) <= width
        assert lines[start + 1].split()[-1] == "0.040" and lines[start + 2].split()[-1] == "0.080"


def test_the_sample_that_was_traced_again_is_told_with_its_interval() -> None:
    assert "Traced again by continuation: 163 draws, 1 of them on another branch (0.070 % to 2.9 % of all draws)." in words(traced=Traced(163, 1, (0.0007, 0.0287)))
    assert "164 draws, none on another branch (at most 1.5 % of all draws)." in words(traced=Traced(164, 0, (0.0, 0.0151)))


def test_results_that_hang_on_the_equilibrium_are_named_and_no_others() -> None:
    reach = {name: (summary["mean"], 0.999 * summary["mean"], 1.001 * summary["mean"]) for name, summary in sheet().reach.items()}
    same = words(searched=Searched(512, 16, 0.027, (0.016, 0.044), reach))
    assert "found in 2.7 % of 512 draws, each searched from 16 points (1.6 % to 4.4 % of all draws)" in same
    assert "no result moves by more than 5.0 % of itself" in same
    moved = words(searched=Searched(512, 16, 0.027, (0.016, 0.044), {**reach, "war": (0.018, 0.01, 0.03)}))
    assert "the least or the greatest taken in every draw: war 1.0 to 3.0 % (here 1.8)." in moved


def test_assess_shows_them_and_tells_them_as_json(border: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", border, "--draws", "64", "--structures", "--all-equilibria", "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "Surer choices" in out and "Several equilibria" in out and "Traced again" in out
    assert main(["assess", border, "--draws", "64", "--structures", "--all-equilibria", "--quiet", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["assess", border, "--draws", "64", "--structure", "surer", "--quiet", "--json"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert told["structures"]["surer"] == {key: alone[key] for key in told["structures"]["surer"]}
    assert told["equilibria"]["draws"] == 64 and set(told["equilibria"]["reach"]) == set(told["reach"])
    assert main(["explain", border, "--draw", "3", "--structure", "surer"]) == 0


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (["--structures", "--policy", "one"], "it stands beside --policy"),
        (["--structures", "--structure", "surer"], "it stands beside --structure"),
        (["--structure", "surer", "--policy", "one"], "it stands beside --policy"),
        (["--structure", "sure"], "did you mean 'surer'?"),
    ],
)
def test_what_cannot_stand_together_or_is_not_there_is_refused(border: str, capsys: pytest.CaptureFixture[str], more: list[str], what: str) -> None:
    assert main(["assess", border, "--draws", "64", *more]) == 2
    out, err = capsys.readouterr()
    assert out == "" and what in err


def test_wrong_structures_are_told_at_their_places(border: str, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = """\
structures:
  idle: {title: Nothing, why: Test.}
  odd: {title: Odd, why: Test., multiply: {precison: 2, precision: 0}, disposition: [owner, stranger], switches: {on: true}, foresight: far}
"""
    Path(border).write_text(SCENARIO[: SCENARIO.index("structures:")] + wrong, encoding="utf-8")
    assert main(["check", border]) == 2
    first = capsys.readouterr().err
    assert "foresight" not in first.replace("`foresight`", "") or "far" in first
    Path(border).write_text(Path(border).read_text(encoding="utf-8").replace(", foresight: far", ""), encoding="utf-8")
    assert main(["check", border]) == 2
    err = capsys.readouterr().err
    for what in ("'idle' changes nothing", "'precison' is no quantity", "the factor is 0", "'owner' has no moods", "'stranger' is no actor", "'on' is no switch"):
        assert what in err, what
