// A recurrent network in numbers, forwards and backwards.
//
//   h_t = tanh(W_xh x_t + W_hh h_{t−1} + b),   y_t = W_hy h_t,   h_0 = 0
//
// Vectors are arrays, matrices arrays of rows: W_xh is H × D, W_hh H × H, b (H), W_hy D × H. An output is as long as an
// input, so that it can be fed back.

export const product = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
export const apply = (matrix, x) => matrix.map((row) => row.reduce((sum, value, k) => sum + value * x[k], 0));
const sum = (...vectors) => vectors[0].map((_, i) => vectors.reduce((all, vector) => all + vector[i], 0));
const zeros = (n) => new Array(n).fill(0);

/** One step: the new state. Source: equation eq-rd-step of the chapter; Elman 1990. */
export const step = (x, h, { Wxh, Whh, b }) => sum(apply(Wxh, x), apply(Whh, h), b).map(Math.tanh);

/**
 * Which steps of the unrolled network read an input, give an output, and read the output before them.
 *
 * `reads` and `gives` are numbers of steps, from 0; `fed` those whose input is y of the step before; `decoder` is the
 * first step that uses the decoder's weights (the number of steps where there is none).
 * @type {Record<string, { title: string, plan: (inputs: number, outputs: number) => any }>}
 */
export const PATTERNS = {
  one_to_one: { title: "one-to-one", plan: () => plan(1, [0], [0]) },
  one_to_many: { title: "one-to-many", plan: (inputs, outputs) => plan(outputs, [0], range(0, outputs), range(1, outputs)) },
  many_to_one: { title: "many-to-one", plan: (inputs) => plan(inputs, range(0, inputs), [inputs - 1]) },
  aligned: { title: "many-to-many, aligned", plan: (inputs) => plan(inputs, range(0, inputs), range(0, inputs)) },
  encoder_decoder: {
    title: "many-to-many, encoder–decoder",
    plan: (inputs, outputs) =>
      plan(inputs + outputs, range(0, inputs), range(inputs, inputs + outputs), range(inputs + 1, inputs + outputs), inputs),
  },
};

const range = (from, to) => Array.from({ length: to - from }, (_, i) => from + i);
const plan = (steps, reads, gives, fed = [], decoder = steps) => ({ steps, reads, gives, fed, decoder });

/**
 * All steps forward.
 *
 * @param {object} plan   one of PATTERNS for given numbers of inputs and outputs
 * @param {number[][]} xs  one input for each step of `plan.reads`, (D) each; a step that reads nothing gets zeros
 * @param {object} cell    { Wxh, Whh, b, Why }
 * @param {object} decoder the same for the decoder; its first state is the encoder's last
 * @returns {{ x, before, h, y, fed, cell }[]} for each step its input, the state before and after, its output or null,
 *   whether the input was fed back, and the weights used
 */
export function forward({ steps, reads, gives, fed, decoder: first }, xs, cell, decoder = cell) {
  const history = [];
  for (let t = 0; t < steps; t++) {
    const weights = t < first ? cell : decoder;
    const before = t ? history[t - 1].h : zeros(weights.b.length);
    const back = fed.includes(t);
    const x = back ? history[t - 1].y : reads.includes(t) ? xs[reads.indexOf(t)] : zeros(weights.Wxh[0].length);
    const h = step(x, before, weights);
    history.push({ x, before, h, y: gives.includes(t) ? apply(weights.Why, h) : null, fed: back, cell: weights });
  }
  return history;
}

/**
 * ∂h_t/∂h_{t−1}, the factor that one step puts into the gradient: diag(1 − h_t²) W_hh, for tanh′ = 1 − tanh².
 *
 * Where the input is the output before, x_t = W_hy h_{t−1}, the old state comes in by that door too:
 * diag(1 − h_t²) (W_hh + W_xh W_hy).
 */
export function factor(history, t) {
  const { h, fed, cell } = history[t];
  const detour = fed ? product(cell.Wxh, history[t - 1].cell.Why) : null;
  return cell.Whh.map((row, i) => row.map((weight, j) => (1 - h[i] ** 2) * (weight + (detour ? detour[i][j] : 0))));
}

/**
 * ∂h_T/∂h_t for t = T, T−1, …, 1 (the last state is number T), each the one before times one more factor.
 *
 * The product of the factors of the steps T, …, t+1, the latest on the left (equation eq-rd-product); for t = T it is
 * empty: the identity.
 * @returns {{ t: number, factor: number[][] | null, gradient: number[][], size: number }[]}
 */
export function backward(history) {
  const last = history.length;
  const identity = history[0].h.map((_, i) => history[0].h.map((_, j) => (i === j ? 1 : 0)));
  const way = [{ t: last, factor: null, gradient: identity, size: 1 }];
  for (let t = last - 1; t >= 1; t--) {
    const next = factor(history, t); // history counts from 0: its entry t is state number t + 1
    const gradient = product(way.at(-1).gradient, next);
    way.push({ t, factor: next, gradient, size: stretch(gradient) });
  }
  return way;
}

/**
 * The most that a matrix of one or two rows and columns can lengthen a vector: its largest singular value.
 *
 * Its square is the larger eigenvalue of MᵀM, whose trace is the sum of all squares, whose determinant is det(M)².
 */
export function stretch(matrix) {
  if (matrix.length === 1) return Math.abs(matrix[0][0]);
  const [[a, b], [c, d]] = matrix;
  const trace = a * a + b * b + c * c + d * d;
  const determinant = a * d - b * c;
  return Math.sqrt((trace + Math.sqrt(Math.max(0, trace ** 2 - 4 * determinant ** 2))) / 2);
}
