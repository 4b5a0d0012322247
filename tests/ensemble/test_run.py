"""Runs: equal whatever the threads and chunks; what they refuse, and what they tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.ensemble.equal import same

import detente.ensemble.run as run_module
import detente.ensemble.work as work
from detente.ensemble import Assessment, Unsettled, assess
from detente.ensemble.chunk import AXES, Chunk
from detente.errors import InvalidInput, ModelError


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


def test_a_loaded_model_is_assessed_as_it_is_or_with_other_options(tension: Path, tense: Assessment) -> None:
    """`assess(load(x), ...)` equals `assess(x, ...)`."""
    model = run_module.load(tension)
    assert same(assess(model, draws=2048), tense)
    shorter = [assess(scenario, draws=1024, horizon_years=2.0, as_of="2026-06-01") for scenario in (model, tension)]
    assert same(*shorter) and shorter[0].edits == ("as of 2026-06-01 instead of 2026-03-01", "horizon 2 instead of 3 years")


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


def test_the_digest_covers_every_array(tense: Assessment) -> None:
    """One bit in any array of any draw changes it."""
    from detente.ensemble.result import result_digest

    arrays, labels = {name: tense.data[name].values.astype(float) for name in AXES}, tense.coordinates
    assert result_digest(tense.result, arrays, labels) == tense.result_digest
    for name in (name for name in AXES if arrays[name].size):
        flat = arrays[name].reshape(-1)
        kept = flat[-1]
        flat[-1] = np.nextafter(kept, 2.0)
        assert result_digest(tense.result, arrays, labels) != tense.result_digest, name
        flat[-1] = kept
