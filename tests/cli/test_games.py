"""Games on the command line: solved, drawn, listed, and refused with the line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from detente.cli import main
from detente.games import catalogue, centipede, load, unilateral_deterrence
from detente.games.quantal_response import Status

CHALLENGE = """EFG 2 R "challenge" { "challenger" "defender" } ""
p "" 1 1 "" { "accept" "demand" } 0
t "" 1 "" { 0 1 }
p "" 2 1 "" { "concede" "resist" } 0
t "" 2 "" { 1 0 }
t "" 3 "" { -1 -0.5 }
"""


@pytest.fixture(autouse=True)
def _game(_clean: None) -> None:
    """The folder holds one game."""
    Path("mine.efg").write_text(CHALLENGE)


def test_the_logit_equilibrium_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Backward: the defender resists with odds exp(-0.5 lambda), the challenger weighs what follows."""
    assert main(["solve", "mine.efg", "--precision", "2", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    resist = 1 / (1 + np.exp(2 * 0.5))
    demand = 1 / (1 + np.exp(-2 * (1 - 2 * resist)))
    assert list(data) == ["precision", "behaviour", "certificate"]
    assert data["precision"] == 2
    (first,), (second,) = data["behaviour"]["challenger"], data["behaviour"]["defender"]
    assert (first["demand"], second["resist"]) == pytest.approx((demand, resist), abs=1e-10)
    assert data["certificate"]["status"] == "converged"


def test_information_sets_stand_in_the_order_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers of information sets in the file have no say."""
    Path("mine.efg").write_text(CHALLENGE.replace('t "" 3 "" { -1 -0.5 }', 'p "" 1 9 "" { "press" "yield" } 0\nt "" 3 "" { -1 -0.5 }\nt "" 4 "" { -0.2 1 }').replace(
        'p "" 1 1', 'p "" 1 10'
    ))  # fmt: skip
    assert main(["solve", "mine.efg", "--precision", "1", "--json"]) == 0
    assert [list(actions) for actions in json.loads(capsys.readouterr().out)["behaviour"]["challenger"]] == [["accept", "demand"], ["press", "yield"]]


def test_equilibria_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2).save("bluff.efg")
    assert main(["solve", "bluff.efg", "--equilibria", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["equilibria"]
    on_path = [each for each in data["equilibria"] if all(belief["reached"] for belief in each["beliefs"])]
    assert [each["behaviour"]["defender"][1]["D"] for each in on_path] == [pytest.approx(0.375)]
    assert main(["solve", "bluff.efg", "--equilibria"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "perfect Bayesian equilibria: 3" in page
    assert "defender 2 believes hard challenger, soft defender, D: anything from 0 to 0.7" in page
    assert main(["solve", "bluff.efg", "--equilibria", "--precision", "3", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["precision", "behaviour", "certificate", "equilibria"]


def test_long_work_is_told_before_it_starts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Six information sets of two actions are 64 pure profiles; three sets keep both when dominated actions are gone, which makes 27 profiles of supports."""
    unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2).save("bluff.efg")
    told = "6 information sets, 31 nodes and 64 pure profiles; 27 profiles of supports are left"
    for many, options, expected in ((27, (), True), (28, (), False), (27, ("--quiet",), False)):
        monkeypatch.setattr("detente.cli.solve.MANY_SUPPORTS", many)
        assert main(["solve", "bluff.efg", "--equilibria", *options]) == 0
        assert (told in capsys.readouterr().err) == expected


@pytest.mark.parametrize("columns", ["40", "100"])
def test_the_page_fits_the_terminal(columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2).save("bluff.efg")
    assert main(["solve", "bluff.efg", "--precision", "5", "--equilibria"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= int(columns)
    assert "after hard challenger, soft defender, D or soft challenger, soft defender, D" in " ".join(out.split())


def test_a_branch_that_bifurcates_is_told_with_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    """A symmetric game of coordination at a high precision."""
    Path("mine.efg").write_text(
        'EFG 2 R "meet" { "a" "b" }\np "" 1 1 "" { "x" "y" } 0\np "" 2 1 "" { "x" "y" } 0\nt "" 1 "" { 1 1 }\nt "" 2 "" { 0 0 }\n'
        'p "" 2 1 "" 0\nt "" 2\nt "" 1\n'
    )
    assert main(["solve", "mine.efg", "--precision", "50", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["certificate"]["status"] == "stopped_at_bifurcation"
    assert json.loads(out)["behaviour"]["a"] == [{"x": None, "y": None}]
    assert err.startswith(f"detente: mine.efg: {Status.STOPPED_AT_BIFURCATION.message}")


def test_the_picture_is_printed(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["draw", "mine.efg"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert out == load("mine.efg").draw().svg
    words = {"".join(text.itertext()) for text in ElementTree.fromstring(out).iter("{http://www.w3.org/2000/svg}text")}
    assert {"challenge", "accept", "resist", "\N{MINUS SIGN}1, \N{MINUS SIGN}0.5"} <= words


def test_the_catalogue_is_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["games"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert listed == ["name", *(entry.name for entry in catalogue())]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(CHALLENGE.replace("{ 1 0 }", "{ 1 }"), "mine.efg:5:6: 1 payoffs for 2 players", id="a payoff too few"),
        pytest.param(CHALLENGE.replace("-0.5 }", "-0.5"), "mine.efg:7:1: a payoff expected, found the end of the file", id="cut short"),
        pytest.param(CHALLENGE.replace('p "" 2', 'p "" 3'), "mine.efg:4:6: player 3; the header names 2", id="a player without a name"),
        pytest.param(CHALLENGE.replace("EFG", "NFG"), "mine.efg:1:1: starts with NFG", id="another format"),
        pytest.param("", "mine.efg:1:1: EFG expected", id="empty"),
    ],
)
@pytest.mark.parametrize("command", [("solve", "--precision", "1"), ("solve", "--equilibria"), ("draw",)], ids=" ".join)
def test_a_broken_file_is_one_clear_error_with_the_line(command: tuple[str, ...], text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.efg").write_text(text)
    assert main([command[0], "mine.efg", *command[1:]]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(told)
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["solve", "mine.efg"], "--precision: it is missing; quantal response needs one"),
        (["solve", "mine.efg", "--precision", "-1"], "--precision: -1 is no precision; it runs from 0"),
        (["solve", "mine.efg", "--precision", "inf"], "--precision: inf is no precision"),
        (["solve", "mine.efg", "--precision", "five"], "--precision: 'five' is no precision; give a number such as 5 or 0.5"),
        (["solve", "nowhere.efg", "--precision", "1"], "nowhere.efg: cannot be read"),
        (["draw", ""], "FILE: it names nothing"),
        (["solve", "big.efg", "--equilibria"], "game: this game has 13 information sets, 27 nodes and 8,192 pure profiles; equilibria are sought with at most 12"),
    ],
)
def test_what_cannot_be_done_is_told(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    centipede(moves=13).save("big.efg")
    assert main(words) == 2
    assert capsys.readouterr().err.startswith(told)
