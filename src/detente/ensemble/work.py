"""The draws of a run: read where they are stored, computed and stored where they are not, and moved where history asks for it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.assessment import total_steps
from detente.ensemble.chunk import AXES, Chunk, compute
from detente.ensemble.conditioning import Conditioned
from detente.ensemble.draws import scores_of
from detente.ensemble.folder import SAMPLE, RunFolder, read_chunk
from detente.ensemble.sequential import sample as resample
from detente.errors import InvalidInput
from detente.scenario.compile import Model

Floats = NDArray[np.float64]
Progress = Callable[[int, int, str], None]
logger = logging.getLogger("detente")


class Work:
    """The draws of a run: read where they are stored, computed and stored where they are not."""

    def __init__(self, model: Model, about: Mapping[str, Any], folder: RunFolder | None, threads: int | None, progress: Progress) -> None:
        self.model, self.about, self.folder, self.threads, self.progress = model, about, folder, threads, progress
        self.seconds: list[Mapping[str, float]] = []
        self.compiled = False
        self._scores: Floats | None = None
        self.sample: Mapping[str, Any] | None = folder.manifest.get(SAMPLE) if folder is not None else None

    def draws(self, part: str, scores: Callable[[], Floats] | None = None) -> tuple[dict[str, Any], Mapping[str, list[Any]]]:
        """Arrays over all draws, and the labels of their axes; of draws with these normal scores, or of those that follow from the seed."""
        try:
            # A chunk is written while the next is computed; the writer has finished when the block is left, whatever happens in it.
            with ThreadPoolExecutor(1) as writer:
                return self._draws(part, scores, writer)
        except InvalidInput:
            # A number is out of range in some draw: no run of this scenario with this seed can be finished, so none is left half done.
            if self.folder is not None:
                self.folder.discard()
            raise

    def _draws(self, part: str, scores: Callable[[], Floats] | None, writer: Executor) -> tuple[dict[str, Any], Mapping[str, list[Any]]]:
        draws, size = self.about["draws"], self.about["chunk"]
        arrays: dict[str, Floats] = {}
        coordinates: Mapping[str, list[Any]] = {}
        written: Future[None] | None = None
        for first in range(0, draws, size):
            count = min(size, draws - first)
            chunk = _stored(self.folder, first, part)
            if chunk is None:
                self._compile(first)
                chunk = self.compute(first, count, scores() if scores is not None else None)
                if written is not None:
                    written.result()
                if self.folder is not None:
                    written = writer.submit(_store, self.folder, chunk, part)
            if not arrays:
                coordinates = chunk.coordinates
                arrays = {name: np.empty((draws, *chunk.arrays[name].shape[1:])) for name in AXES}
            for name in AXES:
                arrays[name][first : first + count] = chunk.arrays[name]
            self.seconds.append(chunk.seconds)
            self.progress(first + count, draws, "assessing")
        if written is not None:
            written.result()
        return arrays, coordinates

    def compute(self, first: int, count: int, scores: Floats | None = None) -> Chunk:
        """Some draws."""
        return compute(self.model, self.about["seed"], first, count, self.threads, scores)

    def moved(self, found: Conditioned) -> Floats:
        """Normal scores of draws that were moved to where history is likely; they are found once."""
        if self._scores is None:
            draws, size, seed = self.about["draws"], self.about["chunk"], self.about["seed"]
            spent: list[Mapping[str, float]] = []
            logger.info("%.0f of %d draws would stay effective: draws are moved instead", found.effective, draws)

            def evaluate(there: Floats) -> Floats:
                chunks = [self.compute(first, min(size, draws - first), there) for first in range(0, draws, size)]
                spent.extend(chunk.seconds for chunk in chunks)
                predicted, weights = (np.concatenate([chunk.arrays[name] for chunk in chunks]) for name in ("predicted", "relevance"))
                return found.likelihood.total(predicted, weights)

            def told(degree: float) -> None:
                logger.info("history counts %.3g of 1", degree)
                self.progress(round(degree * draws), draws, "conditioning")

            self.progress(0, draws, "conditioning")
            sample = resample(scores_of(self.model, seed, draws), found.log_likelihoods, evaluate, seed, told)
            self._scores = sample.scores
            self.sample = {"distinct": sample.distinct, "degrees": list(sample.degrees), "moves": sample.moves, "seconds": total_steps(spent)}
            if self.folder is not None:
                self.folder.note(self.sample)
        return self._scores

    def _compile(self, first: int) -> None:
        if not self.compiled:
            self.progress(first, self.about["draws"], "compiling")
            self.compute(0, 1)
            self.compiled = True
            self.progress(first, self.about["draws"], "assessing")


def _store(folder: RunFolder, chunk: Chunk, part: str) -> None:
    folder.store(chunk, part)
    logger.info("draws %d to %d done in %.2f s", chunk.first, chunk.first + chunk.count - 1, sum(chunk.seconds.values()))


def _stored(folder: RunFolder | None, first: int, part: str) -> Chunk | None:
    """A chunk that is on disk as it was written."""
    if folder is None or first not in folder.finished(part):
        return None
    chunk = read_chunk(folder.path, folder.finished(part)[first])
    if chunk is None:
        logger.warning("draws from %d on: the stored file is missing or damaged; computed again", first)
    return chunk
