"""The reader of .efg text: a cursor over tokens, which builds the game or says what is wrong at its line and column (format: `detente.games.efg`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn

from detente.errors import InvalidInput, Problem
from detente.games.efg_writer import MAX_NUMBER
from detente.games.game import Game
from detente.games.tree import Chance, Decision, Node, Terminal

MAX_NODES = 100_000
MAX_DEPTH = 500

_TOKEN = re.compile(
    r"""\s*(?: (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:/\d+)?(?![\w.])) | (?P<word>[A-Za-z]\w*) | (?P<mark>[{},]) )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)


@dataclass
class _Entry:
    """A node as written: its branches are the nodes that follow."""

    player: int  # -1 chance, -2 an end
    infoset: int
    labels: tuple[str, ...]
    outcome: int
    depth: int
    outcomes: tuple[int, ...] = ()  # payoffs met from the root to here
    name: str = ""


@dataclass
class Reader:
    """A cursor over the text."""

    text: str
    file: str
    at: int = 0
    players: tuple[str, ...] = ()
    infosets: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    chances: dict[int, tuple[float, ...]] = field(default_factory=dict)
    outcomes: dict[int, tuple[tuple[float, ...], str]] = field(default_factory=dict)
    first_seen: dict[str, int] = field(default_factory=dict)  # what a game's own checks name: where it stands

    def fail(self, at: int, what: str, why: str = "", remedy: str = "") -> NoReturn:
        raise InvalidInput(Problem(self.place(at), what, why, remedy))

    def place(self, at: int) -> str:
        """`file:line:column` of a position in the text."""
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return f"{self.file}:{line}:{column}"

    def look(self) -> tuple[str, str, int, int]:
        """The next token: (kind, text, start, end); kind "" at the end of the file."""
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            start = self.at + len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
            if start >= len(self.text):
                return "", "", start, start
            if self.text[start] == '"':
                self.fail(start, "a quotation that does not end", "the rest of the file would be read as one name", 'close it with "')
            self.fail(start, f"{self.text[start : start + 12]!r} is not .efg", "names stand in double quotes, numbers are decimals or n/d", "mend it")
        kind = str(match.lastgroup)
        return kind, match.group(kind), match.start(kind), match.end(kind)

    def take(self, kind: str, what: str) -> tuple[str, int]:
        """The next token, which must be of this kind."""
        found, text, start, end = self.look()
        if found != kind:
            shown = text[:24] if found else "the end of the file"
            self.fail(start, f"{what} expected, found {shown}", "nodes follow in preorder, each with all its parts", "see detente.games.efg for the format")
        self.at = end
        return text, start

    def mark(self, symbol: str) -> bool:
        """Whether the next token is this mark; if so, step over it."""
        kind, text, _, end = self.look()
        if kind == "mark" and text == symbol:
            self.at = end
            return True
        return False

    def string(self, what: str) -> str:
        text, _ = self.take("text", what)
        return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)

    def maybe_string(self) -> str | None:
        return self.string("a name") if self.look()[0] == "text" else None

    def integer(self, what: str) -> tuple[int, int]:
        text, start = self.take("number", what)
        if not re.fullmatch(r"\d{1,9}", text):
            self.fail(start, f"{what} expected, found {text[:24]}", "players, information sets and outcomes are numbered from 1", "use a whole number")
        return int(text), start

    def real(self, what: str) -> float:
        text, start = self.take("number", what)
        if len(text) > MAX_NUMBER:
            self.fail(start, f"a number of {len(text)} characters", f"at most {MAX_NUMBER} are read", "round it")
        numerator, _, denominator = text.partition("/")
        if denominator and (not re.fullmatch(r"[+-]?\d+", numerator) or int(denominator) == 0):
            self.fail(start, f"{text} is not a rational", "n/d needs whole numbers and d above 0", "write it as a decimal")
        try:
            value = float(Fraction(int(numerator), int(denominator)) if denominator else float(text))
        except OverflowError:
            value = float("inf")
        if value in (float("inf"), float("-inf")):
            self.fail(start, f"{text} is too large", "payoffs and probabilities are finite", "use other units")
        return value

    def header(self) -> str:
        word, start = self.take("word", "EFG")
        if word != "EFG":
            self.fail(start, f"starts with {word[:24]}", "an .efg file starts with EFG 2 R", "check that this is an extensive-form game file")
        version, start = self.take("number", "the format's version")
        if version != "2":
            self.fail(start, f"version {version[:24]}", "version 2 is read", "save it again with a current Gambit")
        word, start = self.take("word", "R or D")
        if word not in ("R", "D"):
            self.fail(start, f"{word[:24]!r} after the version", "the format says R or D here", "write EFG 2 R")
        title = self.string("the title in quotes")
        self.first_seen["players"] = self.look()[2]
        if not self.mark("{"):
            self.take("mark", "{ before the players")
        names = []
        while not self.mark("}"):
            names.append(self.string("a player in quotes"))
        self.players = tuple(names)
        self.maybe_string()
        return title

    def game(self) -> Game:
        title = self.header()
        self.first_seen["tree"] = self.look()[2]
        entries: list[_Entry] = []
        # (branches still to come, payoffs met) of the open nodes from the root to here.
        waiting: list[tuple[int, tuple[int, ...]]] = [(1, ())]
        while waiting:
            if len(entries) >= MAX_NODES or len(waiting) > MAX_DEPTH:
                self.fail(self.at, "too large a tree", f"at most {MAX_NODES:,} nodes and a depth of {MAX_DEPTH} are read", "give a smaller game")
            left, met = waiting.pop()
            if left > 1:
                waiting.append((left - 1, met))
            entry = self.entry(len(waiting))
            entry.outcomes = (*met, entry.outcome) if entry.outcome else met
            entries.append(entry)
            if entry.player != -2:
                waiting.append((len(entry.labels), entry.outcomes))
        kind, text, start, _ = self.look()
        if kind:
            self.fail(start, f"{text[:24]} after the last node", "the tree is complete already", "remove what follows")
        return self.assemble(title, entries)

    def entry(self, depth: int) -> _Entry:
        kind, start = self.take("word", "c, p or t")
        if kind not in ("c", "p", "t"):
            self.fail(start, f"a node of kind {kind[:24]!r}", "nodes are c (chance), p (a player) or t (an end)", "mend the letter")
        self.string("the node's name in quotes")
        if kind == "t":
            outcome, name = self.outcome()
            return _Entry(-2, 0, (), outcome, depth, name=name)
        player = -1
        if kind == "p":
            number, start = self.integer("a player's number")
            if not 1 <= number <= len(self.players):
                self.fail(start, f"player {number}", f"the header names {len(self.players)}", "name him in the header or mend the number")
            player = number - 1
        infoset, start = self.integer("an information set's number")
        self.maybe_string()
        labels = self.actions(player, infoset, start)
        outcome, name = self.outcome()
        return _Entry(player, infoset, labels, outcome, depth, name=name)

    def actions(self, player: int, infoset: int, start: int) -> tuple[str, ...]:
        listed = self.look()[1] == "{" and self.mark("{")
        known = self.infosets.get((player, infoset))
        if not listed:
            if known is None:
                self.fail(start, f"information set {infoset} without actions", "they are listed where it first appears", 'add { "action" ... }')
            return known
        labels: list[str] = []
        chances: list[float] = []
        while not self.mark("}"):
            labels.append(self.string("an action in quotes"))
            if player == -1:
                chances.append(self.real("a probability"))
        if not labels:
            self.fail(start, f"information set {infoset} has no actions", "play could not go on from there", "list its actions or end the game with t")
        if known is not None and (known != tuple(labels) or (self.chances.get(infoset, ()) != tuple(chances) and player == -1)):
            self.fail(start, f"information set {infoset} lists other actions than before", "its members look the same to the player", "use another number")
        self.infosets[player, infoset] = tuple(labels)
        self.first_seen.setdefault(f"information set {(player + 1, infoset)!r}", start)
        if player == -1:
            if min(chances) < 0 or not abs(sum(chances) - 1.0) <= 1e-9:
                self.fail(start, f"chance probabilities sum to {sum(chances):.12g}", "they must be 0 or more and sum to 1", "mend the probabilities")
            self.chances[infoset] = tuple(chances)
        return tuple(labels)

    def outcome(self) -> tuple[int, str]:
        number, start = self.integer("an outcome's number")
        name = self.maybe_string()
        if self.look()[1] != "{":
            if number and number not in self.outcomes:
                self.fail(start, f"outcome {number} without payoffs", "they are listed where it first appears", "add { payoffs }")
            return number, self.outcomes[number][1] if number else name or ""
        if number == 0:
            self.fail(start, "payoffs at outcome 0", "outcome 0 means that nothing is paid", "number the outcome from 1")
        self.mark("{")
        payoffs: list[float] = []
        while not self.mark("}"):
            payoffs.append(self.real("a payoff"))
            self.mark(",")
        if len(payoffs) != len(self.players):
            self.fail(start, f"{len(payoffs)} payoffs for {len(self.players)} players", "every player gets one", "list one number per player")
        if number in self.outcomes and self.outcomes[number][0] != tuple(payoffs):
            self.fail(start, f"outcome {number} has other payoffs than before", "an outcome pays the same wherever it stands", "use another number")
        self.outcomes.setdefault(number, (tuple(payoffs), name or ""))
        return number, self.outcomes[number][1]

    def assemble(self, title: str, entries: list[_Entry]) -> Game:
        rows: dict[tuple[int, ...], int] = {}
        first_chance: dict[int, int] = {}
        chance: list[float] = []
        for infoset, probabilities in self.chances.items():
            first_chance[infoset] = len(chance)
            chance += probabilities
        done: list[Node] = []
        for entry in entries:
            if entry.player == -2:
                rows.setdefault(entry.outcomes, len(rows))
        for entry in reversed(entries):
            if entry.player == -2:
                done.append(Terminal(rows[entry.outcomes], entry.name))
                continue
            children = [done.pop() for _ in entry.labels]
            if entry.player == -1:
                first = first_chance[entry.infoset]
                done.append(Chance(tuple((first + k, label, child) for k, (label, child) in enumerate(zip(entry.labels, children, strict=True)))))
            else:
                key = (entry.player + 1, entry.infoset)
                done.append(Decision(entry.player, key, tuple(zip(entry.labels, children, strict=True))))
        payoffs = [self.paid(outcomes) for outcomes in rows]
        try:
            return Game(title, self.players, done[0], chance, payoffs)  # type: ignore[arg-type]
        except InvalidInput as error:
            # What no single line is to blame for stands where the tree begins.
            places = [self.place(self.first_seen.get(problem.where, self.first_seen["tree"])) for problem in error.problems]
            raise InvalidInput(
                Problem(place, problem.what if problem.where in ("players", "tree") else f"{problem.where}: {problem.what}", problem.why, problem.remedy)
                for place, problem in zip(places, error.problems, strict=True)
            ) from None

    def paid(self, outcomes: Iterable[int]) -> list[float]:
        """The sum of the payoffs met on the way to an end."""
        total = [0.0] * len(self.players)
        for outcome in outcomes:
            total = [a + b for a, b in zip(total, self.outcomes[outcome][0], strict=True)]
        return total
