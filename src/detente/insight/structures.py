"""Every structure of a scenario on the same draws, to stand beside the scenario as it is written."""

from __future__ import annotations

from detente.ensemble import Assessment, assess
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.scenario.compile import compile_model

AS_WRITTEN = "as_written"  # stands for no structure


def read_otherwise(assessment: Assessment, threads: int | None = None, progress: Progress | None = None) -> dict[str, Assessment]:
    """Assess each structure of an assessment's scenario with the same options, under the same policy if any: `{name: assessment}`.

    Raises
    ------
    InvalidInput
        If the scenario has no structures, or a number of the ladder is out of range under one of them.
    """
    model = assessment.model
    if not model.scenario.structures:
        where = model.document.where(("title",))
        raise InvalidInput(Problem(where, "the scenario has no structures", "there is nothing to show beside it", "add `structures:` to the file"))
    found = {}
    for name, item in model.scenario.structures.items():
        switches = {**model.switches, **item.switches}
        read = compile_model(
            model.name, model.scenario, model.document, model.record, as_of=model.as_of, horizon_years=model.horizon_years, switches=switches,
            line=model.timeline, policy=model.policy, structure=name,
        )  # fmt: skip
        found[name] = assess(read, draws=assessment.draws, seed=assessment.seed, threads=threads, progress=progress)
    return found
