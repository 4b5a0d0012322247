"""How the program is called: wrong words are problems in one form, with status 2; variables of the environment are defaults of options."""

from __future__ import annotations

import json
import re

import click
import pytest

from detente.cli import main
from detente.cli.program import COMMANDS, program

PROBLEM = re.compile(r"^[^\s:].*: .+$")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["asses", "first-steps"], "detente: there is no command 'asses'; did you mean 'assess'?"),
        (["assess", "first-steps", "--draw", "5"], "detente assess: there is no option '--draw'; did you mean '--draws'"),
        (["assess"], "detente assess: SCENARIO is missing; see `detente assess --help`"),
        (
            ["assess", "first-steps", "--draws", "-5"],
            "--draws: -5 is no number of draws; it lies outside 1 to 100,000,000; give one that lies within",
        ),
        (["assess", "first-steps", "--draws", "0"], "--draws: 0 is no number of draws"),
        (["assess", "first-steps", "--draws", "1.5e0"], "--draws: '1.5e0' is no number of draws; it is not whole"),
        (["assess", "first-steps", "--draws", "1e999"], "--draws: '1e999' is no number of draws"),
        (["assess", "first-steps", "--seed", "-1"], "--seed: -1 is no seed"),
        (["assess", "first-steps", "--as-of", "2021-02-30"], "--as-of: 2021-02-30 is not a date: February 2021 has 28 days"),
        (["assess", "first-steps", "--as-of", "tomorrow"], "--as-of: 'tomorrow' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        (["assess", "first-steps", "--horizon", "0"], "--horizon: 0 is no number of years"),
        (["assess", "first-steps", "--horizon", "nan"], "--horizon: nan is no number of years"),
        (["assess", "first-steps", "--switch", "challenges"], "--switch: 'challenges' sets no switch; write NAME=on or NAME=off"),
        (["assess", "first-steps", "--threads", "two"], "--threads: 'two' is no number of threads"),
        (
            ["assess", "nowhere"],
            "nowhere: there is no scenario 'nowhere'; it is neither a shipped name nor a .yaml file; "
            "give a .yaml path or one of baltic-2021, baltic-2026, first-steps",
        ),
        (["assess", "."], ".: "),
        (["assess", ""], "SCENARIO: it names nothing"),
        (["assess", "baltic"], "SCENARIO: 'baltic' is a base that other scenarios extend; it has no as-of date of its own; give one of baltic-2021"),
        (["assess", "first-steps", "--out", ""], "--out: it names nothing; give the path of a folder"),
        (["assess", "first-steps", "--draws"], "detente assess: option '--draws' requires an argument; see `detente assess --help`"),
        (["assess", "first-steps", "--quiet", "-v"], "--quiet: it stands beside --verbose; one says less, the other more; drop one"),
        (["assess", "first-steps", "extra"], "detente assess: got unexpected extra argument (extra)"),
        (["-v", "list"], "detente: there is no option '-v'; options stand behind the command"),
        (["help"], "detente: there is no command 'help'; did you mean '--help'?"),
        (["cite", "first-steps", "--format", "bib"], "--format: there is no format 'bib'; did you mean 'bibtex'?"),
        (["completion", "tcsh"], "SHELL: there is no shell 'tcsh'; use one of bash, zsh, fish"),
        (["schema", "scenarios"], "KIND: there is no kind of file 'scenarios'; did you mean 'scenario'?"),
        (["schema", "--file", "nowhere/x.json"], "nowhere/x.json: no such file or directory; the system refused it; check the path, or make the folder first"),
        (["explain", "first-steps", "--on", "1999"], "--on: 1999-01-01 lies outside the horizon"),
        (["explain", "first-steps", "--draw", "-1"], "--draw: -1 is no draw"),
        (["resume", "nowhere"], "nowhere: there is no such folder"),
        (["new", "a/b"], "NAME: 'a/b' cannot name a scenario"),
        (["new", "first-steps"], "NAME: 'first-steps' is a shipped scenario"),
    ],
)
def test_wrong_usage_is_a_problem_on_standard_error_with_status_2(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(told)
    assert all(PROBLEM.match(line) for line in err.splitlines())


def test_all_wrong_words_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "first-steps", "--draws", "none", "--horizon", "-1", "--as-of", "2021-13-01"]) == 2
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["--draws", "--horizon", "--as-of"]


def test_a_wrong_setting_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DETENTE_DRAWS", "many")
    assert main(["assess", "first-steps"]) == 2
    assert capsys.readouterr().err.startswith("DETENTE_DRAWS: 'many' is no number of draws")


def test_every_option_can_be_set_by_a_variable_of_its_name() -> None:
    for name in COMMANDS:
        command = program.get_command(click.Context(program), name)
        assert command is not None
        for param in command.params:
            if isinstance(param, click.Option):
                long = max(param.opts, key=len)
                assert param.envvar == f"DETENTE_{long.removeprefix('--').replace('-', '_').upper()}", f"{name} {long}"


def test_a_variable_is_a_default_where_it_fits_and_no_contradiction(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A run has its own seed and draws, a check no JSON, and what is typed counts first."""
    assert main(["assess", "first-steps", "--draws", "16", "--out", "run"]) == 0
    for name, value in {"SEED": "3", "DRAWS": "5", "AS_OF": "2020", "JSON": "1", "QUIET": "1"}.items():
        monkeypatch.setenv(f"DETENTE_{name}", value)
    capsys.readouterr()
    assert main(["explain", "run", "--draw", "15"]) == 0
    assert "seed 1" in capsys.readouterr().out
    assert main(["check", "first-steps", "-v"]) == 0
    assert "first-steps is sound" in capsys.readouterr().out


def test_settings_are_defaults_that_options_override(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DETENTE_DRAWS", "1e1")
    monkeypatch.setenv("DETENTE_SEED", "3")
    assert main(["assess", "first-steps", "--json", "--seed", "4"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["draws"], result["seed"]) == (10, 4)


def test_no_command_shows_the_help_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "assess" in err
