"""Who would show up: what an alliance of a scenario commits over draws, by whom, by when, and what hangs on its leader.

Probabilities are means over draws. What follows if the leader sends forces or does not is a ratio of means, so that draws in which it is likelier count
more. What a group adds is the loss of probability if its capability counted for nothing (see `detente.alliance.contributions`). The alliance is asked
whether its switch is on or off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.alliance import Response, Status
from detente.ensemble.draws import BLOCK, check_streams, draw
from detente.ensemble.run import make_model
from detente.errors import InvalidInput, Problem
from detente.games.threads import thread_count
from detente.scenario import Model
from detente.scenario.alliance import Portfolio, inputs, respond_to
from detente.scenario.evaluate import named_values

Floats = NDArray[np.float64]

# Counts of how often allies kept promises in war, under rules that differ: shown beside, never pass or fail.
RELIABILITY: tuple[tuple[str, str], ...] = (
    ("75 %", "of promises called upon in wars of 1816 to 1944 (Leeds, Long and Mitchell 2000, Journal of Conflict Resolution 44(5), who print 74.5 %)"),
    ("50 %", "of promises called upon in wars of 1816 to 2003, 73 of 146 (Berkemeier and Fuhrmann 2018, Research & Politics 5(2))"),
    ("41 %", "of those among them to defend, 42 of 102 (the same)"),
    ("5 of 40", "of those to defend in wars since 1945, 95 % interval 5 to 26 % (counted from the data of the same)"),
)  # fmt: skip


@dataclass(frozen=True)
class Promises:
    """The response of an alliance over draws.

    Attributes
    ----------
    model : Model
        With the alliance's switch on.
    switched_on : bool
        Whether it was on as asked for.
    draws, seed : int
    portfolio : Portfolio
    council, coalition : array, draw x (leader sends forces, does not) x clock
    chance, consensus : array, draw x (leader sends forces, does not)
    levels : array, ally x level
        Mean over draws.
    expected : array, draw x clock x group
    contributions : array, draw x clock x group
    threshold : array, draw x clock
    distribution : array, clock x unit
        Probability that so many units of 1/256 of the whole are committed, mean over draws.
    rounding : array, clock
    apart : int
        Draws in which two ways of integrating the common factor differ by more than 1e-10.
    """

    model: Model
    switched_on: bool
    draws: int
    seed: int
    portfolio: Portfolio
    council: Floats
    coalition: Floats
    chance: Floats
    consensus: Floats
    levels: Floats
    expected: Floats
    contributions: Floats
    threshold: Floats
    distribution: Floats
    rounding: Floats
    apart: int

    @property
    def enough(self) -> Floats:
        """Array, draw x clock."""
        return np.asarray((self.council + self.coalition).sum(axis=1))

    @property
    def enough_given(self) -> Floats:
        """Array, (leader sends forces, does not) x clock: ratios of means; `nan` where the leader cannot do so."""
        joint, chance = (self.council + self.coalition).mean(axis=0), self.chance.mean(axis=0)[:, None]
        return np.asarray(np.divide(joint, chance, out=np.full(joint.shape, np.nan), where=np.broadcast_to(chance > 0, joint.shape)))

    def plain(self) -> dict[str, Any]:
        """As plain data, for `alliance --json`."""
        model, alliance, item = self.model, self.portfolio.alliance, self.portfolio.item
        low, middle, high = np.quantile(self.enough, (0.05, 0.5, 0.95), axis=0)
        either = dict(zip(("joins", "stays_out"), self.enough_given, strict=True))
        clocks = {
            clock: {
                "title": item.clocks[clock].title,
                "enough": {"mean": self.enough[:, k].mean(), "p05": low[k], "p50": middle[k], "p95": high[k]},
                "by_consensus": self.council[:, :, k].sum(axis=1).mean(),
                "by_coalition": self.coalition[:, :, k].sum(axis=1).mean(),
                "leader": {name: None if np.isnan(row[k]) else row[k] for name, row in either.items()} if alliance.leader else None,
                "threshold": {
                    "p05": np.quantile(self.threshold[:, k], 0.05),
                    "p50": np.median(self.threshold[:, k]),
                    "p95": np.quantile(self.threshold[:, k], 0.95),
                },
                "expected": dict(zip(alliance.groups, self.expected[:, k].mean(axis=0), strict=True)),
                "contribution": dict(zip(alliance.groups, self.contributions[:, k].mean(axis=0), strict=True)),
                "rounding": self.rounding[k],
            }
            for k, clock in enumerate(alliance.clocks)
        }
        head = {
            "scenario": model.name,
            "as_of": model.as_of.isoformat(),
            "draws": self.draws,
            "seed": self.seed,
            "digest": model.digest,
            "switch_on": self.switched_on,
        }
        members = {
            ally.name: {
                "group": ally.group, "levels": dict(zip(alliance.levels, self.levels[k], strict=True)), "certain": ally.certain,
                "poll": self.portfolio.polls[ally.name][0] if ally.name in self.portfolio.polls and not ally.certain else None,
            }
            for k, ally in enumerate(alliance.allies)
        }  # fmt: skip
        whole = {
            **head, "title": item.title, "leader": alliance.leader, "leader_sends_forces": self.chance[:, 0].mean() if alliance.leader else None,
            "consensus": self.consensus.sum(axis=1).mean(), "clocks": clocks, "members": members, "imputed": list(self.portfolio.imputed), "apart": self.apart,
            "beside": [{"share": share, "of": what} for share, what in RELIABILITY],
        }  # fmt: skip
        found: dict[str, Any] = _plain(whole)
        return found


def who_shows_up(
    scenario: str | Path | Model,
    *,
    as_of: date | str | None = None,
    draws: int = 2_048,
    seed: int = 1,
    switches: Mapping[str, bool] | None = None,
    threads: int | None = None,
) -> Promises:
    """Ask the alliance of a scenario how it responds; parameters are those of `detente.assess`.

    Raises
    ------
    InvalidInput
        If the scenario has no alliance, or an attacked state does not belong to it on the as-of date.

    Examples
    --------
    >>> from detente.insight import who_shows_up
    >>> found = who_shows_up("baltic-2021", draws=64)
    >>> len(found.portfolio.alliance.allies), len(found.portfolio.imputed)
    (30, 16)
    """
    asked = make_model(scenario, as_of, None, switches)
    item = asked.scenario.alliance
    if item is None:
        where = asked.document.where(("title",))
        raise InvalidInput(Problem(where, "the scenario has no alliance", "nobody has promised to show up", "add `alliance:` to the file"))
    model = asked if item.when is None else replace(asked, switches={**asked.switches, item.when: True})
    portfolio = model.portfolio
    if portfolio is None:
        what = f"{', '.join(item.attacked)} did not all belong to {item.of} on {model.as_of}"
        raise InvalidInput(Problem(asked.document.where(("alliance", "attacked")), what, "nobody had promised anything", "choose a later as-of date"))
    check_streams(model)
    drawn = draw(model, seed, 0, draws, threads)
    names, chance_names = model.scenario.quantities, model.chance_names

    def block(first: int) -> tuple[Response, Floats, Floats]:
        columns = [
            np.pad(one[first : first + BLOCK], ((0, -len(one[first : first + BLOCK]) % BLOCK), (0, 0)), mode="edge").T
            for one in (drawn.quantities, drawn.chances)
        ]
        quantities, chances = (dict(zip(names_, rows, strict=True)) for names_, rows in zip((names, chance_names), columns, strict=True))
        values = named_values(model, quantities, chances)
        assert portfolio is not None
        count = min(BLOCK, draws - first)
        numbers = {name: array[:count] for name, array in inputs(portfolio, values, chances, BLOCK)}
        whole = respond_to(portfolio, numbers, distribution=True)
        losses = [whole.enough - respond_to(portfolio, numbers, without=group).enough for group in portfolio.alliance.groups]
        return whole, np.stack(losses, axis=2), numbers["threshold"]

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(thread_count(threads)) as pool:
        blocks = list(pool.map(block, range(0, draws, BLOCK)))
    found = [response for response, _, _ in blocks]

    def joined(name: str) -> Floats:
        return np.concatenate([getattr(one, name) for one in found])

    return Promises(
        model=model, switched_on=item.when is None or asked.switches[item.when], draws=draws, seed=seed, portfolio=portfolio, council=joined("council"),
        coalition=joined("coalition"), chance=joined("chance"), consensus=joined("consensus"), levels=joined("levels").mean(axis=0),
        expected=joined("expected"), contributions=np.concatenate([loss for _, loss, _ in blocks]),
        threshold=np.concatenate([enough for _, _, enough in blocks]), distribution=joined("distribution").mean(axis=0), rounding=found[0].rounding,
        apart=int((joined("status") == Status.APART).sum()),
    )  # fmt: skip


def _plain(part: Any) -> Any:
    """Numbers of NumPy as those of Python."""
    if isinstance(part, Mapping):
        return {key: _plain(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_plain(value) for value in part]
    return part.item() if isinstance(part, np.generic) else part
