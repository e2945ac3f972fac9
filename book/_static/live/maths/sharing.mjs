// A convolution as a matrix: most entries are zero (locality), the others repeat a few weights (sharing).
// Pictures are unrolled row by row, as NumPy's `ravel` does it; "convolution" is cross-correlation.

import { outputSize, positions } from "./windows.mjs";

/**
 * Which weight of the kernel stands where in the layer's matrix.
 *
 * One row for each output, one column for each input. Output (i, j) reads input (i·s − p + a, j·s − p + b) with the
 * kernel's weight (a, b); what lies outside the picture is padding, is zero, and has no column.
 * @param {number[]} input   height and width; a row of n numbers is 1 × n
 * @param {number[]} kernel  height and width
 * @param {number[]} [stride]  down and right
 * @param {number[]} [padding] above and below, left and right
 * @returns {{ output: number[], places: number[][] }} the output's height and width, and a matrix of
 *   H_out·W_out rows and H·W columns: the number a·K_w + b of the weight, or −1 where the matrix is zero
 * @throws {RangeError} if no window fits
 */
export function sharedPlaces(input, kernel, stride = [1, 1], padding = [0, 0]) {
  const output = [0, 1].map((axis) => outputSize(input[axis], kernel[axis], stride[axis], padding[axis]));
  const places = [];
  for (let i = 0; i < output[0]; i++) {
    for (let j = 0; j < output[1]; j++) {
      const row = new Array(input[0] * input[1]).fill(-1);
      positions(i, kernel[0], stride[0], padding[0]).forEach((y, a) =>
        positions(j, kernel[1], stride[1], padding[1]).forEach((x, b) => {
          const inside = y >= 0 && y < input[0] && x >= 0 && x < input[1];
          if (inside) row[y * input[1] + x] = a * kernel[1] + b;
        }),
      );
      places.push(row);
    }
  }
  return { output, places };
}

/** The matrix itself: each place filled with its weight. `weights`: the kernel, unrolled row by row. */
export const filled = (places, weights) => places.map((row) => row.map((k) => (k < 0 ? 0 : weights[k])));

/** Matrix times vector: each output is the sum of its row's weights times the inputs. */
export const times = (matrix, x) => matrix.map((row) => row.reduce((sum, weight, column) => sum + weight * x[column], 0));

/**
 * How many weights three layers of the same sizes have, biases aside.
 *
 * `connected`: fully connected, every entry of the matrix is free. `local`: zeros outside the windows, the rest is free.
 * `shared`: all rows use the same kernel, so the kernel is all there is to learn.
 * `kernel` is its height and width. Worked example (slides 002, "Parameter Sharing"): 4 × 4 pixels and a 3 × 3 kernel give 64, 36 and 9.
 */
export function weightCounts(places, kernel) {
  const entries = places.flat();
  return { connected: entries.length, local: entries.filter((k) => k >= 0).length, shared: kernel[0] * kernel[1] };
}
