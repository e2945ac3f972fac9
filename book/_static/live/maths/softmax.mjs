// Softmax and cross-entropy, by the book and in the form that can't overflow, in 64-bit and in 32-bit numbers.

/** Rounding after every operation: Python's and NumPy's floats have 64 bits, PyTorch's 32 unless told otherwise. */
export const PRECISIONS = { 64: (value) => value, 32: Math.fround };

/** The logits that softmax gets: all multiplied by `scale`, raised by `shift`, divided by the temperature. */
export const changed = (z, { scale = 1, shift = 0, temperature = 1 } = {}) => z.map((value) => (value * scale + shift) / temperature);

/**
 * Softmax step by step: p_i = e^{z_i} / Σ e^{z_j}.
 *
 * Adding a constant to all logits multiplies every e^{z} by the same number, which cancels. So subtracting the largest
 * logit (`stable`) changes nothing on paper. In a computer it changes everything: the largest exponential is then
 * e⁰ = 1, and none is infinite. Without it, e^{z} is infinite above z = 709 (64 bits) or 88 (32 bits), and ∞/∞ is
 * undefined (NaN).
 * @param {number[]} z logits
 * @returns {{ u: number[], exponentials: number[], sum: number, p: number[] }} what is put into exp, and what follows
 */
export function softmax(z, { stable = true, bits = 64 } = {}) {
  const round = PRECISIONS[bits];
  const logits = z.map(round);
  const largest = Math.max(...logits);
  const u = stable ? logits.map((value) => round(value - largest)) : logits;
  const exponentials = u.map((value) => round(Math.exp(value)));
  const sum = exponentials.reduce((all, value) => round(all + value), 0);
  return { u, exponentials, sum, p: exponentials.map((value) => round(value / sum)) };
}

/**
 * Cross-entropy of logits z where class `truth` is right, by the natural logarithm: L = −ln p_truth.
 *
 * By the book it takes the logarithm of a probability, which is −∞ when the probability has been rounded to 0. The
 * stable form never makes that probability: L = ln Σ e^{u_j} − u_truth with u = z − max z, as in PyTorch.
 */
export function crossEntropy(z, truth, { stable = true, bits = 64 } = {}) {
  const round = PRECISIONS[bits];
  const { u, sum, p } = softmax(z, { stable, bits });
  return stable ? round(round(Math.log(sum)) - u[truth]) : -round(Math.log(p[truth]));
}

/** The gradient of the cross-entropy by the logits: p − y, predicted minus true. It adds up to 0. */
export const gradient = (p, truth) => p.map((value, i) => value - (i === truth ? 1 : 0));

/** From nats (natural logarithm, PyTorch) to bits (log₂, the slides): one bit is ln 2 = 0.693 nats. */
export const inBits = (nats) => nats / Math.LN2;
