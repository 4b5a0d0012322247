"""Maps to put forces on: those that come with the package, one for each record that has one, and a reader's own as GeoJSON (RFC 7946).

Polygons are land; their outlines are borders unless the file has lines of its own. What has the property `disputed: true` is dashed. A polygon or point with a
`name` is where a force with this host or place is drawn; a point with a `label` is text. `bbox` says what must be seen. Longitudes and latitudes are WGS 84.

Refused: more than 1 MB, what is not a collection of features, other geometries, coordinates that are no longitude and latitude, and a map that would take
more than 400 kB of the report.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

from detente.document import Document, read
from detente.errors import InvalidInput, Problem

MOST_BYTES, MOST_KEPT = 1_000_000, 400_000
DEPTHS = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}  # lists of positions within lists
Point: TypeAlias = tuple[float, float]
Line: TypeAlias = list[Point]
Step: TypeAlias = str | int


@dataclass(frozen=True)
class Borders:
    """A map.

    Attributes
    ----------
    title, credit : str
        What it shows, and whose borders these are.
    frame : (west, south, east, north)
        What must be seen, in degrees; east is below west where it crosses the antimeridian.
    land : list of list of ring
        Polygons, outer rings clockwise as D3 has them.
    settled, disputed : list of line
    sites : dict
        Longitude and latitude by name.
    whys : dict
        Why a site is drawn there, where that is not plain.
    labels : list of (text, longitude, latitude)
    """

    title: str
    credit: str
    frame: tuple[float, float, float, float]
    land: list[list[Line]] = field(default_factory=list)
    settled: list[Line] = field(default_factory=list)
    disputed: list[Line] = field(default_factory=list)
    sites: dict[str, Point] = field(default_factory=dict)
    whys: dict[str, str] = field(default_factory=dict)
    labels: list[tuple[str, float, float]] = field(default_factory=list)

    def site(self, name: str) -> Point | None:
        """Where something of this name is drawn; None beyond the frame, and where the map does not know it."""
        west, south, east, north = self.frame
        at = self.sites.get(key(name))
        return at if at is not None and (at[0] - west) % 360 <= (east - west) % 360 and south <= at[1] <= north else None


def key(name: str) -> str:
    """A name as names are compared: `united_states` is United States."""
    return name.replace("_", " ").strip().casefold()


def shipped_borders(record: str) -> Borders | None:
    """The map that comes with the package for a shipped record; None where there is none."""
    file = resources.files("detente.report") / "static" / "theatres" / f"{record}.json"
    if "/" in record or not file.is_file():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    return _gathered(found, str(found["title"]), str(found["credit"]))


def own_borders(path: Path) -> Borders:
    """A reader's own map.

    Raises
    ------
    InvalidInput
        For what the module refuses, with every place.
    """
    where = str(path)
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        what = f"the map is larger than {MOST_BYTES // 10**6} MB ({path.stat().st_size / 1e6:,.0f} MB)"
        raise InvalidInput(Problem(where, what, "a report is sent by mail", "cut it to the theatre and simplify it, for example with mapshaper"))
    _check_json(path)
    document = read(path)
    problems = list(_problems(document))
    if problems:
        raise InvalidInput(problems)
    found = _gathered(document.data, "", path.name)
    size = len(json.dumps([found.land, found.settled, found.disputed], separators=(",", ":")))
    if size > MOST_KEPT:
        what = f"the map would take {size / 1e3:,.0f} kB of the report"
        raise InvalidInput(Problem(where, what, f"at most {MOST_KEPT // 1000} kB are left for it", "cut it to the theatre, or simplify it"))
    return found


def _check_json(path: Path) -> None:
    """Refuse what is no JSON; what else is wrong with a file is told by who reads it, as YAML, which knows places."""
    try:
        json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        where = f"{path}:{error.lineno}:{error.colno}"
        raise InvalidInput(Problem(where, "it is not JSON", f"the parser says: {error.msg}", "give GeoJSON (RFC 7946)")) from None
    except (OSError, UnicodeDecodeError, RecursionError):
        return


def _problems(document: Document) -> Iterator[Problem]:
    """What is wrong with a file, each feature's first fault."""
    data = document.data
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection" or not isinstance(data.get("features"), list):
        topology = isinstance(data, dict) and data.get("type") == "Topology"
        remedy = "write it as GeoJSON, for example with topo2geo" if topology else "give a FeatureCollection (RFC 7946)"
        yield Problem(document.where(), "it is TopoJSON" if topology else "it is not a GeoJSON collection of features", "a map is read from one", remedy)
        return
    box = data.get("bbox")
    if box is not None and not (_numbers(box, 4) and -180 <= box[0] <= 180 >= box[2] >= -180 and -90 <= box[1] < box[3] <= 90 and box[0] != box[2]):
        yield Problem(document.where(("bbox",)), "`bbox` is not [west, south, east, north] in degrees", "", "mend it, or leave it out")
    for index, feature in enumerate(data["features"]):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        here: tuple[Step, ...] = ("features", index)
        if not isinstance(feature, dict) or feature.get("type") != "Feature" or not isinstance(feature.get("properties") or {}, dict):
            yield Problem(document.where(here), "it is not a feature", "", "give it a type, properties and a geometry")
        elif geometry is not None and (not isinstance(geometry, dict) or geometry.get("type") not in DEPTHS):
            yield Problem(document.where((*here, "geometry")), "this geometry is not drawn", "", f"use {', '.join(DEPTHS)}")
        elif geometry is not None:
            path: tuple[Step, ...] = (*here, "geometry", "coordinates")
            wrong = next(_wrong(geometry.get("coordinates"), DEPTHS[geometry["type"]], path, 4 if "Polygon" in geometry["type"] else 2), None)
            if wrong is not None:
                yield Problem(document.where(wrong[0]), *wrong[1:])
    drawn = [feature for feature in data["features"] if isinstance(feature, dict) and feature.get("geometry")]
    if not drawn:
        yield Problem(document.where(("features",)), "the map has no geometry", "there is nothing to draw", "give polygons with a `name`")


def _wrong(part: Any, depth: int, path: tuple[Step, ...], least: int) -> Iterator[tuple[tuple[Step, ...], str, str, str]]:
    """Faults of coordinates: the path, what, why and a remedy."""
    if depth:
        if not isinstance(part, list) or (depth == 1 and any(not isinstance(position, list) for position in part)):
            yield path, "coordinates are not nested as this type has them", "", "see RFC 7946, section 3.1"
            return
        if depth == 1 and len(part) < least:
            yield path, f"{len(part)} positions are no {'ring' if least == 4 else 'line'}", f"it has at least {least}", "close the ring, or leave it out"
        for index, inner in enumerate(part):
            yield from _wrong(inner, depth - 1, (*path, index), least)
        return
    if not isinstance(part, list) or len(part) < 2 or not _numbers(part[:2], 2):
        yield path, "it is not a position", "a position is [longitude, latitude]", "give two numbers"
    elif not (-180 <= part[0] <= 180 and -90 <= part[1] <= 90):
        why = "longitudes lie within ±180 and latitudes within ±90 degrees"
        yield path, f"[{part[0]:g}, {part[1]:g}] is no longitude and latitude", why, "write it in WGS 84 (EPSG:4326), longitude first"


def _numbers(part: Any, count: int) -> bool:
    return isinstance(part, list) and len(part) == count and all(type(each) in (int, float) and math.isfinite(each) for each in part)


def _gathered(data: dict[str, Any], title: str, credit: str) -> Borders:
    """A map from GeoJSON that is sound."""
    features = [feature for feature in data["features"] if feature.get("geometry")]
    everywhere = [point for feature in features for line in _lines(feature["geometry"]) for point in line]
    bounds = (min(x for x, _ in everywhere), min(y for _, y in everywhere), max(x for x, _ in everywhere), max(y for _, y in everywhere))
    west, south, east, north = map(float, data.get("bbox") or bounds)
    # A thousandth of the frame is about a pixel.
    digits = min(6, max(2, math.ceil(3 - math.log10((east - west) % 360 or 360))))
    found = Borders(title, credit, (west, south, east, north))
    outlined = not any("LineString" in feature["geometry"]["type"] for feature in features)
    for feature in features:
        told, geometry = feature.get("properties") or {}, feature["geometry"]
        lines = [_rounded(line, digits) for line in _lines(geometry)]
        name, dashed = told.get("name"), told.get("disputed") is True
        if geometry["type"] == "Point":
            if isinstance(told.get("label"), str):
                found.labels.append((told["label"], *lines[0][0]))
            if isinstance(name, str):
                # A point says better than a polygon where something is.
                found.sites[key(name)] = lines[0][0]
                if told.get("why"):
                    found.whys[key(name)] = str(told["why"])
            continue
        if "Polygon" in geometry["type"]:
            polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
            kept = [rings for rings in (list(_rings(polygon, digits)) for polygon in polygons) if rings]
            found.land.extend(kept)
            if isinstance(name, str) and kept:
                found.sites.setdefault(key(name), centre(max((rings[0] for rings in kept), key=lambda ring: abs(area(ring))), digits))
            if not (outlined or dashed):
                continue
        (found.disputed if dashed else found.settled).extend(line for line in lines if len(line) > 1)
    return found


def _lines(geometry: dict[str, Any]) -> list[Line]:
    """Every line of a geometry; a point is a line of one."""
    part: Any = geometry["coordinates"]
    for _ in range(DEPTHS[geometry["type"]], 1):
        part = [part]
    for _ in range(1, DEPTHS[geometry["type"]] - 1):
        part = [line for inner in part for line in inner]
    lines = part if DEPTHS[geometry["type"]] > 1 else [part]
    return [[(float(point[0]), float(point[1])) for point in line] for line in lines]


def _rings(polygon: Iterable[Any], digits: int) -> Iterator[Line]:
    """Rings with an area, the first clockwise and its holes the other way."""
    for index, line in enumerate(_lines({"type": "MultiLineString", "coordinates": polygon})):
        ring = _rounded(line, digits)
        if len(ring) < 4 or area(ring) == 0.0:
            if index == 0:
                return
            continue
        yield ring[::-1] if (area(ring) > 0) == (index == 0) else ring


def _rounded(line: Line, digits: int) -> Line:
    points = [(round(x, digits), round(y, digits)) for x, y in line]
    return [point for index, point in enumerate(points) if index == 0 or point != points[index - 1]]


def area(ring: Line) -> float:
    """Signed area of a ring in square degrees: above 0 where it runs against the clock."""
    return 0.5 * sum(x * b - a * y for (x, y), (a, b) in zip(ring, [*ring[1:], ring[0]], strict=True))


def centre(ring: Line, digits: int) -> Point:
    """The centre of a ring's area, in degrees."""
    pairs = [(first, second, first[0] * second[1] - second[0] * first[1]) for first, second in zip(ring, [*ring[1:], ring[0]], strict=True)]
    return tuple(round(sum((p[axis] + q[axis]) * cross for p, q, cross in pairs) / (6 * area(ring)), digits) for axis in (0, 1))  # type: ignore[return-value]
