"""What stands beside an assessment: the same draws under a policy, in another structure, as known on another day, or of another scenario.

They are computed when they are first asked for, with the first draws of the assessment at hand, so that all answers are told draw by draw; whoever asks for
more gets those that follow, and nothing is computed twice. Each is told of what is asked of it alone: best replies and years never, pathways and pairs
where some question wants them; who asks a world for more than it was told of makes its draws anew. In a folder they are kept, one Parquet file each with
the columns of a run's chunks, and read from there the next time; the name holds what they were made from. What is told never depends on how many were kept.
History weighs draws by the model without the policy, so under a policy weights are those of the same world without it.

Refused: an assessment that was itself made under a policy or in a structure, for what stands beside it would be told by neither; and worlds in which more than
one draw in a thousand, and more than one draw, found no equilibrium.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from detente import __version__
from detente.ensemble import Assessment, assess, columns
from detente.ensemble.chunk import Chunk, compute
from detente.ensemble.conditioning import condition
from detente.ensemble.folder import is_run, write_whole
from detente.ensemble.labels import frozen, labelled
from detente.ensemble.result import settled
from detente.ensemble.run import MOST_UNSETTLED, make_model
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, ModelError, Problem
from detente.insight.equilibria import Equilibria
from detente.insight.questions import HERE, Known, World
from detente.insight.told import named
from detente.ladder import Plan, Wanted
from detente.scenario.compile import Model, compile_model, load
from detente.scenario.files import shipped

Floats = NDArray[np.float64]
_KINDS = tuple(each.name for each in fields(Wanted))
DRAWS = 1_024  # of what stands beside: judgement; a share is then told to about three points


def with_whole_record(model: Model) -> Model:
    """A model with its whole record, of which a run keeps only what it used itself; as it is where the shipped scenario has changed since."""
    if model.name not in shipped():
        return model
    whole = load(model.name, as_of=model.as_of, horizon_years=model.horizon_years, switches=model.switches)
    return whole if whole.digest == model.digest else model


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
    asked : mapping of World to Wanted, optional
        What will be asked of each, whatever the structure: it is told at once then.
    threads, progress
        As of `detente.assess`.

    Raises
    ------
    InvalidInput
        For what the module refuses.
    """

    def __init__(
        self,
        assessment: Assessment,
        *,
        folder: Path | None = None,
        draws: int = DRAWS,
        asked: Mapping[World, Wanted] | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.assessment, self.folder, self.draws = assessment, folder, min(draws, assessment.draws)
        self.asked, self.threads, self.progress = asked or {}, threads, progress
        self._models: dict[World, Model] = {}
        self._plans: dict[frozenset[tuple[str, bool]], Plan] = {}
        self._chunks: dict[World, Chunk] = {}
        self._found: dict[tuple[World, int], xr.Dataset] = {}
        self._searched: dict[int, Equilibria] = {}

    @property
    def structures(self) -> tuple[str, ...]:
        """Structures of the scenario."""
        return tuple(self.assessment.model.scenario.structures)

    @property
    def known(self) -> Known:
        """What can be asked."""
        return Known.of(self.assessment)

    def check(self) -> None:
        """Refuse an assessment that nothing can be told beside.

        Raises
        ------
        InvalidInput
        """
        model = self.assessment.model
        for name, kind in ((model.policy, "policy"), (model.structure, "structure")):
            if name is not None:
                why = "claims and policies are told beside the scenario as written"
                raise InvalidInput(Problem("run", f"it was made under the {kind} {name!r}", why, "give a run of the scenario itself"))

    def get(self, world: World, most: int | None = None, wanted: Wanted | None = None) -> xr.Dataset:
        """The draws of a world, laid out as those of an assessment.

        Parameters
        ----------
        most : int, optional
            So many of them at most.
        wanted : Wanted, optional
            What must be told at least; everything where not given.

        Raises
        ------
        InvalidInput
            If the world cannot be made, as `detente.assess` says.
        ModelError
            For what the module refuses.
        """
        if world == HERE:
            return self.assessment.data
        # What differs in two ways takes half as many: there are many of these, and each says little.
        draws = max(1, self.draws // 2) if world.elsewhere and world.structure is not None else self.draws
        if most is not None and self.assessment.prior is None:
            draws = min(draws, most)
        chunk = self._chunks.get(world)
        if (world, draws) not in self._found or (chunk is not None and not _holds(chunk, wanted)):
            self.check()
            self._found[world, draws] = self._data(world, draws, wanted)
        return self._found[world, draws]

    def equilibria(self, draws: int) -> Equilibria:
        """Other equilibria of the first draws."""
        if draws not in self._searched:
            if self.progress is not None:
                self.progress(len(self._chunks), 0, "beside")
            self._searched[draws] = Equilibria(self.assessment, draws, self.threads)
        return self._searched[draws]

    def _data(self, world: World, draws: int, wanted: Wanted | None) -> xr.Dataset:
        if self.assessment.before is not None:
            # History moves draws, which only a whole run does.
            return assess(self.model(world), draws=draws, seed=self.assessment.seed, threads=self.threads, progress=self.progress).data
        chunk = self._chunk(world, draws, wanted)
        arrays = {name: np.array(array[:draws]) for name, array in chunk.arrays.items()}
        if world.policy is not None:
            weights = self.get(replace(world, policy=None), draws, Wanted())["weight"].values[:draws]
        else:
            # On another day other history was known.
            found = condition(self.model(world) if world.elsewhere else self.assessment.model, arrays) if chunk.coordinates["history"] else None
            weights = found.weights if found is not None and found.weights is not None else np.ones(draws)
        return labelled(frozen(arrays, np.array(weights)), chunk.coordinates, {})

    def _chunk(self, world: World, draws: int, wanted: Wanted | None) -> Chunk:
        """At least so many draws of a world: those that were kept, and what they lack of it. Where what is wanted of them was not told they are made anew."""
        file = self.folder / f"{_name(world)}+{self._made_from}.parquet" if self.folder is not None else None
        chunk = self._chunks.get(world)
        if chunk is None and file is not None and file.is_file():
            chunk = columns.read(file.read_bytes())
        wanted = _both(wanted, self.asked.get(replace(world, structure=None), Wanted()))
        if chunk is not None and not _holds(chunk, wanted):
            wanted, draws, chunk = _both(wanted, chunk.told), max(draws, chunk.count), None
            self._found = {key: each for key, each in self._found.items() if key[0] != world}
        have = chunk.count if chunk is not None else 0
        if have < draws:
            if self.progress is not None:
                self.progress(len(self._chunks), 0, "beside")
            wanted = chunk.told if chunk is not None else wanted
            more = compute(self._unconditioned(world), self.assessment.seed, have, draws - have, self.threads, wanted=wanted)
            chunk = more if chunk is None else _joined(chunk, more)
            wrong = int((~settled(chunk.arrays)).sum())
            if wrong > max(1.0, MOST_UNSETTLED * draws):
                what = f"{_name(world)}: {wrong} of {draws} draws found no equilibrium"
                raise ModelError(f"{what}; narrow the precision or the payoffs that make it so, or give another seed")
            if file is not None:
                file.parent.mkdir(exist_ok=True)
                write_whole(file, columns.write(chunk))
        assert chunk is not None
        self._chunks[world] = chunk
        return chunk

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
        if world not in self._models:
            self._models[world] = self._compiled(world)
        return self._models[world]

    def _compiled(self, world: World) -> Model:
        here = self._whole
        if world.scenario is not None:
            return load(world.scenario, as_of=world.as_of, horizon_years=here.horizon_years, policy=world.policy, structure=world.structure)
        if world.as_of is not None:
            if here is self.assessment.model and here.name in shipped():
                what = f"{here.name} is no longer what the run was made from"
                raise InvalidInput(Problem("run", what, "the record of another day cannot be read", "assess the scenario anew"))
            return make_model(here, world.as_of, None, None, world.policy, world.structure)
        policy = here.scenario.policies[world.policy] if world.policy is not None else None
        switches = {**here.switches, **(here.scenario.structures[world.structure].switches if world.structure is not None else {})}
        # Neither policies nor structures change the ladder, but for the switches that a structure turns.
        turned = frozenset(switches.items())
        made = compile_model(
            here.name, here.scenario, here.document, here.record, as_of=here.as_of, horizon_years=here.horizon_years, switches=switches,
            # A policy that begins or ends cuts the calendar anew.
            line=here.timeline if policy is None or (policy.from_ is None and policy.until is None) else None,
            plan=self._plans.get(turned), policy=world.policy, structure=world.structure,
        )  # fmt: skip
        self._plans[turned] = made.plan
        return made

    def values(self, world: World, names: frozenset[str], draws: int) -> dict[str, Floats]:
        """Quantities, drivers and switches over the first draws of a world, on the as-of date in base units."""
        model = self.assessment.model if world == HERE or not names else self.model(world)
        return {name: each[:draws] for name, each in named(model, self.get(world, draws, Wanted()), names).items()} if names else {}


def assessed(source: str | Path | Model, **options: Any) -> Assessment:
    """A run that is kept, or a scenario that is assessed now."""
    return Assessment.load(source) if isinstance(source, str | Path) and is_run(Path(source)) else assess(source, **options)


def beside_of(source: object) -> Path | None:
    """Where what stands beside a run is kept; None for what is no run, and for one that cannot be written to."""
    return Path(source) / "beside" if isinstance(source, str | Path) and is_run(Path(source)) and os.access(source, os.W_OK) else None


def _holds(chunk: Chunk, wanted: Wanted | None) -> bool:
    """Whether a chunk tells what is wanted."""
    told = chunk.told
    if told is None or wanted is None:
        return told is None
    return all(set(getattr(wanted, kind)) <= set(getattr(told, kind)) for kind in _KINDS)


def _both(one: Wanted | None, other: Wanted | None) -> Wanted | None:
    """What either of two asks for."""
    if one is None or other is None:
        return None
    return Wanted(*({*getattr(one, kind), *getattr(other, kind)} for kind in _KINDS))


def _joined(first: Chunk, more: Chunk) -> Chunk:
    """Draws and those that follow them."""
    return replace(first, arrays={name: np.concatenate([array, more.arrays[name]]) for name, array in first.arrays.items()})


def _name(world: World) -> str:
    """A file for a world."""
    parts = (world.scenario, world.as_of.isoformat() if world.as_of is not None else None, world.structure, world.policy)
    return "+".join(part or "-" for part in parts)
