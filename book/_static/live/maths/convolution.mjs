// Cross-correlation and convolution in two dimensions, number by number.
// A matrix is an array of rows. `options`: stride, padding, dilation (the same both ways) and bias.

import { outputSize, positions } from "./windows.mjs";

/** The kernel turned by 180°: rows and columns in reverse. Sliding it gives the true convolution. */
export const turned = (kernel) => kernel.map((row) => row.toReversed()).toReversed();

/**
 * Rows and columns of the result (see windows.mjs for the formula).
 * @throws {RangeError} if no window fits.
 */
export function outputShape(input, kernel, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const along = (side, n, k) => {
    try {
      return outputSize(n, k, stride, padding, dilation);
    } catch (error) {
      throw new RangeError(`${side}: ${error.message}`);
    }
  };
  return [along("Rows", input.length, kernel.length), along("Columns", input[0].length, kernel[0].length)];
}

/**
 * What is multiplied for entry (i, j) of the result, in rows like the kernel:
 * weight (l, m) meets the input at row i·s − p + l·d, column j·s − p + m·d; outside the input lies a zero.
 * @param {number[][]} input
 * @param {number[][]} kernel
 * @param {number[]} place  i and j
 * @returns {{ row: number, column: number, value: number, weight: number, product: number }[][]}
 */
export function products(input, kernel, [i, j], { stride = 1, padding = 0, dilation = 1 } = {}) {
  const rows = positions(i, kernel.length, stride, padding, dilation);
  const columns = positions(j, kernel[0].length, stride, padding, dilation);
  return rows.map((row, l) =>
    columns.map((column, m) => {
      const value = input[row]?.[column] ?? 0;
      const weight = kernel[l][m];
      return { row, column, value, weight, product: value * weight };
    }),
  );
}

/** One entry of the result: the sum of all products, and the bias. */
export const entry = (input, kernel, place, options = {}) =>
  products(input, kernel, place, options)
    .flat()
    .reduce((sum, { product }) => sum + product, options.bias ?? 0);

/**
 * Cross-correlation U[i, j] = b + Σ X[i·s − p + l·d, j·s − p + m·d] · W[l, m], which networks call convolution
 * (PyTorch's Conv2d with one channel).
 */
export function correlate(input, kernel, options = {}) {
  const [height, width] = outputShape(input, kernel, options);
  return Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => entry(input, kernel, [i, j], options)));
}

/** True convolution: the kernel is turned before it slides (scipy.signal.convolve2d). */
export const convolve = (input, kernel, options = {}) => correlate(input, turned(kernel), options);
