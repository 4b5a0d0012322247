"""What stands beside an assessment: the same draws under a policy, in another structure, as known on another day, or of another scenario.

They are computed when they are first asked for, with the first draws of the assessment at hand, so that all answers are told draw by draw. In a folder they
are kept, one Parquet file each with the columns of a run's chunks, and read from there the next time; the name holds what they were made from. History
weighs draws by the model without the policy, so under a policy weights are those of the same world without it.

Refused: an assessment that was itself made under a policy or in a structure, for what stands beside it would be told by neither; and worlds in which more than
one draw in a thousand, and more than one draw, found no equilibrium.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from detente import __version__
from detente.document import Formula
from detente.ensemble import Assessment, assess, columns
from detente.ensemble.chunk import compute
from detente.ensemble.conditioning import condition
from detente.ensemble.folder import write_whole
from detente.ensemble.labels import labelled
from detente.ensemble.result import settled
from detente.ensemble.run import MOST_UNSETTLED, make_model
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, ModelError, Problem
from detente.insight.measures import HERE, Known, World
from detente.scenario.checking import namespace
from detente.scenario.compile import Model, compile_model, load
from detente.scenario.evaluate import named_values, over_draws
from detente.scenario.files import can_be_assessed, shipped

Floats = NDArray[np.float64]
DRAWS = 1_024  # of what stands beside: judgement; a share is then told to about three points


def with_whole_record(model: Model) -> Model:
    """A model with its whole record, of which a run keeps only what it used itself; as it is where the shipped scenario has changed since."""
    if model.name not in shipped():
        return model
    whole = load(model.name, as_of=model.as_of, horizon_years=model.horizon_years, switches=model.switches)
    return whole if whole.digest == model.digest else model


@dataclass(frozen=True, eq=False)
class Told:
    """The draws of a world.

    Attributes
    ----------
    data : xarray.Dataset
        As that of an assessment.
    """

    data: xr.Dataset

    @property
    def draws(self) -> int:
        return self.data.sizes["draw"]


class Beside:
    """An assessment and what stands beside it.

    Parameters
    ----------
    assessment : Assessment
        As written: under no policy and in no structure.
    folder : path, optional
        Where the others are kept.
    draws : int, optional
        How many of its draws the others take; those that differ in two ways half as many.
    threads, progress
        As of `detente.assess`.

    Raises
    ------
    InvalidInput
        For what the module refuses.
    """

    def __init__(
        self, assessment: Assessment, *, folder: Path | None = None, draws: int = DRAWS, threads: int | None = None, progress: Progress | None = None
    ) -> None:
        model = assessment.model
        for name, kind in ((model.policy, "policy"), (model.structure, "structure")):
            if name is not None:
                why = "claims are told beside the scenario as written"
                raise InvalidInput(Problem("run", f"it was made under the {kind} {name!r}", why, "give a run of the scenario itself"))
        self.assessment, self.folder, self.draws = assessment, folder, min(draws, assessment.draws)
        self.threads, self.progress = threads, progress
        self._found: dict[World, Told] = {HERE: Told(assessment.data)}
        self._values: dict[World, Mapping[str, Floats]] = {}

    @property
    def structures(self) -> tuple[str, ...]:
        """Structures of the scenario."""
        return tuple(self.assessment.model.scenario.structures)

    @property
    def known(self) -> Known:
        """What can be asked."""
        data, model = self.assessment.data, self.assessment.model
        places, pairs, next_pairs, levels, origins = (
            tuple(str(value) for value in data[axis].values) for axis in ("rung", "pair", "next_pair", "level", "origin")
        )
        years = tuple(int(year) for year in data["year"].values)
        others = [name for name in shipped() if can_be_assessed(name)]
        return Known(places, pairs, next_pairs, levels, origins, years, model.scenario.policies, self.structures, others, namespace(model.scenario))

    def get(self, world: World) -> Told:
        """The draws of a world.

        Raises
        ------
        InvalidInput
            If the world cannot be made, as `detente.assess` says.
        ModelError
            For what the module refuses.
        """
        if world not in self._found:
            self._found[world] = Told(self._data(world))
        return self._found[world]

    def _data(self, world: World) -> xr.Dataset:
        # What differs in two ways takes half as many: there are many of these, and each says little.
        draws = max(1, self.draws // 2) if world.elsewhere and world.structure is not None else self.draws
        if self.assessment.prior is not None:
            # History moves draws, which only a whole run does.
            return assess(self.model(world), draws=draws, seed=self.assessment.seed, threads=self.threads, progress=self.progress).data
        file = self.folder / f"{_name(world)}+{draws}+{self._made_from}.parquet" if self.folder is not None else None
        if file is not None and file.is_file():
            chunk = columns.read(file.read_bytes())
        else:
            if self.progress is not None:
                self.progress(len(self._found) - 1, 0, "beside")
            chunk = compute(self._unconditioned(world), self.assessment.seed, 0, draws, self.threads)
            wrong = int((~settled(chunk.arrays)).sum())
            if wrong > max(1.0, MOST_UNSETTLED * draws):
                what = f"{_name(world)}: {wrong} of {draws} draws found no equilibrium"
                raise ModelError(f"{what}; narrow the precision or the payoffs that make it so, or give another seed")
            if file is not None:
                file.parent.mkdir(exist_ok=True)
                write_whole(file, columns.write(chunk))
        if world.policy is not None:
            weights = self.get(replace(world, policy=None)).data["weight"].values[:draws]
        else:
            # On another day other history was known.
            found = condition(self.model(world) if world.elsewhere else self.assessment.model, chunk.arrays) if chunk.coordinates["history"] else None
            weights = found.weights if found is not None and found.weights is not None else np.ones(draws)
        return labelled(chunk.arrays, chunk.coordinates, np.array(weights), {})

    def _unconditioned(self, world: World) -> Model:
        """The model of a world; under a policy without its history, which is told without the policy."""
        model = self.model(world)
        return replace(model, scenario=model.scenario.model_copy(update={"history": {}})) if world.policy is not None else model

    @cached_property
    def _made_from(self) -> str:
        """In short what all of it was made from."""
        return hashlib.sha256(f"{self.assessment.digest} {self.assessment.seed} {__version__}".encode()).hexdigest()[:12]

    @cached_property
    def _whole(self) -> Model:
        return with_whole_record(self.assessment.model)

    def model(self, world: World) -> Model:
        """The compiled scenario of a world.

        Raises
        ------
        InvalidInput
        """
        here = self._whole
        if world.scenario is not None:
            return load(world.scenario, as_of=world.as_of, horizon_years=here.horizon_years, policy=world.policy, structure=world.structure)
        if world.as_of is not None:
            if here is self.assessment.model and here.name in shipped():
                what = f"{here.name} is no longer what the run was made from"
                raise InvalidInput(Problem("run", what, "the record of another day cannot be read", "assess the scenario anew"))
            return make_model(here, world.as_of, None, None, world.policy, world.structure)
        policy = here.scenario.policies[world.policy] if world.policy is not None else None
        switches = here.scenario.structures[world.structure].switches if world.structure is not None else {}
        return compile_model(
            here.name, here.scenario, here.document, here.record, as_of=here.as_of, horizon_years=here.horizon_years, switches={**here.switches, **switches},
            # A policy that begins or ends cuts the calendar anew.
            line=here.timeline if policy is None or (policy.from_ is None and policy.until is None) else None, policy=world.policy, structure=world.structure,
        )  # fmt: skip

    def values(self, world: World, names: frozenset[str], draws: int) -> dict[str, Floats]:
        """Quantities, drivers and switches over the first draws of a world, on the as-of date in base units."""
        if names and world not in self._values:
            a, model = self.get(world), self.model(world) if world != HERE else self.assessment.model
            quantities = {str(name): a.data["quantities"].values[:, k] for k, name in enumerate(a.data["quantity"].values)}
            chances = {str(name): a.data["chances"].values[:, k] for k, name in enumerate(a.data["contingency"].values)}
            everything = named_values(model, quantities, chances)
            self._values[world] = {name: over_draws(Formula(name), everything, a.draws) for name in namespace(model.scenario) if name in everything}
        return {name: self._values[world][name][:draws] for name in names}


def _name(world: World) -> str:
    """A folder for a world."""
    parts = (world.scenario, world.as_of.isoformat() if world.as_of is not None else None, world.structure, world.policy)
    return "+".join(part or "-" for part in parts)
