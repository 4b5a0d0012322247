// Makes the report more than its text: draws each figure above its table, folds the table, and adds what can be pressed.
// Whatever fails here leaves the tables as they are.
import { mount } from 'svelte';
import './report.css';
import Figure from './Figure.svelte';
import Toolbar from './Toolbar.svelte';
import { figures } from './figures/index.js';
import { arrange } from './parts.js';
import { guide } from './places.js';
import { furnish } from './tables.js';

export { figure, oneIn } from './wording.js';

const data = JSON.parse(document.getElementById('data').textContent);

document.documentElement.dataset.mode = 'brief';
mount(Toolbar, { target: document.getElementById('toolbar') });

const show = guide(document, arrange(document));
for (const holder of document.querySelectorAll('figure[data-figure]')) {
  const name = holder.dataset.figure;
  const drawing = figures[name];
  if (!drawing) continue;
  holder.hidden = false;
  mount(Figure, { target: holder.querySelector('.drawing'), props: { name, drawing, data: data.figures[name], scenario: data.scenario, show } });
}
// What is drawn is folded, and so is what is long; a link to a row opens its table.
const LONG = 14;
for (const table of document.querySelectorAll('.panel > details.table')) {
  table.open = !table.parentElement.querySelector('figure') && table.querySelectorAll('tbody tr').length <= LONG;
}
furnish(document, data.scenario);
