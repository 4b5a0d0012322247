// What sliders answer, against closed forms: T0 = 1, T1 = x, T2 = 2x² - 1, T3 = 4x³ - 3x.
import { expect, test } from 'vitest';
import { probabilities } from '../src/respond.js';

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const degrees = [[0, 0], [1, 0], [0, 2], [3, 1]];
const coefficients = [[-2, -9], [0.5, 1], [-0.3, 0], [0.1, 2]];

test.each([[0.3, -0.8], [-1, 1], [0, 0], [1, 1]])('log-odds are the sum of products of polynomials at (%d, %d)', (x, y) => {
  const sum = (k) => coefficients[0][k] + coefficients[1][k] * x + coefficients[2][k] * (2 * y * y - 1) + coefficients[3][k] * (4 * x ** 3 - 3 * x) * y;
  const found = probabilities(degrees, coefficients, [x, y]);
  [0, 1].forEach((k) => expect(found[k]).toBeCloseTo(sigmoid(sum(k)), 12));
});

test('beyond the range the answer is that of its end', () => {
  expect(probabilities(degrees, coefficients, [1.0000001, -1.2])).toEqual(probabilities(degrees, coefficients, [1, -1]));
});
