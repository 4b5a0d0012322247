// What makes the page more than its text: tables that are saved and searched, parts of which one is shown, links to what is hidden.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { arrange } from '../src/parts.js';
import { guide } from '../src/places.js';
import { csv, furnish } from '../src/tables.js';

beforeEach(() => {
  document.documentElement.dataset.mode = 'brief';
  document.body.innerHTML = `
    <section id="rungs" class="panel" data-mode="analyst"><h2>Level by level</h2>
      <article id="rung-war" class="part"><h3>War</h3></article>
      <article id="rung-crisis" class="part"><h3>Crisis</h3><a id="out" href="#source-a">a</a></article>
    </section>
    <section id="record" class="panel" data-mode="analyst"><h2>The record</h2>
      <details class="table" id="table-sources" data-searched="true"><summary>Sources</summary>
        <table><thead><tr><th>name</th><th>share</th></tr></thead><tbody>
          <tr id="source-a"><th>Annual "Report", 2021</th><td><data value="0.012345678901234567">1.2</data></td></tr>
          <tr id="source-b"><th>=HYPERLINK("x")</th><td>–</td></tr>
        </tbody></table>
      </details>
    </section>`;
  Element.prototype.scrollIntoView = vi.fn();
});
afterEach(() => vi.restoreAllMocks());

test('a table is saved with numbers in full, quotes doubled, and nothing that a spreadsheet would run', () => {
  expect(csv(document.querySelector('table'))).toBe('name,share\r\n"Annual ""Report"", 2021",0.012345678901234567\r\n"\'=HYPERLINK(""x"")",–\r\n');
});

test('a search keeps the rows that have all its words, and says how many', () => {
  furnish(document, 'baltic');
  const input = document.querySelector('input[type=search]');
  const look = (text) => {
    input.value = text;
    input.dispatchEvent(new Event('input'));
    return [...document.querySelectorAll('tbody tr')].filter((row) => !row.hidden).map((row) => row.id);
  };
  expect(look('2021 ANNUAL')).toEqual(['source-a']);
  expect(document.querySelector('[role=status]').textContent).toBe('1 of 2');
  expect(look('annual hyperlink')).toEqual([]);
  expect(document.querySelector('[role=status]').textContent).toBe('Nothing has all these words.');
  expect(look('')).toEqual(['source-a', 'source-b']);
});

test('of the parts of a panel one is shown, and its button says so', () => {
  arrange(document);
  const shown = () => [...document.querySelectorAll('.part')].filter((part) => part.dataset.hidden !== 'true').map((part) => part.id);
  expect(shown()).toEqual(['rung-war']);
  document.querySelectorAll('.choice button')[1].click();
  expect(shown()).toEqual(['rung-crisis']);
  expect([...document.querySelectorAll('.choice button')].map((button) => button.getAttribute('aria-pressed'))).toEqual(['false', 'true']);
});

test('a link opens what it leads to, however it is hidden', () => {
  const show = guide(document, arrange(document));
  show('rung-crisis');
  expect(document.documentElement.dataset.mode).toBe('analyst');
  expect(document.getElementById('rung-crisis').dataset.hidden).toBe('false');
  expect(document.activeElement.textContent).toBe('Crisis');
  document.getElementById('out').click();
  expect(document.getElementById('table-sources').open).toBe(true);
  expect(document.activeElement.id).toBe('source-a');
  show('nowhere');
  expect(document.activeElement.id).toBe('source-a');
});
