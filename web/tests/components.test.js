// Figures drawn from what they are given: every number that the data has in words is in the picture, and what can be pressed answers.
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import Toolbar from '../src/Toolbar.svelte';
import Ladder from '../src/figures/Ladder.svelte';
import Movers from '../src/figures/Movers.svelte';
import Policies from '../src/figures/Policies.svelte';
import Shares from '../src/figures/Shares.svelte';
import WhatIf from '../src/figures/WhatIf.svelte';
import When from '../src/figures/When.svelte';
import { probabilities } from '../src/respond.js';
import { figure, oneIn } from '../src/wording.js';

const war = {
  name: 'war', title: 'War', mean: 0.012, chance: '1 in 80', percent: '1.2 %', range: '0.30–4.2 %', p05: 0.003, p25: 0.006, p50: 0.01, p75: 0.02, p95: 0.042,
  mistakes: '35 %', up: null, ways: [['crisis|slide', 0.9, '90'], ['other', 0.1, '10']],
};
const crisis = { ...war, name: 'crisis', title: 'Crisis', mean: 0.5, chance: '1 in 2', percent: '50 %', up: '2.4 %', ways: [['crisis|slide', 1, '100']] };
const ladder = { horizon: '10 years', levels: [war, crisis], aside: [{ name: 'order', title: 'Revised order', mean: null, chance: 'it cannot be told' }], pathways: [{ key: 'crisis|slide', label: 'crisis, then slide' }, { key: 'other', label: 'other ways' }] };

test.each([1280, 400])('every level has its numbers in the picture, %d wide', (width) => {
  const { container } = render(Ladder, { data: ladder, width, show: () => {} });
  const [top, next, aside] = container.querySelectorAll('.rung');
  for (const text of ['War', '1 in 80', '1.2 % (0.30–4.2 %)', '35 % from mistakes']) expect(top.textContent).toContain(text);
  expect(next.textContent).toContain('1 in 2');
  expect(container.textContent).toContain('▲ 2.4 % of those go on');
  expect(aside.textContent).toContain('it cannot be told');
  expect(aside.querySelector('.mark')).toBeNull();
});

test('marks stand at the logarithm of the probability', () => {
  const { container } = render(Ladder, { data: ladder, width: 1280, show: () => {} });
  const at = [...container.querySelectorAll('.mark')].map((mark) => Number(mark.getAttribute('cx')));
  const ticks = [...container.querySelectorAll('line.grid')].map((line) => Number(line.getAttribute('x1')));
  const decade = ticks[1] - ticks[0];
  expect((at[1] - at[0]) / decade).toBeCloseTo(Math.log10(0.5 / 0.012), 9);
});

test('a level is chosen by mouse and by keyboard', async () => {
  const show = vi.fn();
  render(Ladder, { data: ladder, width: 1280, show });
  const rung = screen.getByRole('button', { name: /^War: 1.2 % 1 in 80/ });
  await fireEvent.click(rung);
  await fireEvent.keyDown(rung, { key: 'Enter' });
  await fireEvent.keyDown(rung, { key: 'a' });
  expect(show.mock.calls).toEqual([['rung-war'], ['rung-war']]);
});

test('correlations are those of the chosen outcome', async () => {
  const bars = (sign) => [{ title: 'Hazard', evidence: 'judgement', rho: 0.5 * sign, text: sign > 0 ? '+.50' : '−.50' }];
  const { container } = render(Movers, { data: { outcomes: [{ name: 'war', title: 'War', bars: bars(1) }, { name: 'crisis', title: 'Crisis', bars: bars(-1) }] }, width: 900 });
  expect(container.querySelector('.up-bar')).not.toBeNull();
  await fireEvent.click(screen.getByRole('button', { name: 'Crisis' }));
  expect(container.querySelector('svg').textContent).toContain('−.50');
  expect(container.querySelector('.up-bar')).toBeNull();
  expect(container.querySelector('.down-bar')).not.toBeNull();
});

test('shares of variance: in all with its interval, alone, and what they rest on', async () => {
  const bar = { title: 'Hazard', rest: false, alone: 0.2, all: 0.5, low: 0.4, high: 0.6, text: '50 (40–60)' };
  const rests = (share) => [{ title: 'as stated', parts: [{ title: 'judgement', share, text: 'a' }, { title: 'measured or published', share: 1 - share, text: 'b' }] }];
  const data = { outcomes: [{ title: 'War', bars: [bar], rests: rests(0.75) }, { title: 'Crisis', bars: [{ ...bar, all: 0.1, low: 0, high: 0.2, text: '10 (0–20)' }], rests: rests(0.5) }] };
  const { container } = render(Shares, { data, width: 1000 });
  const number = (query, name) => Number(container.querySelector(query).getAttribute(name));
  const [low, high] = [number('.thin', 'x1'), number('.thin', 'x2')];
  const start = number('.half', 'x');
  expect((number('.half', 'width') - (low - start)) / (high - low)).toBeCloseTo(0.5, 6);
  expect((number('.mark', 'cx') - start) / number('.half', 'width')).toBeCloseTo(0.4, 6);
  expect(container.textContent).toContain('50 (40–60)');
  const wide = [...container.querySelectorAll('.way')].filter((each) => each.tagName === 'rect').map((each) => Number(each.getAttribute('width')) + 1);
  expect(wide[0] / (wide[0] + wide[1])).toBeCloseTo(0.75, 6);
  await fireEvent.click(screen.getByRole('button', { name: 'Crisis' }));
  expect(container.textContent).toContain('10 (0–20)');
});

test('sliders answer from the polynomials, and go back', async () => {
  const stops = ['low', 'middle', 'high'];
  const [degrees, coefficients] = [[[0, 0], [1, 0], [0, 1]], [[-1, -4], [0.5, 1], [0.1, 0]]];
  const data = {
    axes: [{ title: 'Hazard', stops }, { title: 'Resolve', stops }], levels: [{ name: 'crisis', title: 'Crisis' }, { name: 'war', title: 'War' }],
    degrees, coefficients, least: 1e-5,
  };
  const { container } = render(WhatIf, { data, width: 900 });
  const told = () => [...container.querySelectorAll('.told')].map((text) => text.textContent);
  const worded = (point) => probabilities(degrees, coefficients, point).map((p) => `${oneIn(p)}, ${figure(p)} %`);
  expect(told()).toEqual(worded([0, 0]));
  await fireEvent.input(screen.getByRole('slider', { name: /^Hazard/ }), { target: { value: '2' } });
  expect(told()).toEqual(worded([1, 0]));
  expect(screen.getByRole('slider', { name: /^Hazard/ }).getAttribute('aria-valuetext')).toBe('high');
  await fireEvent.click(screen.getByRole('button', { name: 'All at their medians' }));
  expect(told()).toEqual(worded([0, 0]));
});

test('years: the chosen level has its band', async () => {
  const line = (name, title, mean) => ({ name, title, mean, low: mean.map((p) => p / 2), high: mean.map((p) => p * 2) });
  const data = { years: [0, 1, 2], start: 2021, labels: ['29 January 2021', 'a', 'b'], lines: [line('war', 'War', [0.01, 0.02]), line('crisis', 'Crisis', [0.2, 0.3])], least: 1e-5 };
  const { container } = render(When, { data, width: 900 });
  const before = container.querySelector('.band').getAttribute('points');
  await fireEvent.click(screen.getByRole('button', { name: 'Crisis' }));
  expect(container.querySelector('.band').getAttribute('points')).not.toBe(before);
  expect(container.querySelectorAll('polyline')).toHaveLength(2);
});

test('policies: without and with, level by level', async () => {
  const row = { title: 'Brigades', before: 0.1, after: 0.05, told: '−50 %', lower: '93 % of draws' };
  const { container } = render(Policies, { data: { levels: [{ title: 'War', rows: [row] }, { title: 'Crisis', rows: [{ ...row, after: 0.2 }] }], aside: [], least: 1e-5 }, width: 900 });
  const [hollow, full] = container.querySelectorAll('circle');
  expect(Number(full.getAttribute('cx'))).toBeLessThan(Number(hollow.getAttribute('cx')));
  await fireEvent.click(screen.getByRole('button', { name: 'Crisis' }));
  expect(Number(container.querySelector('.mark').getAttribute('cx'))).toBeGreaterThan(Number(container.querySelector('.hollow').getAttribute('cx')));
});

test('the mode is that of the page, whoever chose it', async () => {
  document.documentElement.dataset.mode = 'brief';
  render(Toolbar);
  await fireEvent.click(screen.getByRole('button', { name: 'Everything' }));
  expect(document.documentElement.dataset.mode).toBe('analyst');
  document.documentElement.dataset.mode = 'brief';
  await fireEvent(document, new Event('mode'));
  expect(screen.getByRole('button', { name: 'In brief' }).getAttribute('aria-pressed')).toBe('true');
});
