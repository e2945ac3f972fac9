// Windows that slide: output sizes and positions of convolution and pooling layers.

/** The reach of a kernel with `dilation − 1` gaps between its entries: d(k − 1) + 1. */
export const reach = (kernel, dilation = 1) => dilation * (kernel - 1) + 1;

/**
 * How many places a window has: ⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1 (PyTorch's Conv2d; Dumoulin and Visin, 2016).
 * @throws {RangeError} if the padded input is smaller than the window.
 */
export function outputSize(n, kernel, stride = 1, padding = 0, dilation = 1) {
  const room = n + 2 * padding - reach(kernel, dilation);
  if (room < 0)
    throw new RangeError(`A window of ${reach(kernel, dilation)} doesn't fit an input of ${n} + 2·${padding} = ${n + 2 * padding}.`);
  return Math.floor(room / stride) + 1;
}

/** The input positions under entry `i` of the output, the padding counting as negative or beyond n − 1. */
export const positions = (i, kernel, stride = 1, padding = 0, dilation = 1) =>
  Array.from({ length: kernel }, (_, k) => i * stride - padding + k * dilation);
