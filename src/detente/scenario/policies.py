"""Policies: what somebody could do, as changes to drivers and quantities from a day on.

They stand in the scenario, or in a file of their own that is bound to the scenario it was written for:

    format: detente/policies/1
    title: Two ways to reassure
    base: baltic-2026
    digest: sha256:...      # of the base as `detente check` prints it

When the base is no longer the one of this digest, the file is refused: what a policy sets may have come to mean something else. `quantities` in such a
file declares what its formulas need beside the base. In a formula a name stands for its value without the policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from detente.document import Document, check_format, merge, read, validate
from detente.errors import InvalidInput, Problem
from detente.record.source import Item
from detente.scenario.checking import Checking
from detente.scenario.files import locate
from detente.scenario.inputs import Policy
from detente.scenario.quantities import Quantity

KIND, NEWEST = "policies", 1
SECTIONS = ("quantities", "policies")


class PolicyFile(Item):
    """A file of policies."""

    format: str
    title: str
    base: str = Field(description="the scenario that it was written for: a shipped name, or a .yaml file beside this one")
    digest: str = Field(pattern="^sha256:[0-9a-f]{64}$", description="of the base, as `detente check` prints it")
    quantities: dict[str, Quantity] = Field(default={}, description="what formulas of the policies need beside those of the base")
    policies: dict[str, Policy] = Field(min_length=1)


def in_file(policy: str) -> tuple[Path, str | None] | None:
    """File and name of `FILE.yaml` or `FILE.yaml:NAME`; None for the name of a policy in the scenario."""
    for suffix in (".yaml", ".yml"):
        file, found, name = policy.rpartition(f"{suffix}:")
        if policy.endswith(suffix) or found:
            return (Path(file + suffix), name) if found else (Path(policy), None)
    return None


def laid_over(base: Path, document: Document, policy: tuple[Path, str | None], digest: Callable[[], str]) -> tuple[Document, str]:
    """A scenario with the policies of a file, and the name of the one that is meant.

    Parameters
    ----------
    base, document, digest
        As of `lay_over`.

    Raises
    ------
    InvalidInput
        As `lay_over`, and if the file has several policies where one is meant.
    """
    path, name = policy
    names = policies_in(path)
    if name is None and len(names) > 1:
        what = f"{path} has {len(names)} policies"
        raise InvalidInput(Problem("--policy", what, "one can be compared at a time", f"give {path}:NAME, one of {', '.join(names)}"))
    return lay_over(base, document, path, digest), name or names[0]


def policies_in(path: Path) -> tuple[str, ...]:
    """Names of the policies of a file.

    Raises
    ------
    InvalidInput
        If the file is unsound.
    """
    over = read(path)
    check_format(over, KIND, NEWEST)
    return tuple(validate(PolicyFile, over).policies)


def lay_over(base: Path, document: Document, path: Path, digest: Callable[[], str]) -> Document:
    """A scenario with all policies of a file.

    Parameters
    ----------
    base : Path
        The file of the scenario, and `document` what is in it.
    digest : callable
        Of the scenario without options.

    Raises
    ------
    InvalidInput
        If the file is unsound or bound to something else, or has a name that the scenario has already.
    """
    over = read(path)
    check_format(over, KIND, NEWEST)
    file = validate(PolicyFile, over)
    try:
        same = locate(file.base, path.parent).resolve() == base.resolve()
    except InvalidInput as error:
        raise InvalidInput([replace(problem, where=over.where(("base",))) for problem in error.problems]) from None
    if not same:
        what = f"its policies are for {file.base!r}, not for {base.stem!r}"
        raise InvalidInput(Problem(over.where(("base",)), what, "what they set could mean something else there", f"assess {file.base}, or write them anew"))
    if file.digest != (found := digest()):
        sets = ", ".join(dict.fromkeys(name for item in file.policies.values() for name in item.set))
        why = f"the digest of the base is now {found}"
        remedy = f"see whether {sets} still mean what the policies take them for, then write this digest here"
        raise InvalidInput(Problem(over.where(("digest",)), f"{file.base!r} has changed since these policies were written", why, remedy))
    twice = [(section, key) for section in SECTIONS for key in getattr(file, section) if key in document.data.get(section, {})]
    if twice:
        remedy = "rename it; what a policy changes in the base stands in its `set`"
        raise InvalidInput([Problem(over.where(path, key=True), f"{path[1]!r} is there already", "the base has it", remedy) for path in twice])
    added = {section: over.data[section] for section in SECTIONS if section in over.data}
    return replace(merge(document, replace(over, data=added)), name=document.name)


def check_policies(c: Checking) -> Iterator[Problem]:
    """Names and units of what policies set, and windows that end before they begin."""
    scenario = c.scenario
    settable = {name: item.unit for items in (scenario.drivers, scenario.quantities) for name, item in items.items()}
    for name, policy in scenario.policies.items():
        for target, formula in policy.set.items():
            path = ("policies", name, "set", target)
            if target not in settable:
                yield c.unknown(path, target, "driver or quantity", settable, key=True)
                continue
            if target not in c.unclear:
                yield from c.formula(path, formula, settable[target], in_background=False)
            others = sorted(formula.names & policy.set.keys() - {target})
            if others:
                yield c.problem(path, f"{others[0]!r} is set by this policy too", "which of its values is meant is unclear", "use names that it does not set")
            late = sorted(formula.names & scenario.drivers.keys()) if target in scenario.quantities else []
            if late:
                what = f"the quantity {target!r} is set from the driver {late[0]!r}"
                yield c.problem(path, what, "drivers are computed from quantities", "set it from quantities, or set a driver")
        if policy.from_ is not None and policy.until is not None and policy.until.day < policy.from_.day:
            yield c.problem(("policies", name, "until"), "it ends before it starts", "", "swap the dates")
