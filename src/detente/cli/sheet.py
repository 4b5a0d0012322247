"""What the page of an assessment shows, as plain data: `page` lays it out, `output` fills it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from detente.cli.doubts import Searched, Traced

Summary = Mapping[str, float | str | None]


@dataclass(frozen=True)
class Influence:
    """How a quantity moves with the outcomes: `{outcome: rank correlation}`."""

    title: str
    evidence: str
    correlations: Mapping[str, float]


@dataclass(frozen=True)
class Narrowed:
    """A quantity of which history says something: medians with central 90 % before and after, and the share of its variance that is gone."""

    title: str
    before: tuple[float, float, float]  # 5 %, median, 95 %
    after: tuple[float, float, float]
    contraction: float


@dataclass(frozen=True)
class Past:
    """What conditioning on history did.

    Attributes
    ----------
    items : tuple of str
        What happened, in words.
    left_out : tuple of str
        Items that do not condition, each with the reason.
    probability : float
        That draws of the priors gave to it.
    effective : float
        How many draws stay effective.
    moved : bool
        Whether draws were moved instead of weighted.
    before : mapping of name or pair to the predictive probability without history
    narrowed : tuple of Narrowed
    silent : int
        Quantities about which history says nothing.
    """

    items: tuple[str, ...]
    left_out: tuple[str, ...]
    probability: float
    effective: float
    moved: bool
    before: Mapping[str, float | None]
    narrowed: tuple[Narrowed, ...]
    silent: int


@dataclass(frozen=True)
class Sheet:
    """What an assessment's page shows.

    Attributes
    ----------
    levels : tuple of str
        Bottom to top, without the first.
    aside : tuple of str
        Names that stand beside the order; members follow their group.
    groups : mapping of group to members
    reach, onward : mapping of name or pair to summary
    settled : mapping of how a draw was settled to the number of draws
    monte_carlo_error : mapping of name to the standard error of the mean
    hindsight : int
        Quantities judged after the as-of date.
    folder : str, optional
        Where the run is kept, as a word of a command line.
    past : Past, optional
        Where the scenario states history.
    readings : mapping, optional
        `{title of a structure: {name: predictive probability}}`, the scenario as it is written first.
    traced : Traced, optional
        A sample that was solved again.
    searched : Searched, optional
        A search for further equilibria.
    imputed : pair of int, optional
        Allies that choose whether to help, and those among them whose support nobody asked; where the scenario asks who shows up.
    passed : tuple of title and date
        Contingencies that are drawn though their first day, which is told, has passed.
    """

    title: str
    scenario: str
    as_of: date
    horizon_years: float
    draws: int
    seed: int
    seconds: float
    levels: tuple[str, ...]
    aside: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    reach: Mapping[str, Summary]
    onward: Mapping[str, Summary]
    influence: tuple[Influence, ...]
    converged: float
    settled: Mapping[str, int]
    monte_carlo_error: Mapping[str, float]
    digest: str
    shipped: bool
    edits: tuple[str, ...]
    quantities: int
    hindsight: int
    folder: str | None = None
    past: Past | None = None
    readings: Mapping[str, Mapping[str, float]] | None = None
    traced: Traced | None = None
    searched: Searched | None = None
    imputed: tuple[int, int] | None = None
    passed: tuple[tuple[str, date], ...] = ()
