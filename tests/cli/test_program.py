"""The program whatever the command: what it loads, faults, streams, terminals, interruptions."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.cli import main
from detente.cli import program as module
from detente.cli.program import COMMANDS

PROGRAM = [sys.executable, "-m", "detente"]


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
