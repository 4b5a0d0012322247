// Where the text of a mark goes: below, above, right or left of it, wherever it meets least.

export const LINE = 15;
const widest = (lines, size) => Math.max(...lines.map((line) => line.length)) * size * 0.58;

/** The box of lines of text centred at a point, which is on the first line. */
export const textBox = (lines, x, y, size = 13) => {
  const width = widest(lines, size);
  return { x: x - width / 2, y: y - size, width, height: lines.length * LINE + 3 };
};

const shared = (a, b) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
const outside = (box, width, height) => box.width * box.height - shared(box, { x: 4, y: 30, width: width - 8, height: height - 34 });

/** Whether a box lies within the drawing and meets nothing. */
export const free = (box, taken, width, height) => outside(box, width, height) < 1e-6 && taken.every((other) => shared(box, other) === 0);

/** The place of a label beside a mark: its box, where its first line begins, and its anchor. */
export function beside(mark, lines, taken, width, height, size = 13) {
  const [x, y] = [mark.x + mark.width / 2, mark.y + mark.height / 2];
  const tall = (lines.length - 1) * LINE;
  const half = widest(lines, size) / 2;
  const middle = y + size / 2 - 1 - tall / 2;
  const inner = Math.min(Math.max(x, half + 6), width - half - 6);
  const options = [
    { at: [inner, mark.y + mark.height + size + 2], anchor: 'middle', centre: inner },
    { at: [mark.x + mark.width + 5, middle], anchor: 'start', centre: mark.x + mark.width + 5 + half },
    { at: [mark.x - 5, middle], anchor: 'end', centre: mark.x - 5 - half },
    { at: [inner, mark.y - 5 - tall], anchor: 'middle', centre: inner },
  ].map((option) => ({ ...option, ...textBox(lines, option.centre, option.at[1], size) }));
  // A place outside of the drawing is ten times as bad as one upon another.
  const cost = (option) => taken.filter((other) => other !== mark).reduce((sum, other) => sum + shared(option, other), 10 * outside(option, width, height));
  return options.reduce((best, option) => (cost(option) < cost(best) - 1e-6 ? option : best));
}
