// Text that fits: an estimate of its width is enough, since titles are cut where they nearly fill their place.

export const cut = (text, room, size = 14) => {
  const most = Math.max(2, Math.floor(room / (size * 0.56)));
  return text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text;
};
