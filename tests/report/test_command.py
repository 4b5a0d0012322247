"""`detente report`: what it writes, and what it refuses before it works."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from detente.cli import main
from detente.ensemble import Assessment
from detente.report import payload, to_html
from detente.report.browser import NAMES


@pytest.fixture
def run(small: Assessment, tmp_path: Path) -> Path:
    small.save(tmp_path / "run")
    return tmp_path / "run"


@pytest.mark.usefixtures("built")
def test_the_report_of_a_kept_run_is_that_of_the_assessment(small: Assessment, run: Path, tmp_path: Path) -> None:
    """To the last letter."""
    assert main(["report", str(run), "-o", str(tmp_path / "report.html"), "--quiet"]) == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == to_html(payload(small))


@pytest.mark.usefixtures("built")
def test_a_run_that_is_not_finished_is_no_report(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "result.json").unlink()
    assert main(["report", str(run), "-o", str(tmp_path / "report.html")]) == 2
    assert "the run is not finished" in capsys.readouterr().err and not (tmp_path / "report.html").exists()


@pytest.mark.usefixtures("built")
def test_a_run_of_a_newer_version_is_refused(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps(manifest | {"format": "detente/run/99"}))
    assert main(["report", str(run), "-o", str(tmp_path / "report.html")]) == 2
    assert "99" in capsys.readouterr().err and not (tmp_path / "report.html").exists()


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(("out", "told"), [("", "it is a folder"), ("nowhere/report.html", "there is no folder")])
def test_a_place_that_cannot_be_written_is_told_before_any_work(out: str, told: str, run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(run / "chunks")
    assert main(["report", str(run), "-o", str(tmp_path / out)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("built")
def test_a_report_needs_a_file(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(run)]) == 2
    assert "no file is named" in capsys.readouterr().err


@pytest.mark.usefixtures("built")
def test_without_a_browser_there_is_no_pdf(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("detente.report.browser.NAMES", ("no-such-browser",))
    assert main(["report", str(run), "--pdf", str(tmp_path / "brief.pdf")]) == 3
    assert "install Chromium" in capsys.readouterr().err


@pytest.mark.usefixtures("built")
@pytest.mark.skipif(not any(map(shutil.which, NAMES)), reason="no Chromium, Chrome or Edge is installed")
def test_a_browser_prints_the_brief(run: Path, tmp_path: Path) -> None:
    assert main(["report", str(run), "--pdf", str(tmp_path / "brief.pdf"), "--quiet"]) == 0
    made = (tmp_path / "brief.pdf").read_bytes()
    assert made.startswith(b"%PDF") and 1 <= made.count(b"/Type /Page\n") <= 4


def test_without_the_figures_there_is_no_report(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how to get them, and nothing is written."""
    monkeypatch.setattr("detente.report.bundle.FILES", ("report.js", "not-built.css"))
    assert main(["report", str(run), "-o", str(tmp_path / "report.html")]) == 3
    assert "install the package again" in capsys.readouterr().err and not (tmp_path / "report.html").exists()
