// Words for numbers, and text that fits. The browser tests of the package compare the words with Python's over thousands of numbers.
import { expect, test } from 'vitest';
import { cut } from '../src/cut.js';
import { figure, oneIn } from '../src/wording.js';

test.each([[0, '0'], [1, '100'], [1e-7, '<0.001'], [0.00012, '0.012'], [0.0234, '2.3'], [0.37, '37'], [0.923, '92'], [0.9968, '99.7'], [1 - 1e-7, '>99.999']])(
  'a share of %d is %s per cent',
  (share, told) => expect(figure(share)).toBe(told),
);

test.each([[0, 'never'], [2e-6, 'less than the model can tell'], [0.0007, '1 in 1,000'], [0.15, '1 in 7'], [0.8, '4 in 5'], [0.98, '49 in 50'], [1, 'always']])(
  'a chance of %d is %s',
  (chance, told) => expect(oneIn(chance)).toBe(told),
);

test('text is cut only where it does not fit, and says that it was', () => {
  expect(cut('War', 100)).toBe('War');
  const long = 'Кризис '.repeat(30);
  const short = cut(long, 100);
  expect(short.endsWith('…')).toBe(true);
  expect(long.startsWith(short.slice(0, -1))).toBe(true);
  expect(short.length * 14 * 0.56).toBeLessThanOrEqual(100);
  expect(cut('War', 0).length).toBeGreaterThan(0);
});
