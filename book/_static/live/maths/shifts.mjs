// Does a layer care where a pattern stands? Shift the picture, then apply the layer; apply the layer, then shift the
// answer; and compare. Pictures are arrays of rows. All weights are whole numbers and all means are over powers of two,
// so a difference of 0 is exactly 0, not a small number.

/** Move a picture; what leaves it on one side comes back on the other, as `torch.roll` does it. */
export const roll = (x, down, right) =>
  x.map((row, i) => row.map((_, j) => x[wrapped(i - down, x.length)][wrapped(j - right, row.length)]));

/** The remainder from 0 to n − 1, also for negative numbers. */
const wrapped = (i, n) => ((i % n) + n) % n;

/**
 * Cross-correlation with an odd square kernel; the output is as large as the picture.
 *
 * U[i, j] = Σ X[i + a − r, j + b − r] · W[a, b]: no weight depends on i or j, only what is read does.
 * @param {"circular" | "zeros"} padding what is read beyond the border: the other side, or 0
 */
export function correlate(x, kernel, padding) {
  const [height, width, r] = [x.length, x[0].length, (kernel.length - 1) / 2];
  const read = (i, j) => {
    if (padding === "circular") return x[wrapped(i, height)][wrapped(j, width)];
    return i >= 0 && i < height && j >= 0 && j < width ? x[i][j] : 0;
  };
  const sum = (i, j) => kernel.reduce((all, row, a) => all + row.reduce((some, w, b) => some + w * read(i + a - r, j + b - r), 0), 0);
  return x.map((row, i) => row.map((_, j) => sum(i, j)));
}

/** Negative numbers become 0. It treats every position alike. */
export const relu = (x) => x.map((row) => row.map((value) => Math.max(0, value)));

/** What may follow the convolutions. Each takes a map of even sides and gives a smaller one, or the map itself. */
export const ENDS = {
  none: (x) => x,
  stride: (x) => blocks(x).map((row) => row.map((block) => block[0])), // stride 2 keeps the first of each 2 × 2 block
  max: (x) => blocks(x).map((row) => row.map((block) => Math.max(...block))),
  mean: (x) => blocks(x).map((row) => row.map((block) => total(block) / 4)),
  global: (x) => [[total(x.flat()) / x.flat().length]],
};

const total = (values) => values.reduce((sum, value) => sum + value, 0);

/** The map cut into 2 × 2 blocks, each a list of four. */
const blocks = (x) =>
  Array.from({ length: x.length / 2 }, (_, i) =>
    Array.from({ length: x[0].length / 2 }, (_, j) => [x[2 * i][2 * j], x[2 * i][2 * j + 1], x[2 * i + 1][2 * j], x[2 * i + 1][2 * j + 1]]),
  );

/** The network f: so many times convolution and ReLU, then one of `ENDS`. */
export function network({ kernel, padding, depth, end }) {
  return (x) => {
    let map = x;
    for (let layer = 0; layer < depth; layer++) map = relu(correlate(map, kernel, padding));
    return ENDS[end](map);
  };
}

/** |a − b|, number by number. */
export const difference = (a, b) => a.map((row, i) => row.map((value, j) => Math.abs(value - b[i][j])));

const largest = (x) => Math.max(...x.flat());

/**
 * Both ways round the square, and how far apart they end.
 *
 * Equivariant means f(g(x)) = g′(f(x)), where g shifts the picture and g′ the answer. Where the answer is as large as
 * the picture, g′ is g. Where it is smaller no g′ is given, so all of its shifts are tried and the best one is taken:
 * what still differs then can't be mended by any shift. A single number can't be shifted: there it is invariance.
 * @returns {{ moved, shiftFirst, shiftAfter, differences, worst: number, after: [number, number] }} g(x), f(g(x)),
 *   g′(f(x)), their differences, the largest of them, and how far g′ moves down and right
 */
export function compare(f, x, down, right) {
  const moved = roll(x, down, right);
  const [shiftFirst, answer] = [f(moved), f(x)];
  const after =
    answer.length === x.length
      ? [down, right]
      : bestShift(
          answer,
          shiftFirst,
          [down, right].map((d) => Math.floor((d * answer.length) / x.length)),
        );
  const shiftAfter = roll(answer, ...after);
  const differences = difference(shiftFirst, shiftAfter);
  return { moved, shiftFirst, shiftAfter, differences, worst: largest(differences), after };
}

/** The shift of `map` that brings it closest to `goal`, counted by the largest difference; `expected` is tried first. */
function bestShift(map, goal, expected) {
  const shifts = [expected, ...map.flatMap((row, i) => row.map((_, j) => [i, j]))];
  const errors = shifts.map((shift) => largest(difference(goal, roll(map, ...shift))));
  return shifts[errors.indexOf(Math.min(...errors))];
}
