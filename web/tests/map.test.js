// The map and what it is drawn on: countries cut to a frame, labels beside marks, a day that a slider moves.
import { fireEvent, render, screen } from '@testing-library/svelte';
import { geoArea, geoContains } from 'd3-geo';
import { expect, test } from 'vitest';
import Alliance from '../src/figures/Alliance.svelte';
import Map from '../src/figures/Map.svelte';
import { beside, free, textBox } from '../src/labels.js';
import { cropped } from '../theatres.js';

// Two squares that share a border of arcs, as TopoJSON: west from 0 to 10 degrees east, east from 10 to 20.
const world = {
  type: 'Topology',
  arcs: [
    [[10, 0], [10, 10]],
    [[10, 10], [0, 10], [0, 0], [10, 0]],
    [[10, 10], [20, 10], [20, 0], [10, 0]],
  ],
  objects: {
    countries: {
      type: 'GeometryCollection',
      geometries: [
        { type: 'Polygon', arcs: [[~0, ~1]].map((ring) => ring.reverse()), properties: { name: 'West Land', a3: 'WST' } },
        { type: 'Polygon', arcs: [[0, 2]], properties: { name: 'East', a3: 'EST' } },
      ],
    },
  },
};
const theatre = { title: 'T', record: 'r', atlas: 'A', frame: [4, 4, 16, 9], crop: [2, 2, 18, 9], disputed: [], sites: [{ name: 'x', part: { of: 'EST', at: [15, 5] } }], labels: [['Sea', 5, 5]] };

test('countries are cut to the frame, and the border between them is a line', () => {
  const { features, bbox } = cropped(world, theatre);
  expect(bbox).toEqual(theatre.frame);
  const [west, east, border, site, label] = features;
  expect([west, east].map((each) => each.properties.name)).toEqual(['west_land', 'east']);
  for (const { geometry } of [west, east]) {
    const points = geometry.coordinates.flat(2);
    expect(Math.min(...points.map(([x]) => x))).toBeGreaterThanOrEqual(2);
    expect(Math.max(...points.map(([x]) => x))).toBeLessThanOrEqual(18);
    expect(points.every(([, y]) => 2 <= y && y <= 9)).toBe(true);
    // Eight by seven degrees, and not the rest of the sphere.
    expect(geoArea(geometry)).toBeCloseTo(((8 * Math.PI) / 180) * (Math.sin((9 * Math.PI) / 180) - Math.sin((2 * Math.PI) / 180)), 3);
  }
  expect(geoContains(west.geometry, [5, 5])).toBe(true);
  expect(geoContains(east.geometry, [5, 5])).toBe(false);
  expect(border.properties).toEqual({ disputed: false });
  expect(site.geometry.coordinates[0]).toBeCloseTo(15, 1);
  expect(label.properties).toEqual({ label: 'Sea' });
});

test('a border that a theatre calls disputed is told so', () => {
  const { features } = cropped(world, { ...theatre, disputed: [['WST', 'EST']] });
  expect(features.filter((each) => each.geometry.type === 'MultiLineString').map((each) => each.properties.disputed)).toEqual([true]);
});

test('labels go where they meet nothing, and stay within the drawing', () => {
  const mark = { x: 190, y: 190, width: 20, height: 20 };
  const below = beside(mark, ['Estonia', '1,000'], [mark], 400, 400);
  expect(below.at[1]).toBeGreaterThan(210);
  const elsewhere = beside(mark, ['Estonia', '1,000'], [mark, below], 400, 400);
  expect(free(elsewhere, [mark, below], 400, 400)).toBe(true);
  const edge = beside({ x: 380, y: 190, width: 20, height: 20 }, ['A name that is long'], [], 400, 400);
  expect(edge.x).toBeGreaterThanOrEqual(0);
  expect(edge.x + edge.width).toBeLessThanOrEqual(400);
  expect(free(textBox(['x'], 2, 2), [], 400, 400)).toBe(false);
});

const ring = [[20, 54], [20, 60], [30, 60], [30, 54], [20, 54]];
const mark = (site, side, value, more = {}) => ({ site, side, force: 'battlegroup', value, unit: 'troops', text: String(value), told: `${value} troops`, ...more });
const forces = {
  frame: [20, 54, 30, 60], land: [[ring]], settled: [], disputed: [[[22, 55], [28, 59]]], labels: [['Sweden', 24, 55], ['Estonia', 25, 59]], sides: ['NATO', 'Russia'],
  sites: [{ title: 'Estonia', at: [25, 59] }, { title: 'Pskov', at: [28, 57] }, { title: 'Europe', at: null }],
  marks: [mark(0, 0, 400), mark(1, 1, 1600), mark(2, 0, null, { told: 'strength not found' }), mark(0, 0, 9, { unit: 'aircraft', told: '9 aircraft' })],
  steps: [{ told: '2017', marks: [0, 2] }, { told: '1 May 2020, the day asked about', marks: [0, 1, 2, 3] }, { told: '1 May 2030', marks: [] }], asof: 1, unit: 'troops', most: 1600, credit: 'An atlas',
};

test.each([400, 1200])('marks of the day: area by number, shapes by side, what has no place told in words, %d wide', (width) => {
  const { container } = render(Map, { data: forces, width });
  const drawn = [...container.querySelectorAll('.atlas > svg .force')];
  expect(drawn.length).toBe(3 + 2);
  const [small, large] = ['.force.side-0:not(.other)', '.force.side-1:not(.other)'].map((each) => container.querySelector(each).getAttribute('d'));
  expect(small).toContain('A');
  expect(large).not.toContain('A');
  // The radius of the circle, and the side of the square: areas are as 400 to 1,600.
  const radius = Number(/A([\d.]+)/.exec(small)[1]);
  const side = Number(/h([\d.]+)/.exec(large)[1]);
  expect(side ** 2 / (Math.PI * radius ** 2)).toBeCloseTo(4, 1);
  expect(container.querySelector('svg').textContent).toContain('numbers: troops');
  expect(container.querySelector('.stands').textContent).toContain('Beyond this map: Europe, battlegroup, strength not found');
  expect([...container.querySelectorAll('.country')].map((each) => each.textContent)).not.toContain('Estonia');
  expect(container.querySelector('.disputed').getAttribute('d')).toMatch(/^M/);
});

test('the slider moves the day, and a button brings it back', async () => {
  const { container } = render(Map, { data: forces, width: 1200 });
  const slider = screen.getByRole('slider');
  expect(slider.getAttribute('aria-valuetext')).toBe('1 May 2020, the day asked about');
  await fireEvent.input(slider, { target: { value: 0 } });
  expect(slider.getAttribute('aria-valuetext')).toBe('2017');
  expect(container.querySelector('.stands').textContent).toContain('None known on that day');
  expect(container.querySelector('.atlas > svg').getAttribute('aria-label')).toContain('Map of 2017. NATO: Estonia, battlegroup, 400 troops');
  await fireEvent.click(screen.getByRole('button', { name: 'The day asked about' }));
  expect(slider.getAttribute('aria-valuetext')).toBe('1 May 2020, the day asked about');
});

test.each([[0, 0], [-60, -30], [170, 20]])('a frame from %d degrees east and %d north is drawn, on either side of the date line', (west, south) => {
  const end = west + 20 > 180 ? west - 340 : west + 20;
  const at = [west + 5, south + 5];
  const { container } = render(Map, { data: { ...forces, frame: [west, south, end, south + 10], land: [], sites: [{ title: 'Here', at }, { title: 'There', at }, { title: 'None', at: null }] }, width: 900 });
  for (const each of container.querySelectorAll('.atlas > svg .force')) {
    const [x, y] = /translate\(([-\d.]+),([-\d.]+)\)/.exec(each.getAttribute('transform')).slice(1).map(Number);
    expect(x > 0 && x < 900 && y > 0 && y < 700).toBe(true);
  }
});

const promises = {
  clocks: [{ title: 'Day 3', mean: 0.4, p05: 0, p25: 0.2, p75: 0.7, p95: 0.9, joins: 0.6, stays: 0.1, told: '40 %', range: '0–90', threshold: 0.9, whether: 'with A 60 %, without 10 %' }],
  groups: [{ title: 'Hosts', shares: [0.5], told: ['50 %'] }, { title: 'Others', shares: [0.25], told: ['25 %'] }], levels: ['Nothing', 'Words', 'Forces'],
  members: [{ title: 'Estonia', imputed: false, shares: [0, 0, 1], told: '100 %' }, { title: 'Iceland', imputed: true, shares: [0.5, 0.25, 0.25], told: '25 %' }],
};

test.each([400, 1200])('the alliance: shares are stacked to scale, and imputed members marked, %d wide', (width) => {
  const { container } = render(Alliance, { data: promises, width });
  const [hosts, others] = [...container.querySelectorAll('.piece')].map((each) => Number(each.getAttribute('width')));
  expect(hosts / others).toBeCloseTo(2, 6);
  const texts = [...container.querySelectorAll('text')].map((each) => each.textContent);
  for (const text of ['40 % (90 % of draws: 0–90)', 'with A 60 %, without 10 %', 'Estonia', 'Iceland*', '100 %']) expect(texts).toContain(text);
  expect(container.querySelectorAll('path.mark, path.hollow').length).toBe(2);
  // Without a leader there is nothing to tell apart.
  const alone = render(Alliance, { data: { ...promises, clocks: [{ ...promises.clocks[0], joins: null, stays: null, whether: '' }] }, width });
  expect(alone.container.querySelectorAll('path.mark, path.hollow').length).toBe(0);
});
