// Probabilities from the polynomials of log-odds that `detente.report.response` fits: sums of products of Chebyshev polynomials.

/** Probabilities of every level at a point of [-1, 1]^n; `degrees` is term x axis, `coefficients` term x level. */
export function probabilities(degrees, coefficients, point) {
  const angles = point.map((x) => Math.acos(Math.min(Math.max(x, -1), 1)));
  const odds = coefficients[0].map(() => 0);
  degrees.forEach((each, term) => {
    const product = each.reduce((sofar, degree, axis) => sofar * Math.cos(degree * angles[axis]), 1);
    coefficients[term].forEach((coefficient, level) => (odds[level] += coefficient * product));
  });
  return odds.map((value) => 1 / (1 + Math.exp(-value)));
}
