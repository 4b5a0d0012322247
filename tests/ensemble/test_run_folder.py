"""The folder of a run: kept and loaded whole, and refused where it is damaged, changed, in use or something else."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.ensemble.equal import same

import detente.ensemble.work as work
from detente import __version__
from detente.ensemble import Assessment, assess, folder, resume
from detente.errors import InvalidInput, ModelError


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
