"""The page on speed shows what the benchmarks wrote down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_tables_are_those_of_the_results() -> None:
    command = [sys.executable, "benchmarks/page.py", "--check", "benchmarks/results.json", "docs/explanation/speed.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_step_whose_time_is_shown_is_on_the_way_of_an_assessment() -> None:
    command = "import assess; assess.DRAWS = 64; seconds, _ = assess.steps(1); assert min(seconds.values()) > 0.0, seconds"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT / "benchmarks", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
