"""Mistakes that come together, that stand in another file, that only draws show, or that are no mistakes of a line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.scenario.edits import FACTS, FLOW, MOODY, NEW, TEMPO, WAR_ENDS, WITH_FACTS, Edits, case, places, told

from detente.cli import main
from detente.errors import InvalidInput
from detente.scenario import load


def test_several_mistakes_are_all_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Nine, of which some are found when the file is read and some when its parts are compared."""
    edits = (
        ("horizon: 10 ", 'horizon: «"10" '), ("treaty: pact", "treaty: «pakt"), ("aside: true", "«asside: true"), ("defender:   {capital: -1}", "defender:   «-1"),
        ("rate: incident_rate,", "rate: «incident_rat,"), (WAR_ENDS, WAR_ENDS.replace("calm", "«clam")), ("tempo: 6 ", "tempo: «precision "),
        ("sigma: 0.6", "sigma: «-0.6"), ('evidence: judgement, known: 2026-01, why: "Governments', 'evidence: judgement, known: «2026-02-30, why: "Governments'),
    )  # fmt: skip
    text, marks, _ = places(WITH_FACTS, *edits)
    assert [said.split(": ")[0] for said in told(tmp_path, text, FACTS)] == marks


def test_ways_in_and_out_are_followed_though_a_number_is_wrong(tmp_path: Path) -> None:
    """A unit that does not fit does not hide that a rung has no way out; a rung that is misspelt does, for it may be the way."""
    wrong = ("tempo: 6 ", "tempo: «precision ")
    text, marks, _ = places(NEW, ("  war:    {", "  «war:    {"), (WAR_ENDS, ""), wrong)
    assert [said.split(": ")[0] for said in told(tmp_path, text)] == marks
    text, marks, _ = places(NEW, (WAR_ENDS, WAR_ENDS.replace("from: war", "from: «wra")), wrong)
    assert [said.split(": ")[0] for said in told(tmp_path, text)] == marks


def test_what_a_file_removes_is_named_where_it_is_missed(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(NEW, encoding="utf-8")
    (said,) = told(tmp_path, "format: detente/scenario/1\ntitle: Less\nextends: base.yaml\nquantities:\n  loss_of_face: null\n")
    place, _, words = said.partition(": ")
    assert words == "'loss_of_face' in `-loss_of_face` is no quantity, driver or switch; border.yaml:5:3 removes it; drop that line, or replace this item too"
    file, line, column = place.split(":")
    assert file == "base.yaml" and NEW.splitlines()[int(line) - 1][int(column) - 1 :].startswith("-loss_of_face")


@pytest.mark.parametrize(("edits", "says"), [
    case("chance", (TEMPO, "    moods: {defender: {firm: «0.5 + 20 * loss_of_face / war_cost / half_life, soft: rest}}\n" + TEMPO), MOODY, says="chance that defender is firm (bargaining) is"),
    case("rate", ("rate: incident_rate,", "rate: «incident_rate - 2 / half_life,"), says="rate of incident is"),
    case("nothing finite", (FLOW, FLOW.replace("-war_cost", "«'-war_cost / max(0, half_life * war_cost * precision - 60)'")), says="stake of challenger on war is -inf"),
])  # fmt: skip
def test_what_only_draws_show_is_told_at_its_formula(
    edits: Edits, says: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text, (mark,), _ = places(NEW, *edits)
    Path("border.yaml").write_text(text, encoding="utf-8")
    for words in (["check", "border.yaml"], ["assess", "border.yaml", "--draws", "256"]):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.startswith(f"{mark}: {says[0]}") and err.count("\n") == 1


def test_the_as_of_date_and_horizon_of_a_command_are_told_as_such(tmp_path: Path) -> None:
    """Not at the lines of the file, which are right."""
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (tmp_path / "border.yaml").write_text(WITH_FACTS, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"^--as-of: the record says nothing as of 2000-01-01; it covers 2010-01-01 to 2026-12-31"):
        load(tmp_path / "border.yaml", as_of=date(2000, 1, 1))
    with pytest.raises(InvalidInput, match=r"^--horizon: 0.001 years are less than a day"):
        load(tmp_path / "border.yaml", horizon_years=0.001)


def test_a_scenario_that_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("border.yaml").mkdir()
    for words in (["check", "border.yaml"], ["assess", "border.yaml", "--out", "run"]):
        assert main(words) == 2
        assert capsys.readouterr() == ("", "border.yaml: this is a directory; a file is needed; name a .yaml file in it\n")
    assert [file.name for file in tmp_path.iterdir()] == ["border.yaml"]


def test_a_file_that_may_not_be_read(nobody: Any) -> None:
    file = nobody.folder / "border.yaml"
    file.write_text(NEW, encoding="utf-8")
    file.chmod(0o000)
    done = nobody.run("check", "border.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "border.yaml: the file may not be read; permission denied; change its permissions\n"
