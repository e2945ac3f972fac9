// Contour lines of a function of two variables, by marching squares, and the bands between them.

/** `count` numbers from `first` to `last`, each the same factor larger than the one before. */
export const geometric = (first, last, count) => Array.from({ length: count }, (_, i) => first * (last / first) ** (i / (count - 1)));

/**
 * The function at the corners of a grid.
 * @param {(w: number[]) => number} f
 * @param {number[]} box  left, right, bottom, top
 * @param {number} columns
 * @param {number} rows
 * @returns {number[][]} (rows + 1) × (columns + 1), the first row at the bottom
 */
export function sampled(f, box, columns, rows) {
  const [left, right, bottom, top] = box;
  const at = (from, to, i, n) => from + ((to - from) * i) / n;
  return Array.from({ length: rows + 1 }, (_, i) =>
    Array.from({ length: columns + 1 }, (_, j) => f([at(left, right, j, columns), at(bottom, top, i, rows)])),
  );
}

/**
 * The pieces of the line on which the function has the value `level`, in grid units.
 *
 * In each square the line enters and leaves through sides whose two corners lie on different sides of the level;
 * where, linear interpolation says.
 * @returns {number[][]} x₁, y₁, x₂, y₂ of each piece
 */
export function contour(heights, level) {
  const pieces = [];
  for (let i = 0; i + 1 < heights.length; i++) {
    for (let j = 0; j + 1 < heights[i].length; j++) {
      const corners = [
        [j, i],
        [j + 1, i],
        [j + 1, i + 1],
        [j, i + 1],
      ];
      const crossings = corners.map((a, k) => crossing(heights, level, a, corners[(k + 1) % 4])).filter(Boolean);
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([...crossings[k], ...crossings[k + 1]]);
    }
  }
  return pieces;
}

/**
 * Where the line crosses the side between two corners, each given by column and row; null where it doesn't.
 * @param {number[][]} heights
 * @param {number} level
 * @param {number[]} one
 * @param {number[]} other
 */
function crossing(heights, level, [xa, ya], [xb, yb]) {
  const [a, b] = [heights[ya][xa], heights[yb][xb]];
  if (a < level === b < level) return null;
  const part = (level - a) / (b - a);
  return [xa + part * (xb - xa), ya + part * (yb - ya)];
}

/**
 * For each band between two levels the horizontal strips of squares whose middle lies in it.
 * @returns {[number, number, number][][]} for each of levels.length + 1 bands: column, row, number of squares
 */
export function bands(heights, levels) {
  const strips = Array.from({ length: levels.length + 1 }, () => []);
  for (let i = 0; i + 1 < heights.length; i++) {
    let [from, band] = [0, null];
    for (let j = 0; j < heights[i].length; j++) {
      const here = j + 1 < heights[i].length ? bandOf(middle(heights, i, j), levels) : null;
      if (here === band) continue;
      if (band !== null) strips[band].push([from, i, j - from]);
      [from, band] = [j, here];
    }
  }
  return strips;
}

const middle = (heights, i, j) => (heights[i][j] + heights[i][j + 1] + heights[i + 1][j] + heights[i + 1][j + 1]) / 4;
const bandOf = (height, levels) => levels.filter((level) => height >= level).length;
