// Rules of descent, each pure: weights, gradient and memory in, new ones out; arrays of any length, number by number.
// Letters: w weights, g gradient, v velocity, s and r running means of g and of g², t the number of the update, from 1.
// Conventions are PyTorch's: ε stands outside the root, Adam divides its means by 1 − ρᵗ.

const each = (f, ...vectors) => vectors[0].map((_, i) => f(...vectors.map((vector) => vector[i])));

/** Gradient descent: w − α g. */
export const sgdStep = (w, g, lr) => each((w, g) => w - lr * g, w, g);

/** Momentum: v ← γ v − α g, w ← w + v. Returns [w, v]. Source: Polyak 1964; the slides' form. */
export function momentumStep(w, g, v, lr, gamma) {
  const velocity = each((v, g) => gamma * v - lr * g, v, g);
  return [each((w, v) => w + v, w, velocity), velocity];
}

/** AdaGrad: r ← r + g², w ← w − α g / (√r + ε). Returns [w, r]. Source: Duchi et al. 2011. */
export function adagradStep(w, g, r, lr, eps) {
  const squares = each((r, g) => r + g * g, r, g);
  return [each((w, g, r) => w - (lr * g) / (Math.sqrt(r) + eps), w, g, squares), squares];
}

/** RMSprop: r ← ρ r + (1 − ρ) g², then as AdaGrad: the past is forgotten. Returns [w, r]. */
export function rmspropStep(w, g, r, lr, rho, eps) {
  const squares = each((r, g) => rho * r + (1 - rho) * g * g, r, g);
  return [each((w, g, r) => w - (lr * g) / (Math.sqrt(r) + eps), w, g, squares), squares];
}

/**
 * Adam: s ← ρ₁ s + (1 − ρ₁) g, r ← ρ₂ r + (1 − ρ₂) g², w ← w − α ŝ / (√r̂ + ε). Returns [w, s, r].
 *
 * Both means start at 0 and are too small at first; ŝ = s / (1 − ρ₁ᵗ) and r̂ = r / (1 − ρ₂ᵗ) make up for that.
 * Source: Kingma and Ba 2015, algorithm 1.
 */
export function adamStep(w, g, s, r, t, lr, rho1, rho2, eps) {
  const means = each((s, g) => rho1 * s + (1 - rho1) * g, s, g);
  const squares = each((r, g) => rho2 * r + (1 - rho2) * g * g, r, g);
  const move = (w, s, r) => w - (lr * (s / (1 - rho1 ** t))) / (Math.sqrt(r / (1 - rho2 ** t)) + eps);
  return [each(move, w, means, squares), means, squares];
}

/**
 * The contestants. `settings` names what a learner can set; `step(w, gradient, memory, t, settings)` takes the gradient
 * as a function, because Nesterov's momentum wants it elsewhere than at w; it returns [w, memory].
 */
export const RULES = {
  sgd: {
    name: "SGD",
    settings: ["lr"],
    step: (w, gradient, memory, t, { lr }) => [sgdStep(w, gradient(w), lr), memory],
  },
  momentum: {
    name: "Momentum",
    settings: ["lr", "gamma"],
    step: (w, gradient, v = w.map(() => 0), t, { lr, gamma }) => momentumStep(w, gradient(w), v, lr, gamma),
  },
  // Nesterov 1983: the gradient where the velocity is about to carry us, so that an overshoot shows one step earlier.
  nesterov: {
    name: "Nesterov",
    settings: ["lr", "gamma"],
    step: (w, gradient, v = w.map(() => 0), t, { lr, gamma }) =>
      momentumStep(w, gradient(each((w, v) => w + gamma * v, w, v)), v, lr, gamma),
  },
  adagrad: {
    name: "AdaGrad",
    settings: ["lr"],
    step: (w, gradient, r = w.map(() => 0), t, { lr, eps }) => adagradStep(w, gradient(w), r, lr, eps),
  },
  rmsprop: {
    name: "RMSprop",
    settings: ["lr", "rho"],
    step: (w, gradient, r = w.map(() => 0), t, { lr, rho, eps }) => rmspropStep(w, gradient(w), r, lr, rho, eps),
  },
  adam: {
    name: "Adam",
    settings: ["lr", "rho1", "rho2"],
    step: adamWithMemory,
  },
  // Loshchilov and Hutter 2019: the weights shrink by the factor 1 − αλ, outside of Adam's division.
  adamw: {
    name: "AdamW",
    settings: ["lr", "rho1", "rho2", "decay"],
    step: (w, gradient, memory, t, p) =>
      adamWithMemory(
        w.map((value) => value * (1 - p.lr * p.decay)),
        () => gradient(w),
        memory,
        t,
        p,
      ),
  },
};

function adamWithMemory(w, gradient, memory = [w.map(() => 0), w.map(() => 0)], t, { lr, rho1, rho2, eps }) {
  const [next, s, r] = adamStep(w, gradient(w), ...memory, t, lr, rho1, rho2, eps);
  return [next, [s, r]];
}

/** A loss so many times as high as at the start (or as 1, where it starts lower) is past all hope. */
const LOST = 1e6;

/**
 * The way of one rule: every point and its loss, the start included.
 *
 * @returns {{ points: number[][], losses: number[], diverged: number | null }} up to the number of the step at which
 *   the loss grew beyond all bounds, if it did
 */
export function descend(rule, settings, { loss, gradient }, start, steps) {
  const [points, losses] = [[start], [loss(start)]];
  let memory;
  for (let t = 1; t <= steps; t++) {
    let w;
    [w, memory] = RULES[rule].step(points.at(-1), gradient, memory, t, settings);
    const height = loss(w);
    if (!(height < LOST * Math.max(1, losses[0]))) return { points, losses, diverged: t };
    points.push(w);
    losses.push(height);
  }
  return { points, losses, diverged: null };
}

/** The step from which on the loss stays below `limit`, or null if it doesn't at the end. */
export function arrival(losses, limit = 1e-3) {
  const above = losses.findLastIndex((loss) => !(loss < limit));
  return above === losses.length - 1 ? null : above + 1;
}
