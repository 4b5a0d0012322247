"""A run that was interrupted at any moment resumes to the result of an unbroken one."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from tests.ensemble.equal import same

from detente.ensemble import Assessment, assess, folder, resume
from detente.errors import InvalidInput


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
        "import os, pathlib, sys, time, detente\n"
        "def die(done, of, what):\n"
        "    if done == 1024 and what == 'assessing':\n"
        "        # It is written while the next is computed.\n"
        "        while '00000.parquet' not in (pathlib.Path(sys.argv[2]) / 'manifest.json').read_text(): time.sleep(0.01)\n"
        "        os.kill(os.getpid(), 9)\n"
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
