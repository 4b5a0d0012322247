"""Zagare and Kilgour's asymmetric escalation game: initiate, concede or respond in kind or escalate, and escalate further.

    node 1   challenger   C: status quo SQ             D: node 2
    node 2   defender     C: concession DC             D: node 3a              E: node 3b
    node 3a  challenger   D: limited conflict DD       E: node 4
    node 3b  challenger   D: defender wins DE          E: all-out conflict EE
    node 4   defender     D: challenger wins ED        E: all-out conflict EE

The challenger is hard if EE is worth more to him than giving way. The defender has two letters: tactically hard (H first) if she likes limited conflict
better than concession, strategically hard (H second) if she likes EE better than defeat. The numbers that stand as defaults illustrate: they are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detente.games.classic.closed_form import ClosedForm
from detente.games.classic.deterrence import BOOK
from detente.games.classic.draft import Draft, Payoff, move, two_types
from detente.games.classic.entry import classic_game
from detente.games.tree import Node

KINDS = ("HH", "HS", "SH", "SS")
STRATEGICALLY_HARD = "HH defender or SH defender"


@dataclass(frozen=True)
class _Thresholds:
    """Shares and beliefs at which somebody is indifferent."""

    q_hard: float  # the hard challenger between escalating and not at 3a, in Pr(defender strategically hard)
    q_soft: float
    tau: float  # initiating against responses in kind or concessions, in Pr(response)
    e_hard: float  # initiating against escalation or concession, in Pr(escalation)
    e_soft: float
    r_hard: float  # the strategically hard defender between C and E, in Pr(challenger hard)
    r_soft: float
    rho: float  # HS between D and C, in Pr(escalation at 3a)


def _thresholds(a: Any) -> _Thresholds:
    win, gain, fear = a.challenger_ed - a.challenger_dd, a.challenger_dc - a.challenger_sq, a.defender_de - a.defender_dc
    return _Thresholds(
        q_hard=win / (a.challenger_ed - a.challenger_ee_hard),
        q_soft=win / (a.challenger_ed - a.challenger_ee_soft),
        tau=gain / (a.challenger_dc - a.challenger_dd),
        e_hard=gain / (a.challenger_dc - a.challenger_ee_hard),
        e_soft=gain / (a.challenger_dc - a.challenger_de),
        r_hard=fear / (a.defender_de - a.defender_ee_hard),
        r_soft=fear / (a.defender_de - a.defender_ee_soft),
        rho=(a.defender_dd_hard - a.defender_dc) / (a.defender_dd_hard - a.defender_ed),
    )


def _mix(**share: float) -> dict[str, float]:
    return {action: share.get(action, 0.0) for action in ("C", "D", "E")}


def _form(
    name: str, condition: str, initiates: tuple[float, float], answers: tuple[dict[str, float], ...], escalates: tuple[float, float],
    hard: tuple[float, float], strategic: tuple[float, float], plausible: bool = True,
) -> ClosedForm:  # fmt: skip
    """A class from: initiation and escalation at 3a by the hard and the soft challenger, answers of the four kinds of defender, Pr(challenger hard) at node 2,
    and Pr(defender strategically hard) at node 3a."""
    strategies: dict[str, dict[str, float]] = {}
    beliefs = {}
    for kind, initiate, escalate in zip(("hard", "soft"), initiates, escalates, strict=True):
        strategies[f"{kind} challenger, node 1"] = {"C": 1.0 - initiate, "D": initiate}
        strategies[f"{kind} challenger, node 3a"] = {"D": 1.0 - escalate, "E": escalate}
        strategies[f"{kind} challenger, node 3b"] = {"D": float(kind == "soft"), "E": float(kind == "hard")}
        beliefs[f"{kind} challenger, node 3a", STRATEGICALLY_HARD] = strategic
    for kind, answer in zip(KINDS, answers, strict=True):
        strategies[f"{kind} defender, node 2"] = answer
        strategies[f"{kind} defender, node 4"] = {"D": float(kind[1] == "S"), "E": float(kind[1] == "H")}
        beliefs[f"{kind} defender, node 2", "hard challenger"] = hard
    return ClosedForm(name, condition, strategies, beliefs, plausible=plausible)


def _limited(a: Any, t: _Thresholds) -> Iterator[ClosedForm]:
    """Classes in which the challenger surely initiates and the defender concedes or responds in kind."""
    p, hh, hs, sh = a.challenger_hard, a.defender_hh, a.defender_hs, a.defender_sh
    tactical, prior = hh + hs, (p, p)
    concede, in_kind, escalate = _mix(C=1.0), _mix(D=1.0), _mix(E=1.0)
    if p >= t.r_hard:
        yield _form("no response", f"challenger_hard >= {t.r_hard:.6g}", (1, 1), (concede,) * 4, (1, 1), prior, (0, t.q_soft))
    share = hh / tactical if tactical > 0 else 0.0
    if tactical > 0 and share >= t.q_hard:
        refrains = f"defender_hh / (defender_hh + defender_hs) >= {t.q_hard:.6g}"
        if p >= t.r_hard and tactical <= t.tau:
            condition = f"{refrains}, defender_hh + defender_hs <= {t.tau:.6g}, challenger_hard >= {t.r_hard:.6g}"
            answers = (in_kind, in_kind, concede, concede)
            yield _form("constrained limited response", condition, (1, 1), answers, (0, 0), prior, (share, share))
        prefers_kind = (a.defender_de - a.defender_dd_hard) / (a.defender_de - a.defender_ee_hard)
        worth = tactical * a.challenger_dd + sh * a.challenger_de + (1 - tactical - sh) * a.challenger_dc
        if max(t.r_soft, prefers_kind) <= p <= t.r_hard and worth >= a.challenger_sq:
            condition = f"{refrains}, {max(t.r_soft, prefers_kind):.6g} <= challenger_hard <= {t.r_hard:.6g}, and the soft challenger gains by initiating"
            answers = (in_kind, in_kind, escalate, concede)
            yield _form("constrained limited response, SH escalates", condition, (1, 1), answers, (0, 0), prior, (share, share))
    if 0 < share < t.q_hard and p >= max(t.r_hard, t.rho):
        y = hh * (1 - t.q_hard) / (t.q_hard * hs)
        if hh + hs * y <= t.tau:
            condition = (
                f"defender_hh / (defender_hh + defender_hs) < {t.q_hard:.6g}, challenger_hard >= {max(t.r_hard, t.rho):.6g}, responses <= {t.tau:.6g}"
            )
            answers = (in_kind, _mix(C=1.0 - y, D=y), concede, concede)
            yield _form("hybrid limited response", condition, (1, 1), answers, (t.rho / p, 0), prior, (t.q_hard, t.q_hard))


def _all_or_nothing(a: Any, t: _Thresholds) -> Iterator[ClosedForm]:
    """Classes in which the defender concedes or escalates, and some challenger initiates."""
    p, strategic = a.challenger_hard, a.defender_hh + a.defender_sh

    def form(name: str, condition: str, soft_initiates: float, hard: float, soft: float, believed: float) -> ClosedForm:
        answers = tuple(_mix(C=1.0 - share, E=share) for share in (hard, soft, hard, soft))
        return _form(name, condition, (1, soft_initiates), answers, (1, 1), (believed, believed), (0, t.q_soft))

    def bluffers(believed: float) -> float:
        return float(p * (1 - believed) / (believed * (1 - p)))

    if strategic <= t.e_soft and 0 < p <= t.r_soft:
        condition = f"defender_hh + defender_sh <= {t.e_soft:.6g}, challenger_hard <= {t.r_soft:.6g}"
        yield form("bluff I", condition, bluffers(t.r_soft), 1.0, (t.e_soft - strategic) / (1 - strategic), t.r_soft)
    if strategic <= t.e_soft and t.r_soft <= p <= t.r_hard:
        yield form("attack", f"defender_hh + defender_sh <= {t.e_soft:.6g}, {t.r_soft:.6g} <= challenger_hard <= {t.r_hard:.6g}", 1.0, 1.0, 0.0, p)
    if strategic >= t.e_soft and 0 < p <= t.r_hard:
        condition = f"defender_hh + defender_sh >= {t.e_soft:.6g}, challenger_hard <= {t.r_hard:.6g}"
        yield form("bluff II", condition, bluffers(t.r_hard), t.e_soft / strategic, 0.0, t.r_hard)


def _deterring(a: Any, t: _Thresholds) -> Iterator[ClosedForm]:
    """Classes in which nobody initiates."""
    strategic, tactical = a.defender_hh + a.defender_sh, a.defender_hh + a.defender_hs
    concede, in_kind, escalate = _mix(C=1.0), _mix(D=1.0), _mix(E=1.0)
    if strategic >= t.e_hard:
        answers = (escalate, concede, escalate, concede)
        condition = f"defender_hh + defender_sh >= {t.e_hard:.6g}"
        yield _form("certain deterrence", condition, (0, 0), answers, (1, 1), (t.r_soft, t.r_hard), (0, t.q_soft))
    if tactical >= t.tau and a.defender_hh >= t.q_hard * tactical:
        share = a.defender_hh / tactical
        condition = f"defender_hh + defender_hs >= {t.tau:.6g}, defender_hh / (defender_hh + defender_hs) >= {t.q_hard:.6g}"
        yield _form("limited-response deterrence", condition, (0, 0), (in_kind, in_kind, concede, concede), (0, 0), (t.r_hard, 1), (share, share))
    condition = f"always, if a challenger whom nobody expected is believed hard with at most {t.r_soft:.6g}"
    yield _form("steadfast deterrence", condition, (0, 0), (escalate,) * 4, (1, 1), (0, t.r_soft), (0, t.q_soft), plausible=False)


def _escalation(a: Any) -> list[ClosedForm]:
    thresholds = _thresholds(a)
    return [*_limited(a, thresholds), *_all_or_nothing(a, thresholds), *_deterring(a, thresholds)]


@classic_game(
    "Asymmetric escalation game",
    players=("challenger", "defender"),
    information="two-sided",
    citation=f"{BOOK}, chapters 7 and 8, appendix 8; Kilgour and Zagare (2007), Explaining limited conflicts, Conflict Management and Peace Science 24",
    provenance="orderings published, tree as quoted by others; equilibria derived, most of their names as remembered",
    probabilities=("challenger_hard", "defender_hh", "defender_hs", "defender_sh"),
    orderings=(
        "challenger_dc > challenger_sq > challenger_ed > challenger_dd > challenger_ee_hard > challenger_de > challenger_ee_soft",
        "defender_sq > defender_de > defender_dd_hard > defender_dc > defender_dd_soft > defender_ee_hard > defender_ed > defender_ee_soft",
        "1 >= defender_hh + defender_hs + defender_sh",
    ),
    closed_forms=_escalation,
)
def asymmetric_escalation(
    *, challenger_hard: float, defender_hh: float, defender_hs: float, defender_sh: float, challenger_dc: Payoff = 1.0, challenger_sq: Payoff = 0.6,
    challenger_ed: Payoff = 0.5, challenger_dd: Payoff = 0.4, challenger_ee_hard: Payoff = 0.3, challenger_de: Payoff = 0.2,
    challenger_ee_soft: Payoff = 0.0, defender_sq: Payoff = 1.0, defender_de: Payoff = 0.8, defender_dd_hard: Payoff = 0.6, defender_dc: Payoff = 0.5,
    defender_dd_soft: Payoff = 0.4, defender_ee_hard: Payoff = 0.3, defender_ed: Payoff = 0.2, defender_ee_soft: Payoff = 0.0,
) -> Draft:  # fmt: skip
    """The asymmetric escalation game.

    Parameters
    ----------
    challenger_hard : float
        Probability that the challenger is hard.
    defender_hh, defender_hs, defender_sh : float
        Probabilities of the kinds of defender; the rest is SS.
    challenger_dc, challenger_sq, ..., defender_ee_soft : float or array over draws
        Payoffs at the six ends; dd_hard and dd_soft by the defender's first letter, ee_hard and ee_soft by the challenger's type and her second letter.

    Returns
    -------
    ClassicGame
        `closed_form` has the classes found so far: no response, constrained and hybrid limited response, bluff I and II, attack, and three deterrences. Others
        exist (such as mixtures where a limited response and escalation by SH would not quite pay).

    Raises
    ------
    InvalidInput
        If a number is not finite, a probability is none, or an ordering is violated; all are told.

    Examples
    --------
    >>> from detente import games
    >>> game = games.asymmetric_escalation(challenger_hard=0.7, defender_hh=0.2, defender_hs=0.1, defender_sh=0.2)
    >>> [found.name for found in game.closed_form() if found.plausible]
    ['no response', 'constrained limited response']
    """
    draft = Draft()
    limited = {"H": defender_dd_hard, "S": defender_dd_soft}
    all_out = {"H": defender_ee_hard, "S": defender_ee_soft}
    own = {"hard": challenger_ee_hard, "soft": challenger_ee_soft}

    def play(challenger: str, defender: str) -> Node:
        conflict = draft.end("EE", own[challenger], all_out[defender[1]])
        yields = move(1, f"{defender} defender, node 4", D=draft.end("ED", challenger_ed, defender_ed), E=conflict)
        in_kind = move(0, f"{challenger} challenger, node 3a", D=draft.end("DD", challenger_dd, limited[defender[0]]), E=yields)
        escalated = move(0, f"{challenger} challenger, node 3b", D=draft.end("DE", challenger_de, defender_de), E=conflict)
        answer = move(1, f"{defender} defender, node 2", C=draft.end("DC", challenger_dc, defender_dc), D=in_kind, E=escalated)
        return move(0, f"{challenger} challenger, node 1", C=draft.end("SQ", challenger_sq, defender_sq), D=answer)

    kinds = {"HH": defender_hh, "HS": defender_hs, "SH": defender_sh, "SS": max(0.0, 1.0 - (defender_hh + defender_hs + defender_sh))}
    return draft.nature({"challenger": two_types(challenger_hard, "hard", "soft"), "defender": kinds}, play)
