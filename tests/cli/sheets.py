"""A made-up assessment for tests of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from detente.cli.sheet import Influence, Sheet, Summary

LEVELS = ("incident", "crisis", "clash", "war", "nuclear_use", "general_nuclear_war")
TERMS = ("revised_order", "revised_order_russian_terms", "revised_order_nato_terms")


def summary(mean: float, error_share: float | None = 0.2) -> Summary:
    quantiles = {"p05": mean * 0.1, "p25": mean * 0.4, "p50": mean * 0.7, "p75": min(1.0, mean * 1.3), "p95": min(1.0, mean * 3)}
    return {"mean": mean, **quantiles, "top5_share": 0.3, "error_share": error_share}


def sheet(**changes: Any) -> Sheet:
    means = dict(zip(LEVELS, (0.99, 0.71, 0.33, 0.018, 0.0021, 4e-4), strict=True))
    reach = {name: summary(mean) for name, mean in means.items()} | {
        name: summary(mean) for name, mean in zip(TERMS, (0.2, 0.19, 0.01), strict=True)
    }
    pairs = [f"{b}|{a}" for a, b in pairwise(LEVELS)] + ["war|crisis", "nuclear_use|crisis", "nuclear_use|clash"]
    correlations = {"crisis": 0.2, "war": -0.5, "nuclear_use": -0.6, "general_nuclear_war": 0.1, "revised_order": 0.2}
    made = Sheet(
        title="A made-up system",
        scenario="baltic-2021",
        as_of=date(2021, 1, 29),
        horizon_years=10,
        draws=16_384,
        seed=1,
        seconds=5.13,
        levels=LEVELS,
        aside=TERMS,
        groups={"revised_order": TERMS[1:]},
        reach=reach,
        onward={pair: summary(0.1) for pair in pairs},
        influence=tuple(
            Influence(f"Quantity {n}", "judgement", {name: rho / (n + 1) for name, rho in correlations.items()}) for n in range(9)
        ),
        converged=1.0,
        settled={"by accelerated iteration": 16_300, "by Newton's method": 84, "not settled": 0},
        monte_carlo_error=dict.fromkeys(LEVELS, 1e-6),
        digest="sha256:" + "0123456789abcdef" * 4,
        shipped=True,
        edits=(),
        quantities=74,
        hindsight=58,
        folder="runs/b21",
    )
    return replace(made, **changes)
