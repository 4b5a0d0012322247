"""The page on speed shows what the benchmarks wrote down."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """benchmarks/run.py, on a machine of its own, whose benchmarks are stand-ins with the name of each as its only figure."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    # Its own modules, and not those of these tests that have their names.
    for name in ("run", "report"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import run as module  # type: ignore[import-not-found, unused-ignore]

    def around(**other: Any) -> dict[str, Any]:
        return {"date": "2030-01-01", "machine": {"processor": "New", "cores": 8}, "versions": {"python": "3.14", "stormpy": None}, **other}

    def measure(name: str) -> dict[str, Any]:
        figure = {"title": f"new figure of {name}", "value": 1.0, "unit": "s", "limit": None, "at_least": False, "note": ""}
        return {"name": name, "comparisons": [], "figures": [figure], "shares": []}

    monkeypatch.setattr(module, "surroundings", around)
    monkeypatch.setattr(module, "measure", measure)
    for name, place in (("results.json", "benchmarks"), ("speed.md", "docs/explanation")):
        (tmp_path / name).write_text((ROOT / place / name).read_text(encoding="utf-8"), encoding="utf-8")

    def start(*names: str) -> tuple[dict[str, Any], str]:
        monkeypatch.setattr(sys, "argv", ["run.py", *names, "--json", str(tmp_path / "results.json"), "--page", str(tmp_path / "speed.md")])
        module.main()
        return json.loads((tmp_path / "results.json").read_text(encoding="utf-8")), (tmp_path / "speed.md").read_text(encoding="utf-8")

    return start


def test_a_run_of_some_benchmarks_keeps_the_reports_of_the_others(run: Any) -> None:
    """Each with the surroundings in which it was made, through any number of such runs; the page tells them."""
    before = json.loads((ROOT / "benchmarks/results.json").read_text(encoding="utf-8"))
    earlier = {key: before[key] for key in ("date", "machine", "versions")}
    for names in (("assess",), ("load",)):
        found, page = run(*names)
    assert [report["name"] for report in found["reports"]] == [report["name"] for report in before["reports"]]
    for old, new in zip(before["reports"], found["reports"], strict=True):
        if new["name"] in ("assess", "load"):
            assert new["figures"][0]["title"] == f"new figure of {new['name']}" and "measured" not in new
        else:
            assert new == {**old, "measured": old.get("measured", earlier)}
    assert "Measured on 2030-01-01 on 8 cores of New, with Python 3.14." in page and "Not installed" not in page
    told = [line for line in page.splitlines() if line.startswith("The figures of ")]
    others = [report for report in before["reports"] if report["name"] not in ("assess", "load")]
    for report in others:
        (line,) = [line for line in told if f"`{report['name']}`" in line]
        around = report.get("measured", earlier)
        assert f"were measured on {around['date']}" in line and f"cores of {around['machine']['processor']}" in line
    assert sum(line.count("`") for line in told) == 2 * len(others)


def test_a_run_of_all_benchmarks_keeps_nothing(run: Any) -> None:
    found, page = run()
    assert all(report["figures"][0]["title"].startswith("new figure") and "measured" not in report for report in found["reports"])
    assert "The figures of" not in page and "Not installed, so not measured: Storm." in page


def test_the_tables_are_those_of_the_results() -> None:
    command = [sys.executable, "benchmarks/page.py", "--check", "benchmarks/results.json", "docs/explanation/speed.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_step_whose_time_is_shown_is_on_the_way_of_an_assessment() -> None:
    command = "import assess; assess.DRAWS = 64; seconds, _ = assess.steps(1); assert min(seconds.values()) > 0.0, seconds"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT / "benchmarks", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
