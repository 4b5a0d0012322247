"""A run's question as text: the merged scenario and the facts that it used, resolved, from which the model is made again without the library.

`facts.json` holds the calendar (starts of segments, output times, end), every driver's reading on every segment, and as plain data the facts and sources
behind them and the sources that the scenario cites. The digest of a model made again equals that of the one it came from, which `restore` checks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel

from detente.document import Absence, check_format, dump, parse, validate
from detente.ensemble.folder import FACTS, SCENARIO, to_json
from detente.errors import InvalidInput, Problem
from detente.record import Reading, Record
from detente.scenario.compile import Model, compile_model
from detente.scenario.files import KIND, NEWEST
from detente.scenario.schema import Scenario
from detente.scenario.timeline import Timeline


@dataclass(frozen=True)
class Archive:
    """Content of `scenario.yaml` and of `facts.json`."""

    scenario: str
    facts: str


def archive(model: Model) -> Archive:
    """Write a model's question down."""
    line = model.timeline
    facts = {
        "starts": [day.isoformat() for day in line.starts],
        "outputs": [day.isoformat() for day in line.outputs],
        "end": line.end.isoformat(),
        "readings": {driver: [_plain(reading) for reading in readings] for driver, readings in line.readings.items()},
        "record": _excerpt(model.record, model.facts, cited(model.scenario)) if model.record is not None else None,
    }
    return Archive(dump(model.document.data), to_json(facts))


def restore(kept: Archive, about: Mapping[str, Any]) -> Model:
    """Make the model again.

    Parameters
    ----------
    about : mapping
        The manifest: `scenario as_of horizon_years switches policy structure digest`.

    Raises
    ------
    InvalidInput
        If the texts are not those that the run was made from.
    """
    try:
        model = _made_again(kept, about)
    except (InvalidInput, KeyError, TypeError, ValueError) as error:
        raise _changed(f"{error.problems[0].where}: {error.problems[0].what}" if isinstance(error, InvalidInput) else f"{FACTS} is damaged") from None
    if model.digest != about["digest"]:
        raise _changed(f"their digest is {model.digest}, not {about['digest']}")
    return model


def _changed(why: str) -> InvalidInput:
    return InvalidInput(Problem(SCENARIO, f"{SCENARIO} and {FACTS} are not those that this run was made from", why, "put them back, or make the run again"))


def _made_again(kept: Archive, about: Mapping[str, Any]) -> Model:
    document = parse(kept.scenario, SCENARIO)
    check_format(document, KIND, NEWEST)
    facts = json.loads(kept.facts)
    line = Timeline(
        tuple(map(date.fromisoformat, facts["starts"])),
        date.fromisoformat(facts["end"]),
        tuple(map(date.fromisoformat, facts["outputs"])),
        {driver: tuple(map(_reading, readings)) for driver, readings in facts["readings"].items()},
    )
    record = Record.parse(parse(dump(facts["record"]), FACTS)) if facts["record"] is not None else None
    return compile_model(
        about["scenario"], validate(Scenario, document), document, record,
        as_of=date.fromisoformat(about["as_of"]), horizon_years=about["horizon_years"], switches=about["switches"],
        line=line, policy=about.get("policy"), structure=about.get("structure"),
    )  # fmt: skip


def cited(part: Any) -> Iterator[str]:
    """Names of the sources that a part of a scenario cites, as often as it does."""
    if isinstance(part, BaseModel):
        for key, value in part:
            if key == "source":
                yield from (value,) if isinstance(value, str) else value
            else:
                yield from cited(value)
    elif isinstance(part, Mapping):
        yield from (name for value in part.values() for name in cited(value))
    elif isinstance(part, tuple):
        yield from (name for value in part for name in cited(value))


def _excerpt(record: Record, names: Iterable[str], sources: Iterable[str]) -> dict[str, Any]:
    """A record that holds these facts with their sources, and these sources, alone."""
    frame = {key: value for key, value in record.document.data.items() if key not in ("sources", "facts")}
    resolved = record.resolve(names)
    wanted = {*resolved["sources"], *sources}
    written = {name: source for name, source in record.document.data["sources"].items() if name in wanted}
    return {**frame, **resolved, "sources": written}


def _plain(reading: Reading) -> dict[str, Any]:
    value = {"absent": reading.value.value} if isinstance(reading.value, Absence) else {"value": reading.value}
    return {**value, "unit": reading.unit, "facts": list(reading.facts), "rivals": list(reading.rivals)}


def _reading(data: Mapping[str, Any]) -> Reading:
    value = Absence(data["absent"]) if "absent" in data else data["value"]
    return Reading(value, data["unit"], tuple(data["facts"]), tuple(data["rivals"]))
