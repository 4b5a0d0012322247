"""One draw again, with everything that an ensemble does not keep: its numbers, its equilibrium and what follows from it.

The draw is made from (seed, name, number) alone, so its results are those of the run to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.archive import Archive, restore
from detente.ensemble.assessment import Assessment
from detente.ensemble.draws import check_streams, draw
from detente.ensemble.folder import FACTS, SCENARIO, is_run, read_manifest
from detente.ensemble.run import make_model, read_text
from detente.ensemble.sampling import MOST_DRAWS
from detente.errors import InvalidInput, Problem
from detente.ladder import Equilibrium, Prospects, prospects, solve
from detente.scenario.compile import Model
from detente.scenario.timeline import driver_values

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Replay:
    """A single draw.

    Attributes
    ----------
    model : Model
    draw, seed : int
    quantities : mapping of quantity to its value, in its own unit
    drivers : mapping of driver to its values over segments, in its own unit
    chances : mapping of contingency to its uniform number
        It happens where the number lies below its chance.
    values : array, 1 x segment x slot
        The numbers of `model.plan`, in base units.
    equilibrium : Equilibrium
        Of this draw alone.
    prospects : Prospects
        Of this draw alone.
    """

    model: Model
    draw: int
    seed: int
    quantities: Mapping[str, float]
    drivers: Mapping[str, Floats]
    chances: Mapping[str, float]
    values: Floats
    equilibrium: Equilibrium
    prospects: Prospects


def replay(
    source: str | Path | Model | Assessment,
    draw: int,
    *,
    seed: int | None = None,
    as_of: date | str | None = None,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
) -> Replay:
    """Replay one draw of a run or of a scenario.

    Parameters
    ----------
    source : path of a run folder, Assessment, or scenario (name, path or Model)
        A run brings its own seed and options, and need not be finished.
    draw : int
        Its number, from 0.
    seed : int, optional
        Of a scenario; 1 where not given.

    Raises
    ------
    InvalidInput
        If there is no such draw, or options are given for a run.
    """
    model, stated, draws = _question(source, {"seed": seed, "as_of": as_of, "horizon_years": horizon_years, "switches": switches})
    if not 0 <= draw < draws:
        raise InvalidInput(Problem("draw", f"there is no draw {draw}", f"draws run from 0 to {draws - 1:,}", "give one of them"))
    return _replay(model, stated, draw)


def _question(source: str | Path | Model | Assessment, options: Mapping[str, Any]) -> tuple[Model, int, int]:
    """Model, seed and number of draws."""
    is_folder = isinstance(source, str | Path) and is_run(Path(source))
    if is_folder or isinstance(source, Assessment):
        given = [name for name, value in options.items() if value is not None]
        if given:
            raise InvalidInput([Problem(name, "a run has its own", "it was made with it", "leave it out, or replay the scenario") for name in given])
    if isinstance(source, Assessment):
        return source.model, source.seed, source.draws
    if isinstance(source, str | Path) and is_folder:
        path = Path(source)
        about = read_manifest(path)
        return restore(Archive(*(read_text(path / name) for name in (SCENARIO, FACTS))), about), about["seed"], about["draws"]
    model = make_model(source, options["as_of"], options["horizon_years"], options["switches"])
    check_streams(model)
    return model, options["seed"] if options["seed"] is not None else 1, MOST_DRAWS


def _replay(model: Model, seed: int, number: int) -> Replay:
    drawn = draw(model, seed, number, 1)
    equilibrium = solve(model.plan, drawn.values, threads=1)
    ahead = prospects(equilibrium, model.timeline.pieces, model.scenario.pairs, threads=1)
    quantities = dict(zip(model.scenario.quantities, drawn.quantities[0].tolist(), strict=True))
    chances = dict(zip(model.scenario.contingencies, drawn.chances[0].tolist(), strict=True))
    return Replay(model, number, seed, quantities, drivers(model, quantities, chances), chances, drawn.values, equilibrium, ahead)


def drivers(model: Model, quantities: Mapping[str, float], chances: Mapping[str, float]) -> dict[str, Floats]:
    """Drivers of one draw on every segment, in their own units."""
    known = {name: np.array([[value * model.factors[name]]]) for name, value in quantities.items()}
    known |= {name: np.full((1, 1), float(on)) for name, on in model.switches.items()}
    uniform = {name: np.array([value]) for name, value in chances.items()}
    found = driver_values(model.scenario, model.timeline, model.driver_order, known, uniform, model.factors)
    segments = len(model.timeline.starts)
    return {name: np.broadcast_to(array, (1, segments))[0] / model.factors[name] for name, array in found.items()}
