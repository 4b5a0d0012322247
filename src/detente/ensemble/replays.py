"""One draw again, with everything that an ensemble does not keep: its numbers, its equilibrium and what follows from it.

The draw is made from (seed, name, number) alone, or from what the run kept of a draw that history moved, so its results are those of the run to the last
bit.
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
from detente.ensemble.draws import check_streams, draw, draw_again
from detente.ensemble.folder import FACTS, POSTERIOR, SAMPLE, SCENARIO, is_run, read_chunk, read_manifest, refuse
from detente.ensemble.likelihood import pairs_of
from detente.ensemble.run import make_model, read_text
from detente.ensemble.sampling import NUMBERED_DRAWS, uniforms
from detente.ensemble.solving import solve_drawn
from detente.errors import InvalidInput, Problem
from detente.ladder import Equilibrium, Prospects, prospects
from detente.scenario.compile import Model
from detente.scenario.evaluate import named_values
from detente.scenario.quantities import Quantity

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Replay:
    """A single draw.

    Attributes
    ----------
    model : Model
    draw, seed : int
    quantities : mapping of quantity to its value, in its own unit
    places : mapping of quantity to the share of its prior below the value
    drivers : mapping of driver to its values over segments, in its own unit
    chances : mapping of contingency to its uniform number
        It happens where the number lies below its chance.
    values : array, 1 x segment x slot
        The numbers of `equilibrium.plan`, in base units.
    equilibrium : Equilibrium
        Of this draw alone.
    prospects : Prospects
        Of this draw alone.
    """

    model: Model
    draw: int
    seed: int
    quantities: Mapping[str, float]
    places: Mapping[str, float]
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
    structure: str | None = None,
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
    as_of, horizon_years, switches, structure : optional
        Of a scenario, as for `detente.assess`.

    Raises
    ------
    InvalidInput
        If there is no such draw, options are given for a run, or a draw that history moved is not on disk as it was written.
    """
    model, stated, draws = _question(source, {"seed": seed, "as_of": as_of, "horizon_years": horizon_years, "switches": switches, "structure": structure})
    if not 0 <= draw < draws:
        raise InvalidInput(Problem("draw", f"there is no draw {draw}", f"draws run from 0 to {draws - 1:,}", "give one of them"))
    return _replay(model, stated, draw, _moved(source, draw))


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
    model = make_model(source, options["as_of"], options["horizon_years"], options["switches"], structure=options["structure"])
    check_streams(model)
    return model, options["seed"] if options["seed"] is not None else 1, NUMBERED_DRAWS


def _moved(source: str | Path | Model | Assessment, number: int) -> tuple[Floats, Floats] | None:
    """Quantities and chances of a draw that history moved; None where it moved none, or has not yet come to.

    Raises
    ------
    InvalidInput
        If draws were moved and this one is not on disk as it was written: the draw of the seed is another one.
    """
    if isinstance(source, Assessment):
        return (source.data["quantities"].values[number], source.data["chances"].values[number]) if source.prior is not None else None
    if isinstance(source, Model) or not is_run(Path(source)):
        return None
    path = Path(source)
    manifest = read_manifest(path)
    if SAMPLE not in manifest:
        return None
    for entry in manifest.get(POSTERIOR, ()):
        if 0 <= number - entry["first"] < entry["count"] and (chunk := read_chunk(path, entry)) is not None:
            return chunk.arrays["quantities"][number - chunk.first], chunk.arrays["chances"][number - chunk.first]
    what = f"draw {number}, which history moved, is missing or damaged"
    raise refuse(path, what, "the draw of the seed is another one", f"`detente resume {path}` computes it again")


def _replay(model: Model, seed: int, number: int, moved: tuple[Floats, Floats] | None) -> Replay:
    drawn = draw(model, seed, number, 1) if moved is None else draw_again(model, *moved, number)
    equilibrium = solve_drawn(model, drawn, 1)
    ahead = prospects(equilibrium, model.timeline.pieces, pairs_of(model), threads=1)
    items = model.scenario.quantities
    quantities = dict(zip(items, drawn.quantities[0].tolist(), strict=True))
    chances = dict(zip(model.chance_names, drawn.chances[0].tolist(), strict=True))
    mixed = {name for group in model.correlated for name in group.names} if moved is None else set(items)
    factor = model.reading.multiply
    places = {
        name: _place(item, quantities[name] / factor.get(name, 1.0)) if name in mixed else float(uniforms(name, seed, number, 1, item.stream)[0])
        for name, item in items.items()
    }
    return Replay(model, number, seed, quantities, places, drivers(model, quantities, chances), chances, equilibrium.values, equilibrium, ahead)


def _place(item: Quantity, value: float) -> float:
    """The share of a quantity's distribution below a value, found by halving."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if float(item.distribution.quantile(np.array([middle]))[0]) >= value else (middle, high)
    return (low + high) / 2


def drivers(model: Model, quantities: Mapping[str, float], chances: Mapping[str, float]) -> dict[str, Floats]:
    """Drivers of one draw on every segment, in their own units."""
    drawn, uniform = ({name: np.array([value]) for name, value in each.items()} for each in (quantities, chances))
    found, segments = named_values(model, drawn, uniform), len(model.timeline.starts)
    return {name: np.broadcast_to(found[name], (1, segments))[0] / model.factors[name] for name in model.driver_order}
