"""Run an ensemble: chunk after chunk, kept as they finish, joined in the order of draws.

A run is a function of (scenario, options, seed): any number of threads, any chunk size and any interruption give the same numbers. With a
folder, the question is written down before anything is compiled or computed, and a run that was cut short goes on from its last finished chunk.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from operator import index
from pathlib import Path
from typing import Any

import numpy as np

from detente import __version__
from detente.ensemble.archive import Archive, archive, restore
from detente.ensemble.assessment import Assessment, Unsettled, assemble, total_steps
from detente.ensemble.conditioning import condition, history_result
from detente.ensemble.draws import BLOCK, check_numbers, check_streams, draw
from detente.ensemble.folder import CHUNKS, FACTS, FORMAT, POSTERIOR, RESULT, SCENARIO, RunFolder, about_of, differences, hold, read_manifest, refuse, to_json
from detente.ensemble.result import make_result, settled
from detente.ensemble.sampling import NUMBERED_DRAWS
from detente.ensemble.work import Progress, Work
from detente.errors import InvalidInput, Problem
from detente.ladder.equilibrium import ACCEPTED_RESIDUAL
from detente.scenario.compile import Model, compile_model, load
from detente.scenario.schema import LONGEST

MOST_UNSETTLED = 0.001
MOST_CHUNK = 8 * BLOCK
logger = logging.getLogger("detente")


def assess(
    scenario: str | Path | Model,
    *,
    as_of: date | str | None = None,
    draws: int = 16_384,
    seed: int = 1,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    policy: str | None = None,
    structure: str | None = None,
    threads: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    chunk: int | None = None,
) -> Assessment:
    """Assess a scenario: how likely each rung is to be reached, over draws of everything that is uncertain.

    Parameters
    ----------
    scenario : str, Path or Model
        A shipped name such as `baltic-2021`, the path of a .yaml file, or what `detente.load` gave.
    as_of : date or str, optional
        Use only what was known on that day.
    draws, seed : int
        How many draws, and of which random numbers.
    horizon_years : float, optional
    switches : mapping, optional
        `{switch: on}`.
    policy : str, optional
        Name of a policy of the scenario, or a file of policies. History is told by the model without it.
    structure : str, optional
        Another reading: the name of one of the scenario's structures.
    threads : int, optional
        The answer does not depend on it.
    out : path, optional
        Keep the run in this folder. A run with the same options that was cut short there is continued.
    progress : callable, optional
        `progress(done, of, what)` in draws; `what` is "compiling" before the first one, then "assessing", and "conditioning" while history moves draws.
    chunk : int, optional
        Draws that are computed and stored together, a multiple of 1,024; the answer does not depend on it.

    Raises
    ------
    InvalidInput
        If the scenario or an option is wrong, or the folder is in use, foreign, or made with other options.
    ModelError
        If what the scenario says has happened is impossible in every draw.
    detente.ensemble.Unsettled
        If more than 0.1 % of the draws found no equilibrium; the run is kept and the exception holds it.

    Examples
    --------
    >>> import detente
    >>> first = detente.assess("first-steps", draws=1024)
    >>> float(first.reach.sel(rung="war").mean("draw")[-1]) == first.result["reach"]["war"]["mean"]
    True
    """
    problems = [*_wrong("draws", draws, 1, NUMBERED_DRAWS), *_wrong("seed", seed), *_wrong("threads", threads, 1), *_wrong("chunk", chunk, BLOCK)]
    if horizon_years is not None and not 0 < horizon_years <= LONGEST:
        problems.append(Problem("horizon_years", f"{horizon_years:g} years is out of range", f"it lies above 0 and up to {LONGEST}", "give 10"))
    if chunk is not None and not problems and chunk % BLOCK:
        problems.append(Problem("chunk", f"{chunk} is no multiple of {BLOCK}", "draws are computed in blocks", f"give {BLOCK}, {2 * BLOCK}, ..."))
    if problems:
        raise InvalidInput(problems)
    model = make_model(scenario, as_of, horizon_years, switches, policy, structure)
    check_streams(model)
    # What is out of range is mostly so from the start: refuse it before anything is written.
    check_numbers(model, draw(model, seed, 0, min(draws, BLOCK)))
    kept = archive(model)
    if out is None:
        return _run(model, describe(model, draws, seed, chunk or default_chunk(draws)), kept, None, threads, progress)
    path = Path(out)
    with hold(path) as folder:
        about = describe(model, draws, seed, chunk or folder.manifest.get("chunk") or default_chunk(draws))
        if folder.manifest:
            other = differences(folder.manifest, about)
            if other:
                what = f"the run here was made with other options: {'; '.join(other)}"
                raise refuse(path, what, "a folder holds one run", "give another folder, or remove this one")
            logger.info("continuing")
        else:
            folder.begin(about, kept.scenario, kept.facts)
            logger.info("%s as seen on %s: %d draws, seed %d", model.name, model.as_of, draws, seed)
        return _run(model, about, kept, folder, threads, progress)


def resume(run: str | Path, *, threads: int | None = None, progress: Progress | None = None) -> Assessment:
    """Finish a run that was cut short; a finished one is read, and what was damaged is computed again.

    Parameters
    ----------
    run : path
        The folder that `assess` made; it needs neither the scenario's file nor the library.

    Raises
    ------
    InvalidInput
        If the folder is no run, is in use, was changed, or was made by another version.
    detente.ensemble.Unsettled
        As `assess`.
    """
    problems = list(_wrong("threads", threads, 1))
    if problems:
        raise InvalidInput(problems)
    path = Path(run)
    read_manifest(path)
    with hold(path) as folder:
        about = about_of(folder.manifest)
        if about["version"] != __version__:
            what = f"the run was made by détente {about['version']}, this is {__version__}"
            raise refuse(path, what, "draws of two versions do not mix", f"install détente {about['version']}, or make the run again")
        kept = Archive(*(read_text(path / name) for name in (SCENARIO, FACTS)))
        model = restore(kept, about)
        logger.info("resumed")
        return _run(model, about, kept, folder, threads, progress)


def make_model(
    scenario: str | Path | Model,
    as_of: date | str | None,
    horizon_years: float | None,
    switches: Mapping[str, bool] | None,
    policy: str | None = None,
    structure: str | None = None,
) -> Model:
    """The compiled scenario that options ask for.

    Raises
    ------
    InvalidInput
    """
    day = _day(as_of)
    if not isinstance(scenario, Model):
        return load(scenario, as_of=day, horizon_years=horizon_years, switches=switches, policy=policy, structure=structure)
    if day is None and horizon_years is None and switches is None and policy is None and structure is None:
        return scenario
    return compile_model(
        scenario.name, scenario.scenario, scenario.document, scenario.record,
        as_of=day or scenario.as_of, horizon_years=horizon_years or scenario.horizon_years, switches={**scenario.switches, **(switches or {})},
        policy=policy or scenario.policy,
        structure=structure or scenario.structure,
    )  # fmt: skip


def describe(model: Model, draws: int, seed: int, chunk: int) -> dict[str, Any]:
    """The manifest of a run, before its chunks."""
    return {
        "format": FORMAT,
        "version": __version__,
        "scenario": model.name,
        "title": model.scenario.title,
        "as_of": model.as_of.isoformat(),
        "horizon_years": float(model.horizon_years),
        "draws": int(draws),
        "seed": int(seed),
        "switches": dict(model.switches),
        **({"policy": model.policy} if model.policy is not None else {}),
        **({"structure": model.structure} if model.structure is not None else {}),
        "edits": list(model.edits),
        "hindsight": list(model.hindsight),
        **({"passed": {name: {"title": item.title, "from": str(item.from_)} for name, item in model.passed.items()}} if model.passed else {}),
        "chunk": int(chunk),
        "digest": model.digest,
    }


def default_chunk(draws: int) -> int:
    """About four chunks to a run, at most 8,192 draws each: little is lost when a run is cut short, little is spent on files."""
    return min(MOST_CHUNK, BLOCK * max(1, -(-draws // (MOST_CHUNK // 2))))


def read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(file, "the file cannot be read", str(error), "make the run again") from None


def _run(
    model: Model, about: Mapping[str, Any], kept: Archive, folder: RunFolder | None, threads: int | None, progress: Progress | None
) -> Assessment:
    assessment = _compute(model, about, kept, folder, threads, progress or (lambda done, of, what: None))
    _refuse_unsettled(assessment, folder)
    return assessment


def _compute(
    model: Model, about: Mapping[str, Any], kept: Archive, folder: RunFolder | None, threads: int | None, progress: Progress
) -> Assessment:
    work = Work(model, about, folder, threads, progress)
    prior, coordinates = work.draws(CHUNKS)
    found = condition(model, prior)
    moved = found is not None and found.collapsed
    posterior, sample = prior, None
    if found is not None and moved:
        posterior, _ = work.draws(POSTERIOR, lambda: work.moved(found))
        sample = work.sample
        assert sample is not None  # it is noted before the first moved draw is stored
        work.seconds.append(sample["seconds"])
    weights = found.weights if found is not None and not moved else None
    history = history_result(model, coordinates, prior, posterior, found, sample, threads) if model.scenario.history else None
    steps = total_steps(work.seconds)
    result = make_result(about, posterior, coordinates, sum(steps.values()), weights, history, threads)
    if folder is not None and not _is_stored(folder, result):
        folder.finish(result)
        logger.info("complete: %s", result["result_digest"])
    return assemble(posterior, coordinates, result, about, kept, steps, model, weights, prior if moved else None)


def _is_stored(folder: RunFolder, result: Mapping[str, Any]) -> bool:
    file = folder.path / RESULT
    return file.is_file() and file.read_bytes() == to_json(result).encode()


def _refuse_unsettled(assessment: Assessment, folder: RunFolder | None) -> None:
    wrong = np.flatnonzero(~settled(assessment.arrays))
    share = len(wrong) / assessment.draws
    if share <= MOST_UNSETTLED:
        return
    some = ", ".join(map(str, wrong[:3])) + (", ..." if len(wrong) > 3 else "")
    where = folder.path if folder is not None else assessment.about["scenario"]
    message = (
        f"{len(wrong):,} of {assessment.draws:,} draws ({100 * share:.2g} %) found no equilibrium with residual below {ACCEPTED_RESIDUAL:g}, "
        f"more than the {100 * MOST_UNSETTLED:g} % that may be; they are draws {some}. "
        f"Look at one with `detente explain {where} --draw {wrong[0]}`; then narrow the precision or the payoffs that make it so"
    )
    raise Unsettled(message + (f". The run is kept in {folder.path}, every draw counted" if folder is not None else ""), assessment)


def _day(text: date | str | None) -> date | None:
    if not isinstance(text, str):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(Problem("as_of", f"{text!r} is no date", "", "write it as 2021-01-29")) from None


def _wrong(name: str, value: Any, least: int | None = None, most: int | None = None) -> list[Problem]:
    """Problems of an option that is a whole number."""
    if value is None:
        return []
    try:
        whole = index(value)
    except TypeError:
        return [Problem(name, f"{value!r} is no whole number", "", "give an int")]
    if (least is not None and whole < least) or (most is not None and whole > most):
        return [Problem(name, f"{whole} is out of range", f"it runs from {least}" + (f" to {most}" if most else " on"), f"give at least {least}")]
    return []
