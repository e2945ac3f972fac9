// A drawing and what becomes of it before a network reads it. A drawing is a list of strokes, a stroke a list of points
// [x, y] where the pen went, whole numbers from 0 (left, top) to 255.

/** The sides of the board on which points lie. */
export const BOARD = 256;
/** The sides of the picture that the network gets. */
export const SIDE = 28;
// MNIST's digits fill a square of 20 pixels and have their centre of mass in the middle of 28 (LeCun et al. 1998,
// section III.A). Its lines are about as wide as what this pen draws; tests/book/test_digit_network.py compares them.
const FILLED = 20;
const PEN = 2.5;
// A drawing smaller than this is a dot or a slip of the hand, and isn't blown up to the full size.
const LEAST = 40;

/** @typedef {number[][]} Stroke */

/** The text of a drawing: four hexadecimal digits a point, a hyphen between strokes. @param {Stroke[]} strokes */
export const written = (strokes) => strokes.map((stroke) => stroke.flat().map(hexadecimal).join("")).join("-");

const hexadecimal = (number) => number.toString(16).padStart(2, "0");

/** A drawing from its text. @returns {Stroke[]} @throws {Error} if it is none. */
export function strokesOf(text) {
  if (!text) return [];
  if (!/^([0-9a-f]{4})+(-([0-9a-f]{4})+)*$/.test(text))
    throw new Error(`Drawing: expected strokes of four hexadecimal digits a point with hyphens between, not “${text}”`);
  return text.split("-").map((stroke) => stroke.match(/..../g).map((point) => [0, 2].map((at) => parseInt(point.slice(at, at + 2), 16))));
}

/** A stroke with a point more, unless the pen has hardly moved. @param {Stroke} stroke @param {number[]} place @returns {Stroke} */
export function lengthened(stroke, [x, y], least = 5) {
  const [lastX, lastY] = stroke.at(-1);
  return Math.hypot(x - lastX, y - lastY) < least ? stroke : [...stroke, [x, y]];
}

/** From a part of the board, 0 to 1, to a whole number on it. */
export const onBoard = (part) => Math.min(Math.max(Math.round(part * BOARD), 0), BOARD - 1);

/**
 * The picture that a network trained on MNIST expects of a drawing: scaled, its proportions kept, until it fills 20
 * pixels, drawn with a pen as wide as there, its centre of mass moved to the middle.
 * @param {Stroke[]} strokes
 * @returns {Float64Array} 28 × 28, rows one after another, paper 0 and ink 1
 */
export function prepared(strokes) {
  if (!strokes.length) return new Float64Array(SIDE * SIDE);
  const [left, right] = ends(strokes, 0);
  const [top, bottom] = ends(strokes, 1);
  const scale = (FILLED - PEN) / Math.max(right - left, bottom - top, LEAST);
  const middle = [(left + right) / 2, (top + bottom) / 2];
  const placed = strokes.map((stroke) => stroke.map((point) => point.map((value, axis) => (value - middle[axis]) * scale + SIDE / 2)));
  const [x, y] = centreOfMass(inked(placed));
  return inked(placed.map((stroke) => stroke.map(([px, py]) => [px + SIDE / 2 - x, py + SIDE / 2 - y])));
}

function ends(strokes, axis) {
  const values = strokes.flatMap((stroke) => stroke.map((point) => point[axis]));
  return [Math.min(...values), Math.max(...values)];
}

/** How dark each pixel is under a pen that follows the strokes: 1 up to half its width from the line, then less within a pixel. */
function inked(strokes) {
  const picture = new Float64Array(SIDE * SIDE);
  const reach = PEN / 2 + 1;
  for (const stroke of strokes) {
    for (let index = 0; index < stroke.length; index++) {
      const [from, to] = [stroke[Math.max(index - 1, 0)], stroke[index]];
      const [[left, right], [top, bottom]] = [0, 1].map((axis) => reached(from[axis], to[axis], reach));
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
          const ink = PEN / 2 + 0.5 - distance([column + 0.5, row + 0.5], from, to);
          const at = row * SIDE + column;
          picture[at] = Math.max(picture[at], Math.min(ink, 1));
        }
      }
    }
  }
  return picture;
}

/** The first and the last pixel that a pen may touch between two places. */
const reached = (a, b, reach) => [Math.max(Math.floor(Math.min(a, b) - reach), 0), Math.min(Math.floor(Math.max(a, b) + reach), SIDE - 1)];

/** How far a place is from the line between two others. */
function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const part = length ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1) : 0;
  return Math.hypot(x - ax - part * dx, y - ay - part * dy);
}

/** Where a picture's ink has its middle, [x, y]; a pixel's own middle is half a pixel from its corner. @param {Float64Array} picture */
export function centreOfMass(picture) {
  let [all, x, y] = [0, 0, 0];
  picture.forEach((ink, index) => {
    all += ink;
    x += ink * ((index % SIDE) + 0.5);
    y += ink * (Math.floor(index / SIDE) + 0.5);
  });
  return [x / all, y / all];
}
