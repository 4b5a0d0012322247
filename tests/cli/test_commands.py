"""`assess`, `resume`, `new`, `check` and `list`: what each of them prints, writes and refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from detente.cli import main


def test_json_is_the_result_and_nothing_else_is_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "first-steps", "--draws", "64", "--json", "-v"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert list(result)[:3] == ["format", "version", "scenario"]
    assert set(result["reach"]) == {"calm", "crisis", "war", "challengers_terms"}


def test_the_page_shows_the_figures_of_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    """The predictive probability on the page is that of result.json, told in words."""
    from detente.report.wording import one_in

    assert main(["assess", "first-steps", "--draws", "256"]) == 0
    page = capsys.readouterr().out
    assert main(["assess", "first-steps", "--draws", "256", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    line = next(line for line in page.splitlines() if line.startswith("war "))
    assert f" {one_in(result['reach']['war']['mean'])} " in line
    assert f"digest {result['digest'].removeprefix('sha256:')[:12]}" in page
    assert "first-steps, shipped" in page


def test_an_option_that_changes_the_question_makes_the_scenario_edited(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "first-steps", "--draws", "16", "--horizon", "5"]) == 0
    assert "first-steps, edited (1 change)" in capsys.readouterr().out


def test_new_writes_a_scenario_that_is_sound_and_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "border"]) == 0
    assert main(["check", "border.yaml"]) == 0
    assert "border is sound: border" in capsys.readouterr().out
    assert main(["assess", "border.yaml", "--draws", "64"]) == 0
    assert "border, own file" in capsys.readouterr().out


def test_new_overwrites_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("border.yaml").write_text("mine")
    assert main(["new", "border"]) == 2
    assert capsys.readouterr().err == "border.yaml: the file exists; nothing is overwritten; choose another name, or move the file away\n"
    assert Path("border.yaml").read_text() == "mine"


def test_check_tells_every_problem_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "border"]) == 0
    text = Path("border.yaml").read_text()
    text = (
        text.replace("rate: incident_rate", "rate: incident_ratte")
        .replace("aside: true", "asid: true")
        .replace("unit: 1/prize", "unit: 1/price")
    )
    Path("border.yaml").write_text(text)
    capsys.readouterr()
    assert main(["check", "border.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    for line in err.splitlines():
        number = int(re.match(r"border\.yaml:(\d+):\d+: ", line)[1])  # type: ignore[index]
        assert any(word in text.splitlines()[number - 1] for word in ("incident_ratte", "asid", "1/price"))


def test_check_finds_numbers_that_only_draws_show_to_be_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    """A rate that is negative in some draws is refused before anything is solved."""
    assert main(["new", "border"]) == 0
    text = Path("border.yaml").read_text().replace("rate: incident_rate,", "rate: incident_rate - 0.5 * incident_rate ** 2,")
    Path("border.yaml").write_text(text.replace("incident_rate ** 2", "incident_rate * 10"))
    assert main(["check", "border.yaml"]) == 2
    assert "negative" in capsys.readouterr().err


def test_check_counts_what_it_found_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "first-steps"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^rungs +4 \(calm, crisis, war, aside challengers_terms\)$", out, re.M)
    assert re.search(r"^quantities +6 \(6 judgement\)$", out, re.M)


def test_list_names_what_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if "first-steps" in line or line.split()[0] == "record"] == [
        ["scenario", "first-steps"],
        ["record", "baltic"],
    ]


def test_a_finished_run_is_shown_again_by_resume(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "first-steps", "--draws", "32", "--out", "runs/one"]) == 0
    page = capsys.readouterr().out
    assert "Kept in runs/one" in page
    assert main(["resume", "runs/one"]) == 0
    assert capsys.readouterr().out == page


def test_a_folder_made_with_other_options_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "first-steps", "--draws", "32", "--out", "one"]) == 0
    capsys.readouterr()
    assert main(["assess", "first-steps", "--draws", "32", "--seed", "2", "--out", "one"]) == 2
    assert capsys.readouterr().err.startswith("one: the run here was made with other options")


def test_a_contingency_that_is_drawn_though_its_day_has_passed_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """On the page, by `check` and in the JSON; on the scenario's own day, on which all is open, nowhere."""
    late, asked = "Drawn though its day has passed: New START is extended for five years (5 February 2021).", ["baltic-2021", "--as-of", "2023-06-01"]
    for command in (["assess", *asked, "--draws", "16", "--quiet"], ["check", *asked]):
        assert main(command) == 0
        assert late in " ".join(capsys.readouterr().out.split())
    assert main(["assess", *asked, "--draws", "16", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["passed"] == {"new_start_extension": {"title": "New START is extended for five years", "from": "2021-02-05"}}
    assert main(["assess", "baltic-2021", "--draws", "16", "--json", "--quiet"]) == 0
    assert "passed" not in json.loads(capsys.readouterr().out)
    assert main(["check", "baltic-2021"]) == 0
    assert "though" not in capsys.readouterr().out
