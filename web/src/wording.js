// Numbers in words, letter for letter as `detente.report.wording` has them (a test compares the two).

export const LEAST = 1e-5;

/** A share in per cent without the sign: to two digits, and near 1 to one digit of what is missing. */
export function figure(share) {
  if (share === 0 || share === 1) return share ? '100' : '0';
  if (share < LEAST) return '<0.001';
  if (1 - share < LEAST) return '>99.999';
  const told = share <= 0.5 ? share : 1 - share;
  const size = Math.floor(Math.log10(Number((100 * told).toExponential(1))));
  return (100 * share).toFixed(Math.max(0, (share <= 0.5 ? 1 : 0) - size));
}

/** A chance as "1 in N", N to one digit. */
export function oneIn(chance) {
  if (chance <= 0) return 'never';
  if (chance < LEAST) return 'less than the model can tell';
  if (chance >= 1) return 'always';
  if (chance <= 0.6) return `1 in ${many(1 / chance)}`;
  if (1 - chance < LEAST) return 'almost always';
  const among = oneDigit(1 / (1 - chance));
  return `${grouped(among - 1)} in ${grouped(among)}`;
}

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
const many = (number) => grouped(oneDigit(number));

function oneDigit(number) {
  const unit = 10 ** Math.floor(Math.log10(number));
  return Math.floor(number / unit + 0.5) * unit;
}
