"""`detente sensitivity` and `detente discover`: pages, pictures, plain data and refusals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from detente.cli import main

WHERE = ["--where", "onward(war|crisis) > 0.1"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("kept") / "run"
    assert main(["assess", "first-steps", "--draws", "2048", "--out", str(folder), "--quiet"]) == 0
    return str(folder)


@pytest.mark.parametrize("columns", ["40", "100"])
def test_pages_fit_the_terminal(columns: str, run: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Two blocks and one for each of three groups, and the two blocks of the twin; with one grade nothing is left to mix: seven of 128 draws."""
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["sensitivity", run, "--block", "128", "--top", "2"]) == 0
    page = capsys.readouterr().out
    assert main(["discover", run, *WHERE, "--threshold", "0.5"]) == 0
    page += capsys.readouterr().out
    assert max(map(len, page.splitlines())) <= int(columns)
    words = " ".join(page.split())
    for said in (
        "What to find out first (% of each outcome)", "Cost of war a year (judgement)", "reach(war): how likely war is", "the other 4, together",
        "By what quantities rest on (%; evidence is what was measured or published): judgement 100 (100–100); with every judgement twice as wide: judgement 100",
        "needed 896: two blocks of 128 draws, mixed.", "Quantities without indices of their own",
        "As seen on 1 January 2026, over 10 years: where onward(war|crisis) > 0.1", "What one would have to believe: 1 limit that the priors give", "at most",
    ):  # fmt: skip
        assert said in words, said


def test_quantities_that_correlate_stand_together_and_have_fair_shares(capsys: pytest.CaptureFixture[str]) -> None:
    from detente.document import dump
    from detente.scenario import locate, read_merged

    pair = {"between": ["war_cost", "precision"], "rank": 0.5, "evidence": "judgement", "why": "Test."}
    data = {**read_merged(locate("first-steps")).data, "correlations": {"pair": pair}}
    Path("mine.yaml").write_text(dump(data), encoding="utf-8")
    assert main(["sensitivity", "mine.yaml", "--draws", "1024", "--block", "256", "--top", "2", "--outcome", "reach(war)"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "Precision of choice with Cost of war a year" in page
    assert "Fair shares of each, as some correlate (Shapley, %): Cost of war a year" in page


def test_without_blocks_the_page_says_what_it_lacks(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", run, "--block", "0", "--outcome", "onward(war|crisis)"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "onward(war|crisis): how often crisis goes on to war" in page
    assert "needed no new evaluations, and nothing else here did: indices of quantities together with others need `--block`." in page


def test_plain_data_are_those_of_the_library(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    from detente.insight import discover, sensitivity

    assert main(["sensitivity", run, "--block", "64", "--outcome", "reach(war)", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == sensitivity(run, ["reach(war)"], block=64).plain()
    assert main(["discover", run, *WHERE, "--threshold", "0.5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(discover(run, WHERE[1], threshold=0.5).plain()))


def test_what_knowing_is_worth_before_a_choice_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A policy that takes the cost of war to 4 prizes a year: better where it is below, so that alone it is worth knowing."""
    from detente.document import dump
    from detente.scenario import locate, read_merged

    data = {**read_merged(locate("first-steps")).data, "policies": {"dear": {"title": "War is dear", "set": {"war_cost": 4}, "why": "Test."}}}
    Path("mine.yaml").write_text(dump(data), encoding="utf-8")
    options = ["mine.yaml", "--draws", "2048", "--block", "0", "--outcome", "reach(war)"]
    assert main(["sensitivity", *options, "--choose", "dear"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "Choosing by this alone among no policy" in page and "dear as things are known" in page
    assert "percentage points; knowing Cost of war a year 0." in page
    assert main(["sensitivity", *options, "--choose", "deer"]) == 2
    assert "--choose: " in capsys.readouterr().err


def test_the_box_is_drawn(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra `plot`")
    assert main(["discover", run, *WHERE, "--plot", "box.svg"]) == 0
    assert ElementTree.parse("box.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert main(["discover", run, "--where", "reach(war) > 0.99", "--plot", "none.svg"]) == 0
    caught = capsys.readouterr()
    assert "no picture: there is no box to draw" in caught.err and not Path("none.svg").exists()
    assert "Nowhere within the stated ranges; the closest draw reaches 0." in caught.out


def test_without_matplotlib_the_extra_is_named(run: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    assert main(["discover", run, *WHERE, "--plot", "box.svg"]) == 3
    assert 'pip install "detente[plot]"' in capsys.readouterr().err


@pytest.mark.parametrize(("words", "told"), [
    (["sensitivity", "RUN", "--outcome", "reach(wra)"], "--outcome: 'wra' is no rung or group; did you mean 'war'?"),
    (["sensitivity", "RUN", "--draws", "64"], "--draws: a run has its own; it was made with it; leave it out, or name the scenario"),
    (["sensitivity", "RUN", "--block", "10"], "--block: 10 draws are too few"),
    (["sensitivity", "RUN", "--top", "0"], "--top: 0 is no number of quantities"),
    (["sensitivity", "nothing-here"], "nothing-here"),
    (["discover", "RUN", "--where", "reach(war)"], "--where: `reach(war)` is no comparison"),
    (["discover", "RUN", "--where", "reach(war) > 0.1", "--threshold", "1.5"], "--threshold: 1.5 is out of range"),
    (["discover", "RUN", "--where", "reach(war) > 0.1", "--plot", "box.gif"], "--plot: box.gif is no picture that can be written; end its name in .svg, .png, .pdf"),
    (["discover", "RUN", "--where", "reach(war) > 0.1", "--plot", "no/box.svg"], "--plot: there is no folder no"),
    (["discover", "RUN"], "where is missing"),
])  # fmt: skip
def test_wrong_words_are_told_with_a_remedy(words: list[str], told: str, run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([run if word == "RUN" else word for word in words]) == 2
    assert told in capsys.readouterr().err


def test_a_run_without_its_draws_is_refused(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    shutil.copytree(run, "cut")
    next(Path("cut/chunks").glob("*")).unlink()
    assert main(["discover", "cut", *WHERE]) == 2
    assert "detente resume cut" in capsys.readouterr().err
