// Parts of a panel of which one is shown at a time: a row of buttons chooses, and a link to a part does.

/** Returns what shows a part by its id and leads to it. */
export function arrange(root) {
  const chosen = new Map();
  for (const panel of root.querySelectorAll('.panel')) {
    const parts = [...panel.querySelectorAll('.part')];
    if (parts.length < 2) continue;
    const bar = document.createElement('div');
    bar.className = 'choice';
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', panel.querySelector('h2').textContent);
    const buttons = parts.map((part) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = part.querySelector('h3').textContent;
      bar.append(button);
      return button;
    });
    const choose = (index) => {
      parts.forEach((part, k) => (part.dataset.hidden = String(k !== index)));
      buttons.forEach((button, k) => button.setAttribute('aria-pressed', String(k === index)));
    };
    buttons.forEach((button, index) => button.addEventListener('click', () => choose(index)));
    parts.forEach((part, index) => chosen.set(part.id, () => choose(index)));
    parts[0].before(bar);
    choose(0);
  }
  const show = (id) => {
    if (!chosen.has(id)) return;
    document.documentElement.dataset.mode = 'analyst';
    document.dispatchEvent(new Event('mode'));
    chosen.get(id)();
    const title = document.getElementById(id).querySelector('h3');
    title.tabIndex = -1;
    title.scrollIntoView({ block: 'start' });
    title.focus({ preventScroll: true });
  };
  root.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || !chosen.has(link.hash.slice(1))) return;
    event.preventDefault();
    show(link.hash.slice(1));
  });
  return show;
}
