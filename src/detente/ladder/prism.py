"""The chain of one draw in one calendar segment, as text in the PRISM language, which PRISM and Storm read.

A continuous-time Markov chain (`ctmc`) of one variable, `rung`. Time is in years, so `P=? [ F<=10 "war" ]` asks for the probability of touching war within
ten years if the segment lasted that long.

- Every rung is a constant and a label, every group a label; `"war_or_higher"` is what `reach` of war means. A name that PRISM does not allow is changed by
  underscores and stands as it was in a comment.
- Each arc is a command of its own, for rates of commands add. Arcs of rate 0, or below 1e-290 a year, are left out. A rung that nothing leaves
  leads to itself at rate 1, which changes nothing in continuous time and spares it from being taken for a mistake.
- Storm reads the text with `--prismcompat`, in Python with `prism_compatibility=True`.
- `R{"years_war"}=? [ C<=10 ]` asks for the years spent on war until then.
- **Start.** PRISM knows initial states but no distribution over them. Each rung with a positive chance is one; a model checker answers for each, and by the
  law of total probability the answer is their mean, weighted by the chances in the comment above `init`.

Numbers have 17 digits, from which every double is read back as it was.

Reference: Kwiatkowska, Norman and Parker (2011), PRISM 4.0: verification of probabilistic real-time systems, doi 10.1007/978-3-642-22110-1_47.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from detente.ladder.equilibrium import Equilibrium
from detente.ladder.model import Rung
from detente.ladder.names import Masks, Names
from detente.ladder.positions import check_solved

# Storm reads a number as a ratio of two doubles: with 17 digits its denominator overflows below this.
SMALLEST = 1e-290
# Words of the languages of PRISM 4.8 and Storm, functions among them, and the names that the text uses for itself.
RESERVED = frozenset(
    """
    A bool C ceil clock const cos ctmc deadlock double dtmc E endinit endinvariant endmodule endobservables endplayer endrewards endsystem F false filter
    floor formula func G global I imc imdp init int invariant label log ma max mdp min mod module nondeterministic observable observables of P player Pmax
    Pmin pomdp popta pow prob probabilistic pta R rate rewards Rmax Rmin round S sin smg stochastic system true U W X
    ladder rung
    """.split()
)


def to_prism(equilibrium: Equilibrium, draw: int = 0, segment: int = 0, *, best_replies: bool = False) -> str:
    """Write the chain of one draw in one segment in the PRISM language.

    Parameters
    ----------
    equilibrium : Equilibrium
    draw, segment : int
        Positions in `equilibrium.values`.
    best_replies : bool
        The chain that results if every actor takes only best replies, values held.

    Returns
    -------
    str
        A whole model; its properties are the user's to ask.

    Raises
    ------
    InvalidInput
        If there is no such draw or segment.

    Examples
    --------
    >>> from detente.ladder import Ladder, Move, Rung, solve, to_prism
    >>> ladder = Ladder(
    ...     rungs=(Rung("calm"), Rung("war", final=True)), actors=("challenger",), moves=(Move("accident", "calm", "war", 0.1),),
    ...     discount={"challenger": 0.1}, precision={"challenger": 1.0},
    ... )
    >>> print(*to_prism(solve(ladder)).splitlines()[5:10], sep="\\n")
    module ladder
      rung : [0..1];
      [] rung=calm -> 0.10000000000000001 : (rung'=war);  // chance, chance
      [] rung=war -> 1 : true;  // nothing leads out
    endmodule
    """
    check_solved(equilibrium, [draw], [segment])
    plan = equilibrium.plan
    rungs, names = plan.ladder.rungs, Names(plan.ladder)
    word = _words([*plan.ladder.rung_names, *names.all, *map(_or_higher, names.levels)])
    rates = (equilibrium.best_rates if best_replies else equilibrium.rates)[draw, segment]
    start = equilibrium.values[draw, 0, plan.start]
    lines = ["ctmc", ""]
    lines += [f"const int {word[rung.name]} = {place};{_comment(rung.name) if word[rung.name] != rung.name else ''}" for place, rung in enumerate(rungs)]
    lines += ["", "module ladder", f"  rung : [0..{len(rungs) - 1}];"]
    for place, rung in enumerate(rungs):
        leaving = [(arc, rate) for arc, rate in zip(plan.arcs, rates, strict=True) if arc.source == place and rate > SMALLEST]
        for arc, rate in leaving:
            lines.append(f"  [] rung={word[rung.name]} -> {rate:.17g} : (rung'={word[rungs[arc.target].name]});{_comment(f'{arc.origin}, {arc.trigger}')}")
        if not leaving:
            lines.append(f"  [] rung={word[rung.name]} -> 1 : true;  // nothing leads out")
    lines += ["endmodule", ""]
    begins = [(word[rung.name], chance) for rung, chance in zip(rungs, start, strict=True) if chance > 0]
    lines.append("// Starts at " + ", ".join(f"{name} with chance {chance:.17g}" for name, chance in begins) + ".")
    lines += [f"init {' | '.join(f'rung={name}' for name, _ in begins)} endinit", ""]
    lines += [f'label "{name}" = {_within(mask, rungs, word)};' for name, mask in _labels(names, word)]
    lines += [""]
    lines += [f'rewards "years_{word[label]}" {_within(names.touch_mask(label), rungs, word)} : 1; endrewards' for label in names.labels]
    return "\n".join(lines) + "\n"


def _labels(names: Names, word: dict[str, str]) -> Iterator[tuple[str, Masks]]:
    """Labels with the rungs that carry them: rungs, states of a background apart, groups, and every level with those above."""
    for place, rung in enumerate(names.ladder.rungs):
        if rung.name not in names.all:
            yield word[rung.name], np.arange(len(names.ladder.rungs)) == place
    for name in names.all:
        yield word[name], names.touch_mask(name)
    for level in names.levels:
        yield word[_or_higher(level)], names.reach_mask(level)


def _or_higher(level: str) -> str:
    return f"{level} or higher"


def _within(mask: Masks, rungs: tuple[Rung, ...], word: dict[str, str]) -> str:
    return " | ".join(f"rung={word[rung.name]}" for rung, inside in zip(rungs, mask, strict=True) if inside)


def _words(names: list[str]) -> dict[str, str]:
    """A word of PRISM's for each name, no two alike."""
    words: dict[str, str] = {}
    for name in names:
        word = re.sub(r"\W", "_", name, flags=re.ASCII)
        word = f"_{word}" if not word or word[0].isdigit() else word
        while name not in words and (word in RESERVED or word in words.values()):
            word += "_"
        words.setdefault(name, word)
    return words


def _comment(text: str) -> str:
    return f"  // {' '.join(text.split())}"
