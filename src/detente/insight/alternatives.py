"""Policies side by side on the same draws: what each would change, how sure that is, what decides its sign, and which of them could be chosen by which rule.

For a probability y that is wanted low (an aim), in draw k, with and without policy p,

    effect         y_p - y_0                        told with its range over draws, and the share of draws in which it helps
    regret         y_p - min over q of y_q          what one would have spared oneself by the best of them in that draw, doing nothing included
    sign           rank correlation of the effect with each quantity

A policy is in the Pareto set if no other has a mean at most as high on every aim and lower on one. Robust choices are told for each aim by rules that do not
agree: the lowest mean, the lowest 95 % quantile, the lowest mean regret, the lowest 95 % quantile of regret, and being best in most draws. No rule weighs one
aim against another: deterrence and reassurance pull apart, and what a calmer ladder costs stands in the revised order.

Refused: policies that the scenario does not have, and aims that are no level or rung aside.

References: Savage (1951), doi 10.1080/01621459.1951.10500768, for regret; Lempert, Groves, Popper and Bankes (2006), doi 10.1287/mnsc.1050.0472, for robust
choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble import Assessment
from detente.ensemble.influence import rank_correlations
from detente.ensemble.statistics import mean, weighted_quantiles
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.insight._html import table
from detente.insight.beside import Beside, assessed, beside_of
from detente.insight.own_policies import with_own
from detente.insight.policies import ROUNDING
from detente.insight.questions import HERE, World
from detente.insight.signs import Effect, Signs, effect_of, in_structures, reach_of
from detente.insight.structures import AS_WRITTEN
from detente.ladder import Wanted
from detente.scenario import Model
from detente.scenario.checking import no_such
from detente.scenario.schema import Scenario

Floats = NDArray[np.float64]
NOTHING = "as it stands"
DRAWS = 2_048  # of each policy: judgement
AIMS = ("crisis", "war", "nuclear_use", "revised_order")  # what is told of first where a scenario has it
RULES = ("lowest mean", "lowest 95 % quantile", "lowest mean regret", "lowest 95 % regret", "best in most draws")


@dataclass(frozen=True)
class Regret:
    """Mean and 95 % quantile over draws of what the best option would have spared."""

    mean: float
    p95: float


@dataclass(frozen=True, eq=False, repr=False)
class Alternatives:
    """Policies of a scenario, side by side.

    Attributes
    ----------
    beside : Beside
        The assessment, and those under the policies.
    aims : tuple of str
    draws : int
        Of each.
    effects : mapping of policy to mapping of rung or group to Effect
    structures : mapping of policy to mapping of structure to mapping of rung or group to Effect
        Of every structure of the scenario, where that was asked for; else empty.
    regrets : mapping of option to mapping of aim to Regret
        Doing nothing is an option: `NOTHING`.
    signs : mapping of policy to mapping of aim to sequence of (quantity, rank correlation)
        The five that correlate most with the effect.
    pareto : tuple of str
        Options that no other beats on every aim.
    robust : mapping of rule to mapping of aim to str
        The option that each rule takes.
    """

    beside: Beside
    aims: tuple[str, ...]
    draws: int
    effects: Mapping[str, Mapping[str, Effect]]
    regrets: Mapping[str, Mapping[str, Regret]]
    signs: Mapping[str, Mapping[str, Sequence[tuple[str, float]]]]
    pareto: tuple[str, ...]
    robust: Mapping[str, Mapping[str, str]]
    structures: Mapping[str, Mapping[str, Mapping[str, Effect]]] = field(default_factory=dict)

    def signs_in_structures(self, policy: str, rung: str) -> Signs | None:
        """The sign of an effect as written and in every structure; None where these were not asked for."""
        if policy not in self.structures:
            return None
        effects = {AS_WRITTEN: self.effects[policy], **self.structures[policy]}
        return Signs({structure: each[rung].sign for structure, each in effects.items()})

    def __repr__(self) -> str:
        return f"<Alternatives among {len(self.effects)} policies of {self.beside.assessment.about['scenario']}: {self.draws:,} draws>"

    def plain(self) -> dict[str, Any]:
        """As plain data, for `compare --json`."""
        a = self.beside.assessment
        head = {"scenario": a.about["scenario"], "as_of": a.as_of.isoformat(), "horizon_years": a.horizon_years, "draws": self.draws, "seed": a.seed}
        told = {name: self._plain(name) for name in self.effects}
        regret = {aim: {"mean": one.mean, "p95": one.p95} for aim, one in self.regrets[NOTHING].items()}
        tail = {"regret_of_nothing": regret, "pareto": list(self.pareto), "robust": {rule: dict(each) for rule, each in self.robust.items()}}
        return {**head, "digest": a.digest, "aims": list(self.aims), "policies": told, **tail}

    def _plain(self, name: str) -> dict[str, Any]:
        policy = self.beside.assessment.model.scenario.policies[name]
        return {
            "title": policy.title, "sets": {target: formula.text for target, formula in policy.set.items()}, "why": policy.why, "sources": list(policy.source),
            "effects": {rung: each.plain() for rung, each in self.effects[name].items()},
            "regret": {aim: {"mean": one.mean, "p95": one.p95} for aim, one in self.regrets[name].items()},
            "sign": {aim: [{"quantity": quantity, "rank_correlation": rho} for quantity, rho in each] for aim, each in self.signs[name].items()},
            "pareto": name in self.pareto, **self._in_structures(name),
        }  # fmt: skip

    def _in_structures(self, name: str) -> dict[str, Any]:
        if name not in self.structures:
            return {}
        told = {structure: {rung: each.plain() for rung, each in effects.items()} for structure, effects in self.structures[name].items()}
        signs = {rung: self.signs_in_structures(name, rung) for rung in self.effects[name]}
        return {"structures": told, "sign_holds": {rung: each.plain(rung) for rung, each in signs.items() if each is not None}}

    def _repr_html_(self) -> str:
        rows = [[name, *(f"{100 * self.effects[name][aim].change.change:+.3g}" for aim in self.aims)] for name in self.effects]
        return table("What policies change, in percentage points", ["policy", *self.aims], rows)


def weigh_policies(
    source: str | Path | Model | Assessment,
    policies: Sequence[str] | None = None,
    *,
    aims: Sequence[str] | None = None,
    structures: bool = False,
    as_of: date | str | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Alternatives:
    """Weigh policies of a scenario side by side.

    Parameters
    ----------
    source : str, Path, Model or Assessment
        A run folder or an assessment, of which the first draws are taken; a scenario is assessed first. What is assessed beside a run is kept in it.
    policies : sequence of str, optional
        All of the scenario where not given; `FILE.yaml` for those of a file, or `FILE.yaml:NAME`.
    aims : sequence of str, optional
        Levels and what stands aside, each wanted low; everything aside is added.
    structures : bool
        Tell the effects in every structure of the scenario too, with half as many draws.
    draws : int, optional
        Of each policy.

    Raises
    ------
    InvalidInput, ModelError
        As `detente.assess`, and for what the module refuses.

    Examples
    --------
    >>> from detente.insight import weigh_policies
    >>> found = weigh_policies("baltic-2021", ["accommodate", "brigades"], draws=128)
    >>> found.effects["accommodate"]["revised_order"].change.higher > 0.9
    True
    """
    folder = beside_of(source)
    options: dict[str, Any] = {"draws": draws, "seed": seed, "as_of": as_of, "horizon_years": horizon_years, "switches": switches}
    options |= {"threads": threads, "progress": progress}
    source, policies = with_own(source, policies, **options)
    if not isinstance(source, Assessment):
        source = assessed(source, **options)
    beside = Beside(source, folder=folder, draws=draws, threads=threads, progress=progress)
    beside.check()
    names = _names(source, policies)
    told = [str(name) for name in source.data["rung"].values]
    rungs = [name for name in told if not (source.reach.sel(rung=name).values == 1.0).all()]
    wanted = _wanted(source.model.scenario, rungs, aims)
    unknown = [no_such("aims", name, "level or rung aside", str(source.about["scenario"]), rungs, "it has none") for name in wanted if name not in rungs]
    if unknown:
        raise InvalidInput(unknown)
    count = beside.draws
    weights: Floats = source.data["weight"].values[:count]
    told_of = Wanted(names=frozenset(rungs))
    reach = {name: reach_of(beside.get(HERE if name == NOTHING else World(policy=name), wanted=told_of), rungs, count) for name in (NOTHING, *names)}
    effects = {name: {rung: effect_of(reach[NOTHING][rung], reach[name][rung], weights) for rung in rungs} for name in names}
    regrets: dict[str, dict[str, Regret]] = {name: {} for name in reach}
    robust: dict[str, dict[str, str]] = {rule: {} for rule in RULES}
    for aim in wanted:
        values = {name: reach[name][aim] for name in reach}
        best = np.min(list(values.values()), axis=0)
        for name, each in values.items():
            regret = each - best
            regrets[name][aim] = Regret(mean(regret, weights), weighted_quantiles(regret, weights, (0.95,))[0])
        merits = (
            {name: mean(each, weights) for name, each in values.items()},
            {name: weighted_quantiles(each, weights, (0.95,))[0] for name, each in values.items()},
            {name: regrets[name][aim].mean for name in values},
            {name: regrets[name][aim].p95 for name in values},
            {name: -mean((each <= best + ROUNDING).astype(float), weights) for name, each in values.items()},
        )
        for rule, merit in zip(RULES, merits, strict=True):
            robust[rule][aim] = min(merit, key=lambda name: merit[name])
    means = {name: [mean(each[aim], weights) for aim in wanted] for name, each in reach.items()}
    signs = {name: {aim: _sign(source, reach[NOTHING][aim], reach[name][aim], weights) for aim in wanted} for name in names}
    otherwise = in_structures(beside, names, rungs) if structures else {}
    return Alternatives(beside, wanted, count, effects, regrets, signs, pareto(means), robust, otherwise)


def pareto(means: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    """Options that no other beats: at most as high everywhere and lower somewhere.

    Examples
    --------
    >>> pareto({"a": (1.0, 2.0), "b": (2.0, 1.0), "c": (2.0, 2.0)})
    ('a', 'b')
    """

    def beats(one: Sequence[float], other: Sequence[float]) -> bool:
        pairs = list(zip(one, other, strict=True))
        return all(x <= y + ROUNDING for x, y in pairs) and any(x < y - ROUNDING for x, y in pairs)

    return tuple(name for name, each in means.items() if not any(beats(other, each) for other in means.values()))


def _wanted(scenario: Scenario, rungs: Sequence[str], aims: Sequence[str] | None) -> tuple[str, ...]:
    """The aims that are told of; what stands aside is always among them, for it is the price."""
    members = {rung for group in scenario.groups.values() for rung in group}
    whole = [name for name in rungs if name not in members]
    aside = {name for name in whole if scenario.rungs[scenario.groups.get(name, (name,))[0]].aside}
    chosen = list(aims) if aims is not None else list(AIMS) if set(AIMS) <= set(whole) else whole
    return tuple(dict.fromkeys([*chosen, *(name for name in whole if name in aside)]))


def _names(a: Assessment, policies: Sequence[str] | None) -> tuple[str, ...]:
    """Policies by name; one that is written with hyphens is the same."""
    there = a.model.scenario.policies
    scenario = str(a.about["scenario"])
    if not there:
        raise InvalidInput(
            Problem(a.model.document.where(("title",)), "the scenario has no policies", "there is nothing to compare", "add `policies:` to the file")
        )
    names = [name if name in there else name.replace("-", "_") for name in policies] if policies is not None else list(there)
    wrong = [no_such("policies", name, "policy", scenario, there, "it has none") for name in names if name not in there]
    if wrong:
        raise InvalidInput(wrong)
    return tuple(dict.fromkeys(names))


def _sign(a: Assessment, before: Floats, after: Floats, weights: Floats) -> list[tuple[str, float]]:
    """The quantities that correlate most with an effect; none where it never varies."""
    inputs = a.data["quantities"].values[: len(before)]
    found = rank_correlations(inputs, (after - before)[:, None], weights)[:, 0]
    named = [(str(name), float(rho)) for name, rho in zip(a.data["quantity"].values, found, strict=True) if np.isfinite(rho)]
    return sorted(named, key=lambda pair: -abs(pair[1]))[:5]
