// What a table can do: be saved as CSV, with numbers in full instead of their words, and be searched.
import { save } from './save.js';

export function furnish(root, scenario) {
  for (const details of root.querySelectorAll('details.table')) {
    const table = details.querySelector('table');
    const bar = document.createElement('p');
    bar.className = 'tools';
    if (details.dataset.searched) bar.append(search(table));
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'CSV';
    button.setAttribute('aria-label', `Save as CSV: ${details.querySelector('summary').textContent}`);
    button.addEventListener('click', () => save(`${scenario}-${details.id.replace('table-', '')}.csv`, 'text/csv', csv(table)));
    bar.append(button);
    details.querySelector('summary').after(bar);
  }
}

/** The rows of a table as RFC 4180 has them; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csv(table) {
  return [...table.rows].map((row) => [...row.cells].map(field).join(',')).join('\r\n') + '\r\n';
}

function field(cell) {
  const number = cell.querySelector('data');
  if (number) return number.value;
  const text = /^[=+\-@\t\r]/.test(cell.textContent) ? `'${cell.textContent}` : cell.textContent;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function search(table) {
  const label = document.createElement('label');
  const input = document.createElement('input');
  const told = document.createElement('span');
  const rows = [...table.tBodies[0].rows];
  input.type = 'search';
  told.setAttribute('role', 'status');
  const look = () => {
    const words = input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      count += !row.hidden;
    }
    told.textContent = words.length ? (count ? `${count} of ${rows.length}` : 'Nothing has all these words.') : '';
  };
  input.addEventListener('input', look);
  label.append('Search ', input, ' ', told);
  return label;
}
