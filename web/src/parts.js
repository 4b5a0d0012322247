// Parts of a panel of which one is shown at a time: a row of buttons chooses.

/** Returns what chooses each part, by its id. */
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
  return chosen;
}
