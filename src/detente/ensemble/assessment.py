"""What a run found: one labelled data set over draws, rungs and years, its summary, and where it came from. Frozen.

Arrays keep every draw; `result` is the content of `result.json`. Saved and loaded back, an assessment is identical, the time it took included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.archive import Archive, restore
from detente.ensemble.chunk import AXES, Chunk
from detente.ensemble.conditioning import condition
from detente.ensemble.folder import CHUNKS, FACTS, POSTERIOR, RESULT, SAMPLE, SCENARIO, about_of, hold, read_chunk, read_json, read_manifest, refuse, to_json
from detente.ensemble.influence import rank_correlations
from detente.ensemble.labels import frozen, labelled
from detente.ensemble.result import result_digest
from detente.ensemble.statistics import monte_carlo_error
from detente.errors import ModelError
from detente.ladder import Status
from detente.scenario.compile import Model

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Assessment:
    """The answer of an ensemble to a scenario's question.

    Attributes
    ----------
    arrays : mapping
        `{name: draw x AXES[name]}` as `detente.ensemble.chunk` names them, and `weight` (draw): what history makes each draw count, 1 on average.
    coordinates : mapping
        `{axis: labels}`, plain data.
    result : mapping
        The content of `result.json`.
    about : mapping
        Provenance: the manifest without its chunks.
    archive : Archive
        The scenario as merged and the facts that it used, as text.
    steps : mapping
        Wall time of each step, in seconds.
    before : mapping or None
        The arrays of the draws before history moved them; None where they are the same, weighted or not.
    """

    arrays: Mapping[str, Floats]
    coordinates: Mapping[str, list[Any]]
    result: Mapping[str, Any]
    about: Mapping[str, Any]
    archive: Archive
    steps: Mapping[str, float]
    before: Mapping[str, Floats] | None = None
    _model: Model | None = field(default=None)

    shown_as: ClassVar[Callable[[Assessment], str] | None] = None
    """What makes HTML of an assessment for notebooks; `detente` sets it, since reports stand above."""

    def _repr_html_(self) -> str | None:
        show = type(self).shown_as
        return None if show is None else show(self)

    def __repr__(self) -> str:
        what = f"{self.about['scenario']} as seen on {self.as_of}"
        return f"<Assessment of {what}: {self.draws:,} draws, {self.horizon_years:g} years, {self.result_digest[:19]}>"

    @cached_property
    def data(self) -> xr.Dataset:
        """All arrays, labelled: `reach`, `touch` (draw, rung, year; a `rung` is a rung or a group, a `year` the calendar year that ends `until`),
        `quantities` (draw, quantity), `status`, `residual`, `regret` (draw, segment), `years` spent (draw, rung), numerators and denominators of
        conditionals (draw, pair), `pathways` (draw, level, origin, trigger), `weight` (draw)."""
        attributes = {key: self.about[key] for key in ("title", "scenario", "as_of", "horizon_years", "draws", "seed", "version", "digest")}
        attributes |= {"result_digest": self.result_digest, "seconds": self.seconds, "edits": "; ".join(self.edits)}
        return labelled(self.arrays, self.coordinates, attributes | {"hindsight": ", ".join(self.hindsight)})

    @cached_property
    def prior(self) -> xr.Dataset | None:
        """The draws before history moved them, labelled; None where they are those of `data`, weighted or not."""
        return labelled(self.before, self.coordinates, {}) if self.before is not None else None

    @cached_property
    def model(self) -> Model:
        """The compiled scenario."""
        return self._model if self._model is not None else restore(self.archive, self.about)

    @property
    def title(self) -> str:
        return str(self.about["title"])

    @property
    def as_of(self) -> date:
        """The date whose knowledge was used."""
        return date.fromisoformat(self.about["as_of"])

    @property
    def horizon_years(self) -> float:
        return float(self.about["horizon_years"])

    @property
    def draws(self) -> int:
        return int(self.about["draws"])

    @property
    def seed(self) -> int:
        return int(self.about["seed"])

    @property
    def digest(self) -> str:
        """Of the scenario, the options that change it, and every fact it used."""
        return str(self.about["digest"])

    @property
    def result_digest(self) -> str:
        """Of every number found; the same for equal runs."""
        return str(self.result["result_digest"])

    @property
    def seconds(self) -> float:
        """Wall time from the first draw to the last reach."""
        return float(self.result["seconds"])

    @property
    def edits(self) -> tuple[str, ...]:
        """How the options differ from the scenario file."""
        return tuple(self.about["edits"])

    @property
    def hindsight(self) -> tuple[str, ...]:
        """Quantities that rest on what was known only after the as-of date."""
        return tuple(self.about["hindsight"])

    @property
    def converged(self) -> float:
        """Share of draws that settled in every segment."""
        return float(self.result["converged"])

    @cached_property
    def status_counts(self) -> dict[str, int]:
        """How draws were settled: each counts once, by the hardest of its segments."""
        status = np.where(self.arrays["status"] == Status.COPIED, -1, self.arrays["status"]).max(axis=1)
        return {each.name.lower(): int((status == each).sum()) for each in Status if each is not Status.COPIED}

    @property
    def reach(self) -> xr.DataArray:
        """P(touch the level of a rung or a higher one by the end of a year): draw x rung x year."""
        return self.data["reach"]

    @property
    def touch(self) -> xr.DataArray:
        """P(touch the rung itself by the end of a year): draw x rung x year."""
        return self.data["touch"]

    @cached_property
    def onward(self) -> xr.DataArray:
        """P(b before return to the first rung | a entered): draw x pair `b|a`; NaN in a draw in which a cannot be."""
        return self._conditional("onward", "pair")

    @cached_property
    def given(self) -> xr.DataArray:
        """P(first a, then b by the horizon) / P(a by the horizon): draw x pair `b|a`; NaN in a draw in which a cannot be."""
        return self._conditional("given", "pair")

    @cached_property
    def next(self) -> xr.DataArray:
        """P(the first thing after a is b | a entered): draw x pair `b|a`; NaN in a draw in which a cannot be."""
        return self._conditional("next", "next_pair").rename({"next_pair": "pair"})

    @property
    def history(self) -> Mapping[str, Any] | None:
        """What history says, prior and posterior side by side: the part `history` of the result."""
        found: Mapping[str, Any] | None = self.result.get("history")
        return found

    def mean(self, values: xr.DataArray) -> xr.DataArray:
        """Mean over draws, each with the weight that history gives it."""
        weight = self.data["weight"]
        return values.mean("draw") if self._weights is None else (values * weight).sum("draw") / weight.sum()

    @cached_property
    def contributions(self) -> xr.DataArray:
        """Predictive probability of each level by pathway: level x origin x trigger; sums to `reach` of the level at the horizon."""
        return self.mean(self.data["pathways"])

    @cached_property
    def monte_carlo_error(self) -> dict[str, float]:
        """Standard error of each predictive probability of `reach` at the horizon."""
        last, names = self.arrays["reach"][:, :, -1], self.coordinates["rung"]
        return {name: monte_carlo_error(np.ascontiguousarray(last[:, index]), weights=self._weights) for index, name in enumerate(names)}

    def by_year(self, name: str) -> xr.DataArray:
        """Predictive probability that a rung or group is first reached in each calendar year; the first year includes what holds at the start.

        Raises
        ------
        KeyError
            If `name` is neither a rung nor a group.
        """
        mean = self.mean(self.reach.sel(rung=name))
        return mean.copy(data=np.diff(mean.values, prepend=0.0))

    def influence(self) -> list[tuple[str, dict[str, float]]]:
        """Rank correlation of each quantity with the reach of each rung and group at the horizon, strongest first.

        Quantities that are the same in every draw are left out, and outcomes that are (the first rung is always reached).
        """
        found = self._correlations
        pairs = []
        for row, quantity in enumerate(self.coordinates["quantity"]):
            told = {name: float(found[row, k]) for k, name in enumerate(self.coordinates["rung"]) if np.isfinite(found[row, k])}
            if told:
                pairs.append((quantity, told))
        return sorted(pairs, key=lambda pair: -max(abs(value) for value in pair[1].values()))

    def to_json(self) -> str:
        """The text of `result.json`."""
        return to_json(self.result)

    def save(self, folder: str | Path) -> None:
        """Write a run folder, as if the run had been made there.

        Raises
        ------
        InvalidInput
            If the folder is in use, or not empty.
        """
        path = Path(folder)
        with hold(path) as target:
            if target.manifest:
                raise refuse(path, "there is a run here", "nothing is overwritten", "give a folder that does not exist yet")
            target.begin(self.about, self.archive.scenario, self.archive.facts)
            size = int(self.about["chunk"])
            if self.before is not None and self.history is not None:
                sample = {"distinct": int(self.history["effective_draws"]), "seconds": dict.fromkeys(self.steps, 0.0)}
                target.note(sample | {key: self.history[key] for key in ("degrees", "moves")})
            parts = {CHUNKS: self.arrays} if self.before is None else {CHUNKS: self.before, POSTERIOR: self.arrays}
            for part, each in parts.items():
                for first in range(0, self.draws, size):
                    arrays = {name: each[name][first : first + size] for name in AXES}
                    share = len(arrays["reach"]) / self.draws / len(parts)
                    target.store(Chunk(first, arrays, self.coordinates, {step: seconds * share for step, seconds in self.steps.items()}), part)
            target.finish(self.result)

    @classmethod
    def load(cls, folder: str | Path) -> Assessment:
        """Read a finished run.

        Raises
        ------
        InvalidInput
            If the folder is no run, the run is not finished, or its files are not those that were written.
        """
        path = Path(folder)
        manifest = read_manifest(path)
        finish = f"`detente resume {path}` computes what is missing"
        entries = manifest[CHUNKS]
        if not (path / RESULT).is_file():
            done = sum(entry["count"] for entry in entries)
            raise refuse(path, "the run is not finished", f"{done:,} of {manifest['draws']:,} draws are done", finish)
        result = read_json(path / RESULT)
        prior, coordinates = _read(path, entries, finish)
        moved = SAMPLE in manifest
        arrays = _read(path, manifest[POSTERIOR], finish)[0] if moved else prior
        if result_digest(result, arrays, coordinates) != result.get("result_digest"):
            raise refuse(path / RESULT, "the numbers are not those of the draws", "its digest does not fit", f"remove the file, then {finish}")
        kept = Archive(*((path / name).read_text(encoding="utf-8") for name in (SCENARIO, FACTS)))
        about = about_of(manifest)
        steps = total_steps([entry["seconds"] for entry in (*entries, *manifest.get(POSTERIOR, ()), *([manifest[SAMPLE]] if moved else ()))])
        if not coordinates["history"]:
            return assemble(arrays, coordinates, result, about, kept, steps)
        model = restore(kept, about)
        found = condition(model, prior)
        weights = found.weights if found is not None and not moved else None
        return assemble(arrays, coordinates, result, about, kept, steps, model, weights, prior if moved else None)

    @cached_property
    def _correlations(self) -> Floats:
        return rank_correlations(self.arrays["quantities"], self.arrays["reach"][:, :, -1], self._weights)

    @property
    def _weights(self) -> Floats | None:
        """Weights of draws; None where all weigh the same."""
        weights = self.arrays["weight"]
        return None if (weights == 1.0).all() else weights

    def _conditional(self, measure: str, axis: str) -> xr.DataArray:
        import xarray as xr

        joint, given = self.data[f"{measure}_joint"], self.data[f"{measure}_given"]
        ratio = np.divide(joint.values, given.values, out=np.full(joint.shape, np.nan), where=given.values > 0)
        return xr.DataArray(ratio, {axis: self.data[axis]}, ("draw", axis), name=measure)


def _read(path: Path, entries: list[Mapping[str, Any]], finish: str) -> tuple[dict[str, Floats], Mapping[str, list[Any]]]:
    """Arrays over all draws of a part, and the labels of their axes."""
    chunks = []
    for entry in entries:
        chunk = read_chunk(path, entry)
        if chunk is None:
            raise refuse(path / entry["file"], "the file is missing, damaged or was changed", "its SHA-256 is not the one in the manifest", finish)
        chunks.append(chunk)
    return {name: np.concatenate([chunk.arrays[name] for chunk in chunks]) for name in AXES}, chunks[0].coordinates


def assemble(
    arrays: Mapping[str, Floats],
    coordinates: Mapping[str, list[Any]],
    result: Mapping[str, Any],
    about: Mapping[str, Any],
    kept: Archive,
    steps: Mapping[str, float],
    model: Model | None = None,
    weights: Floats | None = None,
    prior: Mapping[str, Floats] | None = None,
) -> Assessment:
    """What a finished run found: its draws, with their weights, and those of before where history moved them. None can be written to any more."""
    before = frozen(prior) if prior is not None else None
    return Assessment(frozen(arrays, weights), coordinates, result, about, kept, steps, before, model)


def total_steps(each: list[Mapping[str, float]]) -> dict[str, float]:
    """Times of the steps, summed over chunks in their order."""
    return {step: sum(seconds[step] for seconds in each) for step in (each[0] if each else {})}


class Unsettled(ModelError):
    """Raised when more than 0.1 % of the draws found no equilibrium. `assessment` holds the run, every draw counted."""

    def __init__(self, message: str, assessment: Assessment) -> None:
        super().__init__(message)
        self.assessment = assessment
