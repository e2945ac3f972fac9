// Pooling in two dimensions: one number for each window. A matrix is an array of rows.

import { outputSize, positions } from "./windows.mjs";

/**
 * The entries of the input that the window of output (i, j) covers; what lies in the padding is left out.
 * @returns {{ row: number, column: number, value: number }[]}
 */
export function covered(input, [i, j], { window, stride, padding = 0 }) {
  const rows = positions(i, window, stride, padding).filter((row) => row >= 0 && row < input.length);
  const columns = positions(j, window, stride, padding).filter((column) => column >= 0 && column < input[0].length);
  return rows.flatMap((row) => columns.map((column) => ({ row, column, value: input[row][column] })));
}

/** The largest entry of a window; of equal ones the first, row by row (as PyTorch's max_pool2d counts). */
export const winner = (entries) => entries.reduce((best, entry) => (entry.value > best.value ? entry : best));

/** The mean over the whole window: padding counts as zeros (PyTorch's avg_pool2d, count_include_pad=True). */
export const mean = (entries, window) => entries.reduce((sum, { value }) => sum + value, 0) / window ** 2;

/**
 * Max or average pooling; windows that don't fit completely are dropped. In max pooling the padding is minus
 * infinity: it never wins.
 * @param {"max"|"average"} kind
 * @throws {RangeError} if no window fits, or if the padding is more than half of the window, so that a window
 *   could lie in it altogether (PyTorch refuses that too).
 */
export function pool(kind, input, options) {
  const { window, stride, padding = 0 } = options;
  if (2 * padding > window)
    throw new RangeError(`Padding: expected at most half of the window, ⌊${window}/2⌋ = ${Math.floor(window / 2)}, not ${padding}.`);
  const [height, width] = [input.length, input[0].length].map((n) => outputSize(n, window, stride, padding));
  const one = (entries) => (kind === "max" ? winner(entries).value : mean(entries, window));
  return Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => one(covered(input, [i, j], options))));
}

/** The matrix moved down and to the right; what leaves on one side comes in on the other (numpy's roll). */
export function rolled(rows, down, right) {
  const from = (index, length) => ((index % length) + length) % length;
  return rows.map((row, r) => row.map((_, c) => rows[from(r - down, rows.length)][from(c - right, row.length)]));
}

/** How many entries of two matrices of the same size differ. */
export const differences = (a, b) => a.flat().filter((value, index) => Math.abs(value - b.flat()[index]) > 1e-9).length;
