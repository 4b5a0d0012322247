"""Run folders that are full, closed, cut, too new or in use: one clear line, nothing lost, and `resume` gives the result that the run would have had."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detente.cli import main

ASSESS = ["assess", "first-steps", "--draws", "2500"]
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="needs limits and permissions of POSIX")

# The program runs once without a limit, so that only what it writes for the run is limited.
LIMITED = """\
import contextlib, io, resource, sys
from detente.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    assert main(["assess", "first-steps", "--draws", "16"]) == 0
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of three chunks."""
    run = tmp_path_factory.mktemp("finished") / "run"
    assert main([*ASSESS, "--out", str(run), "--quiet"]) == 0
    assert len(list(run.glob("chunks/*.parquet"))) == 3
    return run


@pytest.fixture
def run(finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A copy of it, called `run`, in the folder in which the program works."""
    shutil.copytree(finished, tmp_path / "run")
    capsys.readouterr()
    return Path("run")


def result_of(run: Path) -> dict[str, Any]:
    """The result without the time that it took."""
    return {key: value for key, value in json.loads((run / "result.json").read_text(encoding="utf-8")).items() if key != "seconds"}


def unfinish(run: Path, chunks: int) -> None:
    """Take a run back to when only its first chunks were there."""
    (run / "result.json").unlink()
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["chunks"][chunks:]:
        (run / entry["file"]).unlink()
    (run / "manifest.json").write_text(json.dumps({**manifest, "chunks": manifest["chunks"][:chunks]}), encoding="utf-8")


def limited(limit: int, *words: str) -> subprocess.CompletedProcess[str]:
    """The program in a process that may write no file of more than `limit` bytes."""
    return subprocess.run([sys.executable, "-c", LIMITED, str(limit), *words], check=False, capture_output=True, text=True, timeout=300)


@needs_posix
@pytest.mark.parametrize(("limit", "told"), [
    (900, r"detente: full: file too large; make room, then run it again"),
    (20_000, r"detente: full/chunks/00000\.parquet: file too large; make room, then `detente resume full`"),
])  # fmt: skip
def test_a_full_disk_loses_nothing(limit: int, told: str, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether there is no room for the question or none for the first chunk; half a file is never left in the way."""
    done = limited(limit, *ASSESS, "--out", "full")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(told + "\n", done.stderr), done.stderr
    assert not list(Path("full").rglob("*.part"))
    assert main(["resume", "full"] if (Path("full") / "manifest.json").exists() else [*ASSESS, "--out", "full"]) == 0
    assert result_of(Path("full")) == result_of(run)


@needs_posix
def test_a_disk_that_fills_up_at_the_end_keeps_every_draw(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No room for result.json, nor for another line of the log: the chunks are kept as they are."""
    before = result_of(run)
    (run / "result.json").unlink()
    chunks = {file: file.stat().st_mtime_ns for file in run.glob("chunks/*")}
    done = limited(100, "resume", "run")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "detente: run/result.json: file too large; make room, then `detente resume run`\n")
    assert main(["resume", "run"]) == 0
    assert result_of(run) == before and {file: file.stat().st_mtime_ns for file in run.glob("chunks/*")} == chunks


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_log_that_finds_no_room_stops_nothing(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The run is finished; what was not logged is not worth a word."""
    Path("other").mkdir()
    Path("other/log.txt").symlink_to("/dev/full")
    assert main([*ASSESS, "--out", "other"]) == 0
    assert capsys.readouterr().err == "" and result_of(Path("other")) == result_of(run)


def test_a_folder_without_permission(nobody: Any, finished: Path) -> None:
    """To write a new run, to go on with one, or to read one that is closed."""
    ready = (*ASSESS[:2], "--draws", "16")
    for name, mode in (("closed", 0o500), ("hidden", 0o700)):
        (nobody.folder / name).mkdir()
        (nobody.folder / name).chmod(mode)
    shutil.copytree(finished, nobody.folder / "run")
    unfinish(nobody.folder / "run", 1)
    before = {file: file.read_bytes() for file in (nobody.folder / "run").rglob("*") if file.is_file()}
    if os.geteuid() != 0:
        for place in [*(nobody.folder / "run").rglob("*"), nobody.folder / "run", nobody.folder / "hidden"]:
            place.chmod(0o500 if place.is_dir() else 0o400)
        (nobody.folder / "hidden").chmod(0)
    for words, told in (
        ((*ASSESS, "--out", "closed/run"), "closed/run: the folder cannot be written; permission denied; change its permissions, or give another folder\n"),
        (("resume", "run"), "run: the folder cannot be written; permission denied; change its permissions, or give another folder\n"),
        (("resume", "hidden"), "hidden: the folder may not be read; permission denied; change its permissions\n"),
    ):
        done = nobody.run(*words, first=ready)
        assert (done.returncode, done.stdout, done.stderr) == (2, "", told), words
    assert before == {file: file.read_bytes() for file in (nobody.folder / "run").rglob("*") if file.is_file()}
    for place in [nobody.folder / "hidden", nobody.folder / "closed", nobody.folder / "run", *(nobody.folder / "run").rglob("*")]:
        place.chmod(0o700)
    assert main(["resume", str(nobody.folder / "run")]) == 0
    assert result_of(nobody.folder / "run") == result_of(finished)


def cut(file: str) -> Callable[[Path], None]:
    def act(run: Path) -> None:
        content = (run / file).read_bytes()
        (run / file).write_bytes(content[: len(content) // 2])

    act.__name__ = f"{file} cut in half"
    return act


def gone(*files: str) -> Callable[[Path], None]:
    def act(run: Path) -> None:
        for file in files:
            (run / file).unlink()

    act.__name__ = f"{' and '.join(files)} gone"
    return act


def half(run: Path) -> None:
    """Only half of the files were copied."""
    unfinish(run, 2)
    shutil.rmtree(run / "chunks")


@pytest.mark.parametrize("damage", [
    cut("chunks/00001.parquet"), gone("chunks/00002.parquet"), gone("chunks/00000.parquet", "result.json"), cut("result.json"), gone("result.json"), half,
], ids=lambda damage: damage.__name__)  # fmt: skip
def test_what_can_be_computed_again_is(damage: Callable[[Path], None], run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`resume` mends it: result and chunks are those of the unbroken run, byte for byte but for times."""
    before, chunks = result_of(run), {file: file.read_bytes() for file in run.glob("chunks/*")}
    damage(run)
    assert main(["resume", "run"]) == 0
    assert capsys.readouterr().out.startswith("First steps\n")
    assert result_of(run) == before and {file: file.read_bytes() for file in run.glob("chunks/*")} == chunks


@pytest.mark.parametrize(("damage", "told"), [
    (cut("manifest.json"), "run/manifest.json: the file is damaged; it was cut short or edited; put back a copy of it, or make the run again"),
    (gone("manifest.json"), "run: there is no manifest.json here; a run is a folder that `detente assess --out FOLDER` made; check the path"),
    (gone("scenario.yaml"), r"run/scenario.yaml: the file cannot be read; .*; make the run again"),
    (cut("facts.json"), "scenario.yaml: scenario.yaml and facts.json are not those that this run was made from; facts.json is damaged; put them back, or make the run again"),
    (cut("scenario.yaml"), "scenario.yaml: scenario.yaml and facts.json are not those that this run was made from; .*; put them back, or make the run again"),
], ids=lambda each: each.__name__ if callable(each) else "")  # fmt: skip
def test_what_cannot_be_made_again_is_refused_and_left(damage: Callable[[Path], None], told: str, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The question is lost, so nothing can be computed; the draws that are there stay there."""
    chunks = {file: file.read_bytes() for file in run.glob("chunks/*")}
    damage(run)
    for words in (["resume", "run"], ["explain", "run", "--draw", "7"]):
        if words[0] == "explain" and not (run / "manifest.json").exists():
            continue
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == "" and re.fullmatch(told + "\n", err), err
    assert {file: file.read_bytes() for file in run.glob("chunks/*")} == chunks


def test_a_run_of_a_newer_format_or_version(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named with what reads it, and untouched."""
    manifest = run / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("detente/run/1", "detente/run/7"), encoding="utf-8")
    for words in (["resume", "run"], ["explain", "run"], [*ASSESS, "--out", "run"]):
        assert main(words) == 2
        assert capsys.readouterr().err.endswith("format detente/run/7 is newer; this version of detente reads detente/run/1 and older; install a detente that reads detente/run/7\n")
    manifest.write_text(re.sub(r'"version": "[^"]*"', '"version": "99.1"', text), encoding="utf-8")
    assert main(["resume", "run"]) == 2
    assert "the run was made by détente 99.1" in capsys.readouterr().err
    manifest.write_text(text, encoding="utf-8")
    assert main(["resume", "run"]) == 0


@needs_posix
def test_a_folder_that_another_process_uses(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While it does, another process is refused; afterwards it goes on. Reading is not refused."""
    before = result_of(run)
    unfinish(run, 1)
    code = "import sys, time; from pathlib import Path; from detente.ensemble.folder import hold\nwith hold(Path('run')): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdin is not None and holder.stdout.readline() == "held\n"
        for words in (["resume", "run"], [*ASSESS, "--out", "run"]):
            assert main(words) == 2
            assert capsys.readouterr() == ("", "run: another process is working in this folder; two would overwrite each other; wait for it, or give another folder\n")
        assert main(["explain", "run", "--draw", "7"]) == 0
        holder.stdin.close()
        assert holder.wait(timeout=60) == 0
    assert main(["resume", "run"]) == 0
    assert result_of(run) == before
