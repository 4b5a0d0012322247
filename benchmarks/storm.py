"""First passage of one chain a draw: our kernels beside Storm, which instantiates a parametric model and checks it, on the same chains.

The work of a draw is one probability: of having reached the target within ten years under one set of rates. That is all Storm is asked for, while détente
answers yearly outputs and many questions at once. Storm reads its model once; its parameter values are made ready outside the time measured, and a
draw is `ModelInstantiator.instantiate` and `model_checking`. Reference: Hensel et al. (2022), The probabilistic model checker Storm,
doi 10.1007/s10009-021-00633-z.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from chains import ARCS, TOP, rates_of, starts
from numpy.typing import NDArray
from report import Comparison, Report, Row, publish
from timing import core_seconds

from detente.ensemble.draws import draw
from detente.ladder import Arc, Names, Piece, solve
from detente.ladder.questions import entering
from detente.ladder.reach import first_passage
from detente.scenario import load

DRAWS, FEW = 20_000, 300
YEARS = 10.0
TARGET = 50.0
Floats = NDArray[np.float64]


def by_storm(arcs: Sequence[Arc], rates: Floats, start: int, target: NDArray[np.bool_]) -> Callable[[], list[float]]:
    """A function that answers every row of `rates` (draw x arc). ImportError where Storm is missing."""
    import stormpy
    from stormpy.pars import ModelInstantiator, RationalFunctionCoefficient

    # Storm prints a warning for every model in the dialect of PRISM.
    stormpy.developer.set_log_level(stormpy.developer.LogLevel.OFF)
    lines = ["ctmc", *(f"const double r{k};" for k in range(len(arcs))), "module chain", f"s : [0..{len(target) - 1}] init {start};"]
    lines += [f"[] s={arc.source} -> r{k} : (s'={arc.target});" for k, arc in enumerate(arcs) if not target[arc.source]]
    lines += [f"[] s={s} -> 1 : true;" for s in np.flatnonzero(target)]
    lines += ["endmodule", f'label "target" = {" | ".join(f"s={s}" for s in np.flatnonzero(target))};']
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "chain.prism"
        file.write_text("\n".join(lines), encoding="utf-8")
        program = stormpy.parse_prism_program(file, prism_compatibility=True)
    asked = stormpy.parse_property(f'P=? [ F<={YEARS:g} "target" ]', program)
    model = stormpy.build_model[stormpy.RationalFunction](program, [asked])
    instantiator = ModelInstantiator[model.model_type, float](model)
    parameters = {parameter: int(parameter.name[1:]) for parameter in model.collect_all_parameters()}
    values = [{parameter: RationalFunctionCoefficient(float(row[k])) for parameter, k in parameters.items()} for row in rates]
    (initial,) = model.initial_states

    def work() -> list[float]:
        found: list[Any] = [stormpy.model_checking(instantiator.instantiate(one), asked, only_initial_states=True) for one in values]
        return [float(answer.get_value(initial)) for answer in found]

    return work


def beside_storm(title: str, arcs: Sequence[Arc], rates: Floats, start: Floats, target: NDArray[np.bool_]) -> Comparison:
    """`rates` of `draw x arc`; every draw starts in the same state."""
    pieces, segments = [Piece(0, YEARS, 0)], np.ascontiguousarray(rates[:, None])

    def ours() -> Floats:
        return first_passage(segments, start, pieces, [entering(arcs, target)], threads=1).entered[:, 0, 0]

    rows = [Row("détente", len(rates), core_seconds(ours))]
    try:
        theirs = by_storm(arcs, rates[:FEW], int(start[0].argmax()), target)
    except ImportError as error:
        return Comparison(title, "chains", rows, TARGET, [f"Storm is not installed ({error})"])
    rows.append(Row("Storm, instantiate and check", FEW, core_seconds(theirs)))
    worst = np.abs(np.array(theirs()) / ours()[:FEW] - 1.0).max()
    return Comparison(title, "chains", rows, TARGET, [f"largest relative difference {worst:.1e} over {FEW} draws"])


def baltic() -> Comparison:
    """War in the chain of baltic-2021 as it stands in its first segment."""
    model = load("baltic-2021")
    count = 4_096
    solved = solve(model.plan, draw(model, 1, 0, count).values)
    start = np.zeros((count, len(model.plan.ladder.rungs)))
    start[:, np.argmax(solved.values[0, 0, model.plan.start])] = 1.0
    mask = Names(model.plan.ladder).reach_mask("war")
    title = f"First passage to war in baltic-2021, {start.shape[1]} states, rates of its first segment held"
    return beside_storm(title, model.plan.arcs, np.ascontiguousarray(solved.rates[:, 0]), start, mask)


def main() -> None:
    eight = [
        beside_storm(f"First passage, eight rungs, one horizon, {label}", ARCS, rates_of(DRAWS, 1, down)[:, 0], starts(DRAWS), TOP)
        for down, label in [(4.0, "rates of weeks to months"), (40.0, "rates of days to weeks")]
    ]
    publish(Report("storm", [*eight, baltic()]))


if __name__ == "__main__":
    main()
