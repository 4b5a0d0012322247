"""Policies of a user's own files beside those of a scenario: the scenario is had with them, so that all are told on the same draws.

Draws of all else stay where they are, whatever quantities a file adds. A file is bound to the scenario that it was written for, by its digest.

Refused: what `detente.scenario.policies` refuses, names that a file does not have, and runs of a scenario that is not at hand as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from detente.ensemble import Assessment, assess
from detente.ensemble.folder import is_run
from detente.ensemble.run import make_model
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.scenario import Model
from detente.scenario.checking import no_such
from detente.scenario.compile import load
from detente.scenario.files import shipped
from detente.scenario.policies import in_file, policies_in

Source: TypeAlias = str | Path | Model | Assessment


def with_own(
    source: Source, policies: Sequence[str] | None, *, draws: int, whole_run: bool = False, seed: int = 1, as_of: date | str | None = None,
    horizon_years: float | None = None, switches: Mapping[str, bool] | None = None, threads: int | None = None, progress: Progress | None = None,
) -> tuple[Source, Sequence[str] | None]:  # fmt: skip
    """An assessment with the policies of all files that are named, and the names of the policies that are meant; both as given where no file is named.

    Parameters
    ----------
    source : str, Path, Model or Assessment
    policies : sequence of str or None
        Names, `FILE.yaml` for all policies of a file, or `FILE.yaml:NAME`.
    draws : int
        How many draws are wanted; of a run at most as many as it has, and all of them with `whole_run`.
    seed, as_of, horizon_years, switches, threads, progress
        As of `detente.assess`; a run has its own.

    Raises
    ------
    InvalidInput
        For what the module refuses.
    """
    names, files = _named(policies or ())
    if not files:
        return source, policies
    if isinstance(source, str | Path) and is_run(Path(source)):
        source = Assessment.load(source)
    if isinstance(source, Assessment):
        draws, seed = source.draws if whole_run else min(draws, source.draws), source.seed
        plain = _as_it_was(source)
    elif isinstance(source, Model):
        raise InvalidInput(Problem("policies", "a compiled scenario takes no files of policies", "they are checked with its text", "give its name or its file"))
    else:
        plain = make_model(source, as_of, horizon_years, switches)
    name = plain.name if isinstance(source, Assessment) else source
    model = load(name, as_of=plain.as_of, horizon_years=plain.horizon_years, switches=plain.switches, policy_files=files)
    return assess(model, draws=draws, seed=seed, threads=threads, progress=progress), names


def _named(policies: Sequence[str]) -> tuple[list[str], list[Path]]:
    """The names that are meant, and the files that have them."""
    names: list[str] = []
    files: dict[Path, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for each in policies:
        found = in_file(each)
        if found is None:
            names.append(each)
            continue
        path, name = found
        try:
            there = files[path] if path in files else policies_in(path)
        except InvalidInput as error:
            problems += error.problems
            continue
        files[path] = there
        if name is not None and name not in there:
            problems.append(no_such("policies", name, "policy", str(path), there, ""))
        names += there if name is None else (name,)
    if problems:
        raise InvalidInput(problems)
    return names, list(files)


def _as_it_was(a: Assessment) -> Model:
    """The scenario of a run, with the file that policies were written for."""
    name = a.model.name
    if name not in shipped():
        what, why = f"a run of {name} cannot be had with policies of a file", "it does not keep the file that they were written for"
        raise InvalidInput(Problem("policies", what, why, "name the scenario's file in place of the run"))
    plain = load(name, as_of=a.as_of, horizon_years=a.horizon_years, switches=a.model.switches)
    if plain.digest != a.digest:
        what, why = f"{name} is not what the run was made from", "policies of a file are written for the scenario as it stands"
        raise InvalidInput(Problem("policies", what, why, "assess the scenario anew"))
    return plain
