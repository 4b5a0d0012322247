"""Runs: equal whatever the threads and chunks, kept and loaded whole, resumed after any interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detente.ensemble.run as run_module
import detente.ensemble.work as work
from detente import __version__
from detente.ensemble import Assessment, Unsettled, assess, folder, resume
from detente.ensemble.chunk import AXES, Chunk
from detente.errors import InvalidInput, ModelError


def without_seconds(assessment: Assessment) -> dict[str, Any]:
    return {key: value for key, value in assessment.result.items() if key != "seconds"}


def same(one: Assessment, other: Assessment) -> bool:
    """Equal in everything but the time they took."""
    data = [each.data.drop_attrs() for each in (one, other)]
    return without_seconds(one) == without_seconds(other) and bool(data[0].identical(data[1]))


def test_threads_and_chunks_change_nothing(tension: Path) -> None:
    """Same seed, same digest and arrays: one thread or two, one chunk or many, with a folder or without."""
    one = assess(tension, draws=4096, chunk=4096, threads=1)
    for chunk, threads in ((1024, 2), (2048, 1), (3072, 2)):
        assert same(one, assess(tension, draws=4096, chunk=chunk, threads=threads)), (chunk, threads)
    assert assess(tension, draws=4096, seed=2).result_digest != one.result_digest


def test_the_first_draws_are_those_of_a_longer_run(tension: Path) -> None:
    """1,500 draws are the first 1,500 of 2,048: more draws refine a run and do not replace it."""
    short, long = assess(tension, draws=1500), assess(tension, draws=2048)
    for name in AXES:
        assert short.data[name].values.tobytes() == long.data[name].values[:1500].tobytes(), name


def test_saved_and_loaded_it_is_identical(tense: Assessment, tension: Path, tmp_path: Path) -> None:
    """Result, data, provenance and the model behind them, whether kept as it ran or saved afterwards."""
    kept = assess(tension, draws=2048, chunk=1024, out=tmp_path / "kept")
    tense.save(tmp_path / "saved")
    for made, path in ((kept, tmp_path / "kept"), (tense, tmp_path / "saved")):
        loaded = Assessment.load(path)
        assert loaded.result == made.result and loaded.data.identical(made.data) and loaded.about == made.about and loaded.archive == made.archive
        assert loaded.to_json() == made.to_json() == (path / "result.json").read_text(encoding="utf-8")
        assert loaded.model.digest == made.digest and loaded.influence() == made.influence()
        assert loaded.seconds == pytest.approx(sum(loaded.steps.values()))
    assert same(kept, tense)
    files = [{str(file.relative_to(path)) for file in path.rglob("*")} for path in (tmp_path / "kept", tmp_path / "saved")]
    wanted = {"manifest.json", "scenario.yaml", "facts.json", "result.json", "log.txt", "chunks", "chunks/00000.parquet", "chunks/00001.parquet"}
    assert files[0] == files[1] == wanted


def test_the_manifest_names_every_chunk_with_its_digest(tension: Path, tmp_path: Path) -> None:
    """Chunks cover the draws and their SHA-256 are those of the files."""
    import hashlib

    assess(tension, draws=2500, chunk=1024, out=tmp_path / "run")
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert next(iter(manifest)) == "format" and manifest["format"] == "detente/run/1" and manifest["version"] == __version__
    assert [(entry["first"], entry["count"]) for entry in manifest["chunks"]] == [(0, 1024), (1024, 1024), (2048, 452)]
    for entry in manifest["chunks"]:
        assert hashlib.sha256((tmp_path / "run" / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_stored_columns_can_be_read_by_others(tense: Assessment, tmp_path: Path) -> None:
    """A chunk is plain Parquet: draw, quantities, status, residual and the reach of each rung by each year under their names."""
    import pyarrow.parquet as pq

    tense.save(tmp_path / "run")
    table = pq.read_table(tmp_path / "run" / "chunks" / "00001.parquet")
    assert table["draw"].to_pylist() == list(range(1024, 2048))
    assert table["reach.war.2027"].to_pylist() == tense.reach.sel(rung="war", year=2027).values[1024:].tolist()
    assert table["quantities.cost"].to_pylist() == tense.data["quantities"].sel(quantity="cost").values[1024:].tolist()
    assert {"status.2026-03-01", "residual.2027-01-01", "touch.crisis.2029"} <= set(table.column_names)


class Killed(BaseException):
    """What no cleanup of the code under test may catch."""


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Die before the given write reaches its name on disk, or right after it, in turn."""
    steps, whole = count(), folder.write_whole

    def write(path: Path, content: bytes) -> None:
        if next(steps) == step:
            path.with_name(path.name + ".part").write_bytes(content[: len(content) // 2])
            raise Killed
        whole(path, content)
        if next(steps) == step:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(folder, "write_whole", write)
        yield


def test_killed_at_any_write_it_resumes_to_the_same_result(tense: Assessment, tension: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write of a run is cut short or followed by death; `resume`, or the same command again, gives the result of an unbroken run."""
    finished = 0
    for step in range(100):
        path = tmp_path / str(step)
        try:
            with killed_at(step, monkeypatch):
                assess(tension, draws=2048, chunk=1024, out=path)
            break
        except Killed:
            finished += 1
        again = resume(path) if (path / "manifest.json").exists() and step % 2 else assess(tension, draws=2048, chunk=1024, out=path)
        assert same(again, tense), step
        assert Assessment.load(path).result_digest == tense.result_digest
        assert not list(path.rglob("*.part"))
    # Scenario, facts, manifest, two chunks each with the manifest, result: eight writes, sixteen moments.
    assert finished == 16


def test_a_process_killed_in_the_middle_resumes_to_the_same_result(tense: Assessment, tension: Path, tmp_path: Path) -> None:
    """SIGKILL after the first chunk: the lock is free, the finished chunk is kept as it is, the rest is computed."""
    path = tmp_path / "run"
    code = (
        "import os, sys, detente\n"
        "def die(done, of, what):\n"
        "    if done == 1024 and what == 'assessing': os.kill(os.getpid(), 9)\n"
        "detente.assess(sys.argv[1], draws=2048, chunk=1024, out=sys.argv[2], progress=die)"
    )
    ended = subprocess.run([sys.executable, "-c", code, tension, path], check=False, capture_output=True, text=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    first = (path / "chunks" / "00000.parquet").stat().st_mtime_ns
    with pytest.raises(InvalidInput, match="1,024 of 2,048 draws are done"):
        Assessment.load(path)
    assert same(resume(path), tense)
    assert (path / "chunks" / "00000.parquet").stat().st_mtime_ns == first


def test_a_resumed_run_needs_neither_library_nor_file(tension: Path, tense: Assessment, tmp_path: Path) -> None:
    """Scenario and facts are in the folder."""
    scenario, path = tmp_path / "tension.yaml", tmp_path / "run"
    scenario.write_text(tension.read_text(encoding="utf-8"), encoding="utf-8")

    def stop(done: int, of: int, what: str) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assess(scenario, draws=2048, chunk=1024, out=path, progress=stop)
    scenario.unlink()
    assert same(resume(path), tense)


def test_the_same_command_again_reads_what_is_there(tension: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finished run is not computed twice, its time included."""
    first = assess(tension, draws=1024, out=tmp_path / "run")
    monkeypatch.setattr(work, "compute", lambda *_: pytest.fail("computed again"))
    for again in (assess(tension, draws=1024, out=tmp_path / "run"), resume(tmp_path / "run")):
        assert again.result == first.result and again.data.identical(first.data)


def test_a_damaged_chunk_is_refused_and_computed_again_on_request(tense: Assessment, tmp_path: Path) -> None:
    """Loading refuses it by name; resuming mends it and says so in the log."""
    path = tmp_path / "run"
    tense.save(path)
    chunk = path / "chunks" / "00001.parquet"
    for damage in (lambda: chunk.write_bytes(chunk.read_bytes()[:-9] + b"123456789"), chunk.unlink):
        damage()
        with pytest.raises(InvalidInput, match=r"00001.parquet: .*damaged.*resume"):
            Assessment.load(path)
        assert same(resume(path), tense)
        assert "computed again" in (path / "log.txt").read_text(encoding="utf-8")
        assert same(Assessment.load(path), tense)


def test_changed_files_are_refused(tense: Assessment, tmp_path: Path) -> None:
    """A result that its draws do not give, a scenario that the digest does not fit, a manifest that is no JSON or of a newer format."""
    path = tmp_path / "run"
    tense.save(path)

    def edited(name: str, old: str, new: str, match: str, act: Any) -> None:
        text = (path / name).read_text(encoding="utf-8")
        assert old in text
        (path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(InvalidInput, match=match):
            act(path)
        (path / name).write_text(text, encoding="utf-8")

    edited("result.json", '"mean": 0.', '"mean": 0.9', "not those of the draws", Assessment.load)
    edited("scenario.yaml", "rate: 2", "rate: 3", "not those that this run was made from", resume)
    edited("manifest.json", "{", "[", "damaged", Assessment.load)
    edited("manifest.json", "detente/run/1", "detente/run/2", "newer", Assessment.load)
    edited("manifest.json", f'"version": "{__version__}"', '"version": "0.0.1"', "made by détente 0.0.1", resume)
    assert same(Assessment.load(path), tense)


def test_a_folder_with_another_run_is_refused_with_every_difference(tension: Path, tmp_path: Path) -> None:
    """One problem, exit status 2, nothing changed."""
    path = tmp_path / "run"
    assess(tension, draws=1024, out=path)
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file() and file.name != "log.txt"}
    with pytest.raises(InvalidInput) as refused:
        assess(tension, draws=2048, seed=5, horizon_years=2.0, out=path)
    (problem,) = refused.value.problems
    assert refused.value.exit_status == 2
    assert all(part in str(problem) for part in ("draws 1024, not 2048", "seed 1, not 5", "horizon years 3.0, not 2.0"))
    changed = tmp_path / "tension.yaml"
    changed.write_text(tension.read_text(encoding="utf-8").replace("rate: 2", "rate: 3"), encoding="utf-8")
    with pytest.raises(InvalidInput, match="the scenario or its facts as they were then"):
        assess(changed, draws=1024, out=path)
    assert before == {file: file.read_bytes() for file in before}


def test_a_folder_in_use_is_refused(tension: Path, tmp_path: Path) -> None:
    """While one run works in it, another may not, nor may it resume there."""
    refusals = []

    def meanwhile(done: int, of: int, what: str) -> None:
        for act in (lambda: assess(tension, draws=1024, out=tmp_path / "run"), lambda: resume(tmp_path / "run")):
            with pytest.raises(InvalidInput, match="another process is working in this folder") as refused:
                act()
            refusals.append(refused.value.exit_status)

    assess(tension, draws=1024, out=tmp_path / "run", progress=meanwhile)
    assert set(refusals) == {2}


def test_foreign_folders_are_left_alone(tension: Path, tense: Assessment, tmp_path: Path) -> None:
    """A folder with something else in it, a file, and a folder that is no run."""
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("x", encoding="utf-8")
    for path in (tmp_path / "thesis", tmp_path / "thesis" / "chapter.tex"):
        for act in (lambda path=path: assess(tension, draws=1024, out=path), lambda path=path: tense.save(path)):
            with pytest.raises(InvalidInput, match="does not exist yet"):
                act()
    assert [file.name for file in (tmp_path / "thesis").iterdir()] == ["chapter.tex"]
    for path in (tmp_path / "thesis", tmp_path / "nowhere"):
        for act in (resume, Assessment.load):
            with pytest.raises(InvalidInput, match="a run is a folder"):
                act(path)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_folder_that_cannot_be_written_is_refused(tension: Path, tmp_path: Path) -> None:
    """Told before anything is computed."""
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(InvalidInput, match="cannot be written"):
        assess(tension, draws=1024, out=tmp_path / "locked" / "run")


def test_a_full_disk_is_told_with_the_way_on(tension: Path, tense: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run can be resumed once there is room."""
    steps, whole = count(), folder.write_whole

    def write(path: Path, content: bytes) -> None:
        if next(steps) == 5:
            raise OSError(28, "No space left on device")
        whole(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(folder, "write_whole", write)
        with pytest.raises(ModelError, match=r"no space left on device; make room, then `detente resume"):
            assess(tension, draws=2048, chunk=1024, out=tmp_path / "run")
    assert same(resume(tmp_path / "run"), tense)


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"draws": 0}, "draws"),
        ({"draws": 2**32 + 1}, "draws"),
        ({"draws": 10.5}, "draws"),
        ({"seed": "one"}, "seed"),
        ({"threads": 0}, "threads"),
        ({"chunk": 1000}, "chunk"),
        ({"chunk": 1500}, "chunk"),
        ({"horizon_years": 0.0}, "horizon_years"),
        ({"horizon_years": float("nan")}, "horizon_years"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"switches": {"alarm": True}}, "--switch"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(options: dict[str, Any], where: str, tmp_path: Path) -> None:
    """One problem that names the option; no folder."""
    with pytest.raises(InvalidInput) as refused:
        assess("first-steps", out=tmp_path / "run", **options)
    assert [problem.where for problem in refused.value.problems] == [where]
    assert not (tmp_path / "run").exists()


def test_a_number_out_of_range_in_a_late_draw_leaves_nothing(tension: Path, tmp_path: Path) -> None:
    """A chance that is above 1 in one draw of thousands: told at its formula, the draw named as the run numbers it, and no half a run stays behind."""
    text = tension.read_text(encoding="utf-8").replace("firm: 0.7", "firm: firmness")
    text += "  firmness: {title: Firmness, unit: \"1\", family: normal, mean: 0.5, sd: 0.1365, evidence: judgement, known: 2026-01, why: Test.}\n"
    (tmp_path / "wide.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        assess(tmp_path / "wide.yaml", draws=16_384, chunk=1024, out=tmp_path / "run")
    problem = refused.value.problems[0]
    line, column = (int(part) for part in problem.where.removeprefix(f"{tmp_path / 'wide.yaml'}:").split(":"))
    assert text.splitlines()[line - 1][column - 1 :].startswith("firmness, soft: rest")
    number = int(problem.what.partition("(draw ")[2].removesuffix(" first)"))
    assert number >= 1024
    with pytest.raises(InvalidInput, match=rf"\(draw {number} first\)"):
        work.compute(run_module.load(tmp_path / "wide.yaml"), 1, number, 1)
    assert not (tmp_path / "run").exists()


genuine = work.compute


def unsettling(share: float) -> Any:
    """`compute` with a share of its draws made to look unsettled."""

    def compute(*arguments: Any) -> Chunk:
        chunk = genuine(*arguments)
        wrong = np.arange(chunk.count)[:, None] < round(share * chunk.count)
        residual, status = np.where(wrong, 1e-3, chunk.arrays["residual"]), np.where(wrong, 4.0, chunk.arrays["status"])
        return replace(chunk, arrays={**chunk.arrays, "residual": residual, "status": status})

    return compute


def test_more_than_one_draw_in_a_thousand_unsettled_is_an_error_that_keeps_the_run(tension: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 1, what to do, every draw counted, the folder complete; one in a thousand is told and accepted."""
    monkeypatch.setattr(work, "compute", unsettling(2 / 1024))
    with pytest.raises(Unsettled, match=r"4 of 2,048 draws \(0.2 %\).*0, 1, 1024, \.\.\..*explain .* --draw 0.*every draw counted") as raised:
        assess(tension, draws=2048, chunk=1024, out=tmp_path / "run")
    assert raised.value.exit_status == 1 and isinstance(raised.value, ModelError)
    kept = Assessment.load(tmp_path / "run")
    assert kept.converged == 1 - 4 / 2048 and kept.status_counts["unsettled"] == 4 and len(kept.reach) == 2048
    assert kept.result == raised.value.assessment.result
    monkeypatch.setattr(work, "compute", unsettling(1 / 1024))
    assert assess(tension, draws=2048, chunk=1024).converged == 1 - 2 / 2048


def test_progress_runs_from_compiling_to_the_last_draw(tension: Path) -> None:
    """In draws, never backwards."""
    told: list[tuple[int, int, str]] = []
    assess(tension, draws=2500, chunk=1024, progress=lambda *each: told.append(each))
    assert told[0] == (0, 2500, "compiling") and told[-1] == (2500, 2500, "assessing")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_what_a_run_did_is_in_its_log(tension: Path, tmp_path: Path) -> None:
    """Question, chunks and digest; the logger is left as it was."""
    import logging

    before = (logging.getLogger("detente").level, list(logging.getLogger("detente").handlers))
    found = assess(tension, draws=1024, out=tmp_path / "run")
    log = (tmp_path / "run" / "log.txt").read_text(encoding="utf-8")
    assert "1024 draws, seed 1" in log and "draws 0 to 1023 done" in log and found.result_digest in log
    assert before == (logging.getLogger("detente").level, list(logging.getLogger("detente").handlers))


def test_a_loaded_model_is_assessed_as_it_is_or_with_other_options(tension: Path, tense: Assessment) -> None:
    """`assess(load(x), ...)` equals `assess(x, ...)`."""
    model = run_module.load(tension)
    assert same(assess(model, draws=2048), tense)
    shorter = [assess(scenario, draws=1024, horizon_years=2.0, as_of="2026-06-01") for scenario in (model, tension)]
    assert same(*shorter) and shorter[0].edits == ("as of 2026-06-01 instead of 2026-03-01", "horizon 2 instead of 3 years")


def test_the_digest_covers_every_array(tense: Assessment) -> None:
    """One bit in any array of any draw changes it."""
    from detente.ensemble.labels import coordinates_of
    from detente.ensemble.result import result_digest

    arrays = {name: tense.data[name].values.astype(float) for name in AXES}
    labels = coordinates_of(tense.data)
    assert result_digest(tense.result, arrays, labels) == tense.result_digest
    for name in (name for name in AXES if arrays[name].size):
        flat = arrays[name].reshape(-1)
        kept = flat[-1]
        flat[-1] = np.nextafter(kept, 2.0)
        assert result_digest(tense.result, arrays, labels) != tense.result_digest, name
        flat[-1] = kept
