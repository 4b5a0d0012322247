"""The program: exit statuses, problems in one form, streams, the environment, interruptions."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from detente.cli import main
from detente.cli import program as module
from detente.cli.program import COMMANDS

PROGRAM = [sys.executable, "-m", "detente"]
PROBLEM = re.compile(r"^[^\s:].*: .+$")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings of whoever runs the tests change nothing; files are written in an empty folder."""
    for name in list(os.environ):
        if name.startswith("DETENTE_") and name != "DETENTE_SHARED":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_help_loads_nothing_heavy() -> None:
    """Nor anything of ours that computes or reads: that is why help comes at once."""
    computing = {"alliance", "document", "ensemble", "games", "insight", "ladder", "record", "scenario"}
    heavy = ("numba", "numpy", "rich", "pydantic", "xarray")
    code = f"import sys; from detente.cli import main; main(['--help']); print([name for name in {heavy} if name in sys.modules])"
    code += "; print(*sorted({name.split('.')[1] for name in sys.modules if name.startswith('detente.')}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *_, found, ours = done.stdout.splitlines()
    assert found == "[]" and "cli" in ours.split() and not computing & set(ours.split())
    assert "assess" in done.stdout


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
        command = module.program.get_command(click.Context(module.program), name)
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


def test_a_fault_of_the_program_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError("something broke")

    monkeypatch.setattr(module, "run", fail)
    assert main(["list"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("detente: RuntimeError: something broke; this is a fault of the program") and err.count("\n") == 1


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("place", ["before", "behind", "last", "variable"])
def test_a_traceback_is_shown_only_on_request(name: str, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On every command and in any position."""
    assert main([name, "one", "too", "many"]) == 2
    plain = capsys.readouterr().err
    assert "Traceback" not in plain
    if place == "variable":
        monkeypatch.setenv("DETENTE_DEBUG", "1")
    words = {"before": ["--debug", name], "behind": [name, "--debug"]}.get(place, [name])
    assert main([*words, "one", "too", "many", *(["--debug"] if place == "last" else [])]) == 2
    told = capsys.readouterr().err
    assert told.startswith("Traceback") and told.endswith(plain)


def test_an_unwritable_output_is_told_in_one_line() -> None:
    done = subprocess.run(f"{sys.executable} -m detente list > /dev/full", shell=True, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no space left" in done.stderr


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    """`detente list | head -1`: the pipe is closed before anything is written, and nothing is said."""
    process = subprocess.Popen([*PROGRAM, "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 0
    process.stderr.close()


def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "assess", "first-steps", "--draws", "1e7", "--out", "long run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("long run/chunks/*.parquet")) and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err == "interrupted; to go on: detente resume 'long run'\n"


@pytest.mark.parametrize(("command", "told"), [("assess", " (with --out FOLDER a run can be resumed)"), ("cite", ""), ("explain", "")])
def test_an_interrupted_command_without_a_folder_keeps_nothing(
    command: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("detente.ensemble.run.load", stop)
    assert main([command, "first-steps"]) == 130
    assert capsys.readouterr().err == f"interrupted; nothing was kept{told}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_failure(closed: str) -> None:
    """What belongs there is dropped, and what is kept in files is whole."""
    command = f"{sys.executable} -m detente assess first-steps --draws 16 --out run {closed}"
    assert subprocess.run(["sh", "-c", command], check=False, timeout=120).returncode == 0
    assert main(["resume", "run", "--json"]) == 0
    assert subprocess.run(["sh", "-c", f"{sys.executable} -m detente assess nowhere {closed}"], check=False, timeout=120, stderr=subprocess.DEVNULL).returncode == 2


def test_no_command_shows_the_help_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "assess" in err


def test_a_terminal_without_a_sign_still_shows_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output in ASCII replaces a dash by `?` and does not fail."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert main(["assess", "first-steps", "--draws", "16"]) == 0
    sys.stdout.flush()
    assert b"once there is ? it goes on to" in raw.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_long_run_shows_a_bar_on_a_terminal_and_only_there() -> None:
    """Standard error gets the bar; standard output, which is no terminal, gets the page without colours."""
    import pty

    terminal, end = pty.openpty()
    words = [*PROGRAM, "assess", "first-steps", "--draws", "1e5"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=end, text=True)
    os.close(end)
    shown = b""
    try:
        while chunk := os.read(terminal, 65_536):
            shown += chunk
    except OSError:
        pass  # how a pseudo-terminal ends
    finally:
        os.close(terminal)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"100000" in shown and b"draws" in shown
    assert "\x1b" not in out and out.startswith("First steps\n")
