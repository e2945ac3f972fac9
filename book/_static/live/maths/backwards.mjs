// The way back through a convolution of one channel, place by place.

/**
 * What the output at row i, column j sends back: which inputs it met, and what each of them and each weight gets from it.
 *
 * @param {number[][]} x the input, padded if the layer pads
 * @param {number[][]} kernel
 * @param {number} gradient of the output at this place
 * @returns {{row: number, column: number, k: number, l: number, toInput: number, toWeight: number}[]} a tap each
 */
export function sent(x, kernel, gradient, i, j, stride = 1) {
  return kernel.flatMap((weights, k) =>
    weights.map((weight, l) => {
      const [row, column] = [i * stride + k, j * stride + l];
      return { row, column, k, l, toInput: gradient * weight, toWeight: gradient * x[row][column] };
    }),
  );
}

/**
 * The gradients of input, kernel and bias: the sum of what all places send back, or of the first `count` of them.
 * @param {number[][]} gradients of the outputs
 * @returns {{input: number[][], kernel: number[][], bias: number}}
 */
export function gathered(x, kernel, gradients, stride = 1, count = Infinity) {
  const input = x.map((row) => row.map(() => 0));
  const weights = kernel.map((row) => row.map(() => 0));
  let [bias, done] = [0, 0];
  for (const [i, row] of gradients.entries()) {
    for (const [j, gradient] of row.entries()) {
      if (done++ >= count) return { input, kernel: weights, bias };
      bias += gradient;
      for (const tap of sent(x, kernel, gradient, i, j, stride)) {
        input[tap.row][tap.column] += tap.toInput;
        weights[tap.k][tap.l] += tap.toWeight;
      }
    }
  }
  return { input, kernel: weights, bias };
}

/** The gradients of the outputs set apart with stride - 1 zeros between them, as the full correlation meets them. */
export function withHoles(gradients, stride) {
  const spread = (items, hole) => items.flatMap((item, n) => (n ? [...Array.from({ length: stride - 1 }, hole), item] : [item]));
  const rows = gradients.map((row) => spread(row, () => 0));
  return spread(rows, () => rows[0].map(() => 0));
}
