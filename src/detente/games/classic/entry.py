"""What makes a function a game of the catalogue: its entry.

The decorators `classic_game` and `classic_model` state title, players, information, citation and provenance, and what the arguments must fulfil
(`detente.games.classic.arguments`). A decorated function answers with a `ClassicGame`, or with the numbers of a model.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from detente.errors import InvalidInput, Problem
from detente.games.classic.arguments import checked
from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.draft import Draft
from detente.games.game import Game
from detente.games.tree import Chance, Node, Terminal

if TYPE_CHECKING:
    from detente.games.classic.regions import Range, Regions
    from detente.games.equilibria import Equilibrium

P = ParamSpec("P")
R = TypeVar("R")
ClosedForms = Callable[[Any], "list[ClosedForm]"]


@dataclass(frozen=True)
class Entry:
    """One game or model of the catalogue.

    Attributes
    ----------
    name : str
        `detente.games.NAME` makes it.
    title : str
    players : tuple of str
    information : str
        complete, one-sided or two-sided (who is uncertain of whose payoffs), or imperfect (simultaneous or unseen moves).
    citation : str
    provenance : str
        What of it is published, and what we derived.
    orderings : tuple of str
        Orderings of the arguments that are enforced.
    probabilities : tuple of str
        Arguments that lie between 0 and 1.
    form : str
        game (a `Game`) or model (numbers alone).
    make : callable
    closed_forms : callable or None
        Of games; none of models.
    """

    name: str
    title: str
    players: tuple[str, ...]
    information: str
    citation: str
    provenance: str
    orderings: tuple[str, ...]
    probabilities: tuple[str, ...]
    form: str
    make: Callable[..., Any]
    closed_forms: ClosedForms | None


ENTRIES: dict[str, Entry] = {}


@dataclass(frozen=True, eq=False, repr=False)
class ClassicGame(Game):
    """A game of the catalogue: a `Game` that knows its name and the arguments that made it.

    Attributes
    ----------
    name : str
    arguments : mapping of argument to number, or array over draws
    """

    name: str
    arguments: Mapping[str, Any]

    @property
    def entry(self) -> Entry:
        """What the catalogue says of it."""
        return ENTRIES[self.name]

    def closed_form(self) -> tuple[ClosedForm, ...]:
        """The equilibria that are known in closed form at these numbers.

        Raises
        ------
        InvalidInput
            If the game carries arrays over draws.
        """
        if self.draws is not None:
            raise InvalidInput(Problem(self.name, "arrays over draws", "closed forms are told for one set of numbers", "give numbers"))
        closed_forms = self.entry.closed_forms
        assert closed_forms is not None, "every game has some, models have none"
        return tuple(closed_forms(SimpleNamespace(**self.arguments)))

    def regions(self, x: str, y: str, *, x_range: Range | None = None, y_range: Range | None = None, points: int = 120, checks: int = 8) -> Regions:
        """Which equilibria exist where, over two arguments (see `detente.games.classic.regions`)."""
        from detente.games.classic.regions import regions

        return regions(self, x, y, x_range=x_range, y_range=y_range, points=points, checks=checks)

    def class_of(self, found: Equilibrium, tolerance: float = 1e-6) -> ClosedForm | None:
        """The class that an equilibrium of `equilibria` belongs to; None if it is of no class in closed form.

        It is the class with the same play at every information set, else the one of `by_ends` whose play comes to each end as often.

        Examples
        --------
        >>> from detente import games
        >>> game = games.rudimentary_deterrence(defender_hard=0.39)
        >>> [game.class_of(found).name for found in game.equilibria()]
        ['attack']
        """
        names = [str(infoset) for _, infoset in self.layout[1].infoset_names]
        played = {
            (name, action): probability
            for name, (_, actions), probabilities in zip(names, self.infosets, found.probabilities, strict=True)
            for action, probability in zip(actions, probabilities, strict=True)
        }
        forms = self.closed_form()
        for form in forms:
            open_sets = {name for name, _ in form.ranges}
            stated = {(name, action): (p, p) for name, p_of in form.strategies.items() if name not in open_sets for action, p in p_of.items()}
            if all(low - tolerance <= played[key] <= high + tolerance for key, (low, high) in {**stated, **form.ranges}.items()):
                return form
        ends = _ends(self, played)
        for form in forms:
            if form.by_ends:
                own = _ends(self, {(name, action): p for name, p_of in form.strategies.items() for action, p in p_of.items()})
                if all(abs(share - own[label]) <= tolerance for label, share in ends.items()):
                    return form
        return None


def _ends(game: Game, played: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """How often play comes to the ends of each label."""
    share: dict[str, float] = {}
    stack: list[tuple[Node, float]] = [(game.root, 1.0)]
    while stack:
        node, reach = stack.pop()
        if isinstance(node, Terminal):
            share[node.label] = share.get(node.label, 0.0) + reach
        elif isinstance(node, Chance):
            stack += [(child, reach * float(game.chance[number])) for number, _, child in node.branches]
        else:
            stack += [(child, reach * played[str(node.infoset), action]) for action, child in node.branches]
    return share


def classic_game(
    title: str, *, players: Sequence[str], information: str, citation: str, provenance: str, closed_forms: ClosedForms,
    probabilities: Sequence[str] = (), whole: Sequence[str] = (), orderings: Sequence[str] = (),
) -> Callable[[Callable[P, Draft]], Callable[P, ClassicGame]]:  # fmt: skip
    """Enter a function that drafts a game."""

    def decorate(draft: Callable[P, Draft]) -> Callable[P, ClassicGame]:
        signature = inspect.signature(draft)

        @wraps(draft)
        def make(*args: P.args, **kwargs: P.kwargs) -> ClassicGame:
            arguments = checked(signature.bind(*args, **kwargs), probabilities, whole, orderings, draws=True)
            drafted = draft(**arguments)  # type: ignore[call-arg]
            assert drafted.root is not None
            return ClassicGame(title, tuple(players), drafted.root, np.array(drafted.chance), drafted.payoffs(), draft.__name__, arguments)

        ENTRIES[draft.__name__] = Entry(
            draft.__name__, title, tuple(players), information, citation, provenance, tuple(orderings), tuple(probabilities), "game", make, closed_forms
        )
        return make

    return decorate


def classic_model(
    title: str, *, players: Sequence[str], information: str, citation: str, provenance: str, probabilities: Sequence[str] = (),
    whole: Sequence[str] = (), orderings: Sequence[str] = (),
) -> Callable[[Callable[P, R]], Callable[P, R]]:  # fmt: skip
    """Enter a function that answers with numbers, for a model that is no extensive-form game."""

    def decorate(answer: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(answer)

        @wraps(answer)
        def make(*args: P.args, **kwargs: P.kwargs) -> R:
            arguments = checked(signature.bind(*args, **kwargs), probabilities, whole, orderings, draws=False)
            return answer(**arguments)  # type: ignore[call-arg]

        ENTRIES[answer.__name__] = Entry(
            answer.__name__, title, tuple(players), information, citation, provenance, tuple(orderings), tuple(probabilities), "model", make, None
        )
        return make

    return decorate
