"""`detente alliance RUN`: a run keeps only the facts that it used, and the alliance is told all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import detente
from detente.cli import main


def test_a_run_tells_what_its_scenario_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    detente.assess("baltic-2021", draws=64, out=tmp_path / "run")
    told = []
    for words in ([str(tmp_path / "run")], ["baltic-2021", "--draws", "64"]):
        assert main(["alliance", *words, "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
