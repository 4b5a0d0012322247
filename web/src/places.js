// Leads to a place in the report, wherever it is hidden: in a part that is not chosen, a table that is folded, or what only the analyst sees.

/** Returns what leads to a place by its id; links do so too. */
export function guide(root, chosen) {
  const show = (id) => {
    const place = document.getElementById(id);
    if (!place) return;
    if (place.closest('[data-mode="analyst"]')) {
      document.documentElement.dataset.mode = 'analyst';
      document.dispatchEvent(new Event('mode'));
    }
    chosen.get(place.closest('.part')?.id)?.();
    const table = place.closest('details');
    if (table) table.open = true;
    const target = place.querySelector('h2, h3') ?? place;
    target.tabIndex = -1;
    place.scrollIntoView({ block: table ? 'center' : 'start' });
    target.focus({ preventScroll: true });
  };
  root.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    show(decodeURIComponent(link.hash.slice(1)));
  });
  return show;
}
