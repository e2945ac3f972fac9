// Batch normalisation of one channel, as PyTorch computes it.

/** Mean and biased variance of some numbers. */
export function statistics(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

/**
 * The numbers with the given mean taken off, divided by the root of the variance, then scaled and shifted.
 * @param {{mean: number, variance: number}} by the batch's own statistics in training, the running ones in eval mode
 */
export function normalised(values, by, { gamma = 1, beta = 0, eps = 1e-5 } = {}) {
  return values.map((value) => (gamma * (value - by.mean)) / Math.sqrt(by.variance + eps) + beta);
}

/**
 * The running statistics after a batch.
 *
 * `momentum` is the share of the batch, whose unbiased variance enters; of a single value there is none (NaN).
 * @returns {{mean: number, variance: number}}
 */
export function step(running, values, momentum = 0.1) {
  const batch = statistics(values);
  const unbiased = values.length > 1 ? (batch.variance * values.length) / (values.length - 1) : NaN;
  return {
    mean: (1 - momentum) * running.mean + momentum * batch.mean,
    variance: (1 - momentum) * running.variance + momentum * unbiased,
  };
}
