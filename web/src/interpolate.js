// Probabilities between the points of a grid: log-odds by the polynomial through the nodes of each axis (as `detente.report.response.interpolate` has it).

const LEAST = 1e-300;
const logit = (p) => {
  const inside = Math.min(Math.max(p, LEAST), 1 - 1e-16);
  return Math.log(inside) - Math.log1p(-inside);
};

/** Probabilities of every level at a point of scores; `grid` is flat, the last axis is the level. */
export function interpolate(grid, scores, point) {
  let found = grid.map(logit);
  for (const score of point) {
    const weights = scores.map((node) => scores.filter((other) => other !== node).reduce((product, other) => (product * (score - other)) / (node - other), 1));
    const inner = found.length / scores.length;
    found = Array.from({ length: inner }, (_, i) => weights.reduce((sum, weight, k) => sum + weight * found[k * inner + i], 0));
  }
  return found.map((value) => 1 / (1 + Math.exp(-value)));
}
