"""The classes of equilibria of the asymmetric escalation game (`asymmetric_escalation`, whose nodes and payoffs are named here).

The classes are all there are but where numbers meet exactly. A tactically soft defender never responds in kind. The hard challenger gains more by initiating
than the soft one where anybody escalates, and both the same where nobody does; so both initiate, or the hard and some of the soft, or nobody. Let r be the
belief at node 2 that the challenger is hard, R and X the probabilities that the defender responds in kind and escalates, and s the belief at node 3a
that she is strategically hard. Where play comes to 3a the soft challenger never escalates, and the hard one does not if s > q_H and mixes if s = q_H: were
he sure to escalate, HH would escalate at once, and then nobody who responds in kind is hard. The soft challenger gains by initiating iff

    R / tau + X / e_S <= 1,

with equality if he mixes; then r is what leaves some defender indifferent. Going through r from 0 to 1 gives the classes. This derivation is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from detente.games.classic.closed_form import ClosedForm

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
    r_kind: float  # HH between D, if nobody escalates at 3a, and E, in Pr(challenger hard)
    r_both: float  # HH between D, if HS is indifferent between D and C, and E

    def eps(self, r: float) -> float:
        """HH between D and E, in Pr(escalation at 3a), where the challenger is hard with r; linear between r_kind (0) and r_both (rho)."""
        return self.rho * (r - self.r_kind) / (self.r_both - self.r_kind)

    def burden(self, responds: float, escalates: float) -> float:
        """The soft challenger gains by initiating iff this is below 1."""
        return responds / self.tau + escalates / self.e_soft


def _thresholds(a: Any) -> _Thresholds:
    win, gain, fear = a.challenger_ed - a.challenger_dd, a.challenger_dc - a.challenger_sq, a.defender_de - a.defender_dc
    rho = (a.defender_dd_hard - a.defender_dc) / (a.defender_dd_hard - a.defender_ed)
    contained, stakes = a.defender_de - a.defender_dd_hard, a.defender_de - a.defender_ee_hard
    return _Thresholds(
        q_hard=win / (a.challenger_ed - a.challenger_ee_hard),
        q_soft=win / (a.challenger_ed - a.challenger_ee_soft),
        tau=gain / (a.challenger_dc - a.challenger_dd),
        e_hard=gain / (a.challenger_dc - a.challenger_ee_hard),
        e_soft=gain / (a.challenger_dc - a.challenger_de),
        r_hard=fear / stakes,
        r_soft=fear / (a.defender_de - a.defender_ee_soft),
        rho=rho,
        r_kind=contained / stakes,
        r_both=(contained + rho * (a.defender_dd_hard - a.defender_ee_hard)) / stakes,
    )


def _mix(**share: float) -> dict[str, float]:
    return {action: share.get(action, 0.0) for action in ("C", "D", "E")}


def _form(
    name: str, condition: str, initiates: tuple[float, float], answers: tuple[dict[str, float], ...], escalates: tuple[float, float],
    hard: tuple[float, float], strategic: tuple[float, float], plausible: bool = True, by_ends: bool = False,
    ranges: dict[tuple[str, str], tuple[float, float]] | None = None,
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
    return ClosedForm(name, condition, strategies, beliefs, ranges or {}, plausible, by_ends)


@dataclass(frozen=True)
class _Kinds:
    """Probabilities of the kinds of defender."""

    hh: float
    hs: float
    sh: float

    @property
    def ss(self) -> float:
        return max(0.0, 1.0 - self.hh - self.hs - self.sh)

    @property
    def tactical(self) -> float:
        return self.hh + self.hs

    @property
    def strategic(self) -> float:
        return self.hh + self.sh


CONCEDE, IN_KIND, ESCALATE = _mix(C=1.0), _mix(D=1.0), _mix(E=1.0)


@dataclass(frozen=True)
class _Response:
    """How HH and HS respond in kind, so that the hard challenger, and each of them who mixes, is indifferent."""

    name: str
    condition: str
    hh: dict[str, float]
    hs: dict[str, float]
    escalates: float  # the hard challenger at 3a
    strategic: float  # s
    responds: float  # R
    escalate: float  # of X the part of HH


def _responses(kinds: _Kinds, t: _Thresholds, r: float) -> Iterator[_Response]:
    """Responses in kind where the challenger is hard with r, HS rather conceding than escalating."""
    share = kinds.hh / kinds.tactical if kinds.tactical > 0 else 0.0
    pays = t.eps(r)
    if share >= t.q_hard and pays >= 0:
        condition = f"defender_hh / (defender_hh + defender_hs) >= q_H = {t.q_hard:.6g}"
        yield _Response("constrained limited response", condition, IN_KIND, IN_KIND, 0.0, share, kinds.tactical, 0.0)
    if 0 < share < t.q_hard and t.rho <= min(pays, r):
        y = kinds.hh * (1 - t.q_hard) / (t.q_hard * kinds.hs)
        condition = f"defender_hh / (defender_hh + defender_hs) < q_H = {t.q_hard:.6g}, Pr(hard) >= {max(t.rho, t.r_both):.6g}"
        yield _Response("hybrid limited response", condition, IN_KIND, _mix(C=1 - y, D=y), t.rho / r, t.q_hard, kinds.hh / t.q_hard, 0.0)
    if t.q_hard < share < 1 and 0 < pays <= t.rho:
        m = kinds.hs * t.q_hard / ((1 - t.q_hard) * kinds.hh)
        condition = f"defender_hh / (defender_hh + defender_hs) > q_H = {t.q_hard:.6g}, Pr(hard) between {t.r_kind:.6g} and {t.r_both:.6g}"
        yield _Response("mixed response", condition, _mix(D=m, E=1 - m), IN_KIND, pays / r, t.q_hard, kinds.hs / (1 - t.q_hard), kinds.hh * (1 - m))


def _all_initiate(a: Any, kinds: _Kinds, t: _Thresholds) -> Iterator[ClosedForm]:
    """Both challengers initiate, so that r is the prior."""
    p, prior = a.challenger_hard, (a.challenger_hard, a.challenger_hard)
    if p >= t.r_hard:
        condition = f"challenger_hard >= r_H = {t.r_hard:.6g}"
        yield _form("no response", condition, (1, 1), (CONCEDE,) * 4, (1, 1), prior, (0, t.q_soft), by_ends=True)
    elif p >= t.r_soft and kinds.strategic <= t.e_soft:
        condition = f"defender_hh + defender_sh <= e_S = {t.e_soft:.6g}, {t.r_soft:.6g} = r_S <= challenger_hard <= r_H = {t.r_hard:.6g}"
        answers = (ESCALATE, CONCEDE, ESCALATE, CONCEDE)
        yield _form("attack", condition, (1, 1), answers, (1, 1), prior, (0, t.q_soft), by_ends=True)
    if p < t.r_soft:
        return
    if p >= t.r_hard:
        sh, escalates, name, among = CONCEDE, 0.0, "", f"challenger_hard >= r_H = {t.r_hard:.6g}"
    else:
        sh, escalates, name, among = ESCALATE, kinds.sh, ", SH escalates", f"{t.r_soft:.6g} = r_S <= challenger_hard <= r_H = {t.r_hard:.6g}"
    for one in _responses(kinds, t, p):
        if t.burden(one.responds, escalates + one.escalate) <= 1:
            condition = f"{one.condition}, {among}, and the soft challenger gains by initiating"
            answers = (one.hh, one.hs, sh, CONCEDE)
            yield _form(f"{one.name}{name}", condition, (1, 1), answers, (one.escalates, 0), prior, (one.strategic, one.strategic))


def _soft_mix(a: Any, kinds: _Kinds, t: _Thresholds) -> Iterator[ClosedForm]:
    """The hard challenger initiates and the soft one at times, so that r is above the prior and leaves a defender indifferent."""
    p = a.challenger_hard

    def form(name: str, condition: str, r: float, answers: tuple[dict[str, float], ...], escalates: tuple[float, float], strategic: tuple[float, float],
             by_ends: bool = False) -> ClosedForm:  # fmt: skip
        soft, told = p * (1 - r) / (r * (1 - p)), f"challenger_hard < {r:.6g}, {condition}"
        return _form(name, told, (1, soft), answers, escalates, (r, r), strategic, by_ends=by_ends)

    if not 0 < p < t.r_hard:
        return
    indifferent = "the soft challenger is indifferent"
    if p < t.r_soft and kinds.strategic <= t.e_soft and kinds.strategic < 1:
        v = (t.e_soft - kinds.strategic) / (1 - kinds.strategic)
        answers = (ESCALATE, _mix(C=1 - v, E=v), ESCALATE, _mix(C=1 - v, E=v))
        yield form("bluff I", f"defender_hh + defender_sh <= e_S = {t.e_soft:.6g}", t.r_soft, answers, (1, 1), (0, t.q_soft), True)
    if kinds.strategic >= t.e_soft:
        v = t.e_soft / kinds.strategic
        answers = (_mix(C=1 - v, E=v), CONCEDE, _mix(C=1 - v, E=v), CONCEDE)
        yield form("bluff II", f"defender_hh + defender_sh >= e_S = {t.e_soft:.6g}", t.r_hard, answers, (1, 1), (0, t.q_soft), True)
    # SH between C and E.
    for one in _responses(kinds, t, t.r_hard):
        z = t.e_soft * (1 - one.responds / t.tau) / kinds.sh if kinds.sh > 0 else -1.0
        if 0 < z < 1:
            condition = f"{one.condition}, and SH escalates so often that {indifferent}"
            answers = (one.hh, one.hs, _mix(C=1 - z, E=z), CONCEDE)
            yield form(f"{one.name}, SH mixes", condition, t.r_hard, answers, (one.escalates, 0), (one.strategic, one.strategic))
    # SS, and HS if he mixes, between C and E.
    for one in _responses(kinds, t, t.r_soft) if p < t.r_soft else ():
        free = kinds.ss + kinds.hs * one.hs["C"]
        v = (t.e_soft * (1 - one.responds / t.tau) - kinds.sh - one.escalate) / free if free > 0 else -1.0
        if 0 < v < 1:
            condition = f"{one.condition}, and the strategically soft escalate so often that {indifferent}"
            hs = one.hs["C"]
            answers = (one.hh, {"C": hs * (1 - v), "D": one.hs["D"], "E": hs * v}, ESCALATE, _mix(C=1 - v, E=v))
            yield form(f"{one.name}, SS mixes", condition, t.r_soft, answers, (one.escalates, 0), (one.strategic, one.strategic), hs > 0)
    # HH between D and E, and HS, where the hard challenger at times escalates, between C and D.
    if kinds.hh <= 0 or kinds.hs <= 0:
        return
    if t.r_soft < t.r_kind and p < t.r_kind:
        m = (1 - t.burden(kinds.hs, kinds.strategic)) / t.burden(kinds.hh, -kinds.hh) if t.tau != t.e_soft else -1.0
        strategic = kinds.hh * m / (kinds.hh * m + kinds.hs) if 0 < m < 1 else 0.0
        if strategic >= t.q_hard:
            condition = f"and HH escalates so often that {indifferent}, though rarely enough for the hard challenger to refrain from escalating"
            answers = (_mix(D=m, E=1 - m), IN_KIND, ESCALATE, CONCEDE)
            yield form("constrained limited response, HH mixes", condition, t.r_kind, answers, (0, 0), (strategic, strategic))
    if t.r_soft < t.r_both and p < t.r_both and t.e_soft != t.tau * t.q_hard:
        responds = (1 - t.burden(0.0, kinds.strategic)) / t.burden(1.0, -t.q_hard)
        m, y = responds * t.q_hard / kinds.hh, responds * (1 - t.q_hard) / kinds.hs
        if 0 < m < 1 and 0 < y < 1:
            condition = "and HH and HS respond in kind so often that both challengers are indifferent, the soft between SQ and D, the hard at 3a"
            answers = (_mix(D=m, E=1 - m), _mix(C=1 - y, D=y), ESCALATE, CONCEDE)
            yield form("hybrid limited response, HH mixes", condition, t.r_both, answers, (t.rho / t.r_both, 0), (t.q_hard, t.q_hard))


def _deterring(a: Any, kinds: _Kinds, t: _Thresholds) -> Iterator[ClosedForm]:
    """Nobody initiates. What is believed of a challenge is free."""
    nobody, share = (0.0, 0.0), kinds.hh / kinds.tactical if kinds.tactical > 0 else 0.0
    if kinds.strategic >= t.e_hard:
        condition = f"defender_hh + defender_sh >= e_H = {t.e_hard:.6g}"
        answers = (ESCALATE, CONCEDE, ESCALATE, CONCEDE)
        yield _form("certain deterrence", condition, nobody, answers, (1, 1), (t.r_soft, t.r_hard), (0, t.q_soft))
    if kinds.tactical > 0 and share >= t.q_hard:
        strategic, refrains = (share, share), f"defender_hh / (defender_hh + defender_hs) >= q_H = {t.q_hard:.6g}"
        if kinds.tactical >= t.tau:
            condition = f"defender_hh + defender_hs >= tau = {t.tau:.6g}, {refrains}"
            answers = (IN_KIND, IN_KIND, CONCEDE, CONCEDE)
            yield _form("limited-response deterrence", condition, nobody, answers, (0, 0), (t.r_hard, 1), strategic)
        if kinds.tactical / t.tau + kinds.sh / t.e_hard >= 1:
            condition = f"(defender_hh + defender_hs) / tau + defender_sh / e_H >= 1, tau = {t.tau:.6g}, e_H = {t.e_hard:.6g}, {refrains}"
            answers = (IN_KIND, IN_KIND, ESCALATE, CONCEDE)
            believed = (max(t.r_soft, t.r_kind), t.r_hard)
            yield _form("limited-response deterrence, SH escalates", condition, nobody, answers, (0, 0), believed, strategic)
        if t.r_kind <= t.r_soft:
            condition = f"{refrains}, and a challenger whom nobody expected is believed hard with {t.r_kind:.6g} to {t.r_soft:.6g}"
            answers = (IN_KIND, IN_KIND, ESCALATE, ESCALATE)
            believed = (t.r_kind, t.r_soft)
            yield _form("limited-response deterrence, the others escalate", condition, nobody, answers, (0, 0), believed, strategic, plausible=False)
    condition = f"always, if a challenger whom nobody expected is believed hard with at most r_S = {t.r_soft:.6g}"
    yield _form("steadfast deterrence", condition, nobody, (ESCALATE,) * 4, (1, 1), (0, t.r_soft), (0, t.q_soft), plausible=False)
    if kinds.strategic < 1:
        least = max(0.0, (t.e_hard - kinds.strategic) / (1 - kinds.strategic))
        condition = f"always: other answers that deter, such as these if a challenger whom nobody expected is believed hard with r_S = {t.r_soft:.6g}"
        some = _mix(C=0.5 * (1 - least), E=0.5 * (1 + least))
        ranges = {(f"{kind} defender, node 2", "E"): (least, 1.0) for kind in ("HS", "SS")}
        answers = (ESCALATE, some, ESCALATE, some)
        yield _form("other deterrence", condition, nobody, answers, (1, 1), (t.r_soft, t.r_soft), (0, t.q_soft), plausible=False, by_ends=True, ranges=ranges)


def classes(a: Any) -> list[ClosedForm]:
    """Every class that exists at these arguments; they must keep the orderings of the game."""
    kinds, thresholds = _Kinds(a.defender_hh, a.defender_hs, a.defender_sh), _thresholds(a)
    return [form for kind in (_all_initiate, _soft_mix, _deterring) for form in kind(a, kinds, thresholds)]
