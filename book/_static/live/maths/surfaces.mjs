// The loss surfaces of two weights on which the chapter's optimizers race. Each is measured from its lowest value, so
// that 0 is the best there is. A point is [w₁, w₂].

const [COS, SIN] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
/** @param {number[]} w */
const turned = ([a, b]) => [COS * a - SIN * b, SIN * a + COS * b];
/** @param {number[]} w */
const turnedBack = ([a, b]) => [COS * a + SIN * b, COS * b - SIN * a];

/** @param {number[]} w */
const ravine = ([a, b]) => (a * a + 50 * b * b) / 2;
/** @param {number[]} w */
const ravineGradient = ([a, b]) => [a, 50 * b];

/**
 * `box`: left, right, bottom and top of the map. `goals`: where the loss is 0. `start`: a telling place to start from.
 * `rates` and `gamma`: learning rates, and a momentum, that show something there. Source: section "A race on surfaces".
 */
export const SURFACES = {
  ravine: {
    title: "ravine, ½(w₁² + 50 w₂²)",
    loss: ravine,
    gradient: ravineGradient,
    box: [-4.6, 1.6, -2, 2],
    goals: [[0, 0]],
    start: [-4, 0.6],
    rates: { sgd: 0.038, momentum: 0.015, nesterov: 0.015, adagrad: 0.5, rmsprop: 0.05, adam: 0.1, adamw: 0.1 },
    gamma: 0.8,
  },
  turned: {
    title: "the same ravine, turned by 30°",
    // On a turned surface the gradient at a point is the turned gradient of the point turned back.
    loss: (w) => ravine(turnedBack(w)),
    gradient: (w) => turned(ravineGradient(turnedBack(w))),
    box: [-4.6, 1.6, -4, 1.6],
    goals: [[0, 0]],
    start: [-3.76, -1.48],
    rates: { sgd: 0.038, momentum: 0.015, nesterov: 0.015, adagrad: 0.5, rmsprop: 0.05, adam: 0.1, adamw: 0.1 },
    gamma: 0.8,
  },
  saddle: {
    title: "saddle, ½w₁² − ½w₂² + ¼w₂⁴",
    loss: ([a, b]) => (a * a) / 2 + (b * b - 1) ** 2 / 4,
    gradient: ([a, b]) => [a, b ** 3 - b],
    box: [-0.7, 2.1, -1.5, 1.5],
    goals: [
      [0, 1],
      [0, -1],
    ],
    start: [1.8, 0.01],
    rates: { sgd: 0.3, momentum: 0.1, nesterov: 0.1, adagrad: 0.5, rmsprop: 0.03, adam: 0.1, adamw: 0.1 },
    gamma: 0.9,
  },
  banana: {
    title: "banana (Rosenbrock), (1 − w₁)² + 100 (w₂ − w₁²)²",
    loss: ([a, b]) => (1 - a) ** 2 + 100 * (b - a * a) ** 2,
    gradient: ([a, b]) => [2 * (a - 1) - 400 * a * (b - a * a), 200 * (b - a * a)],
    box: [-1.7, 1.7, -0.7, 2.2],
    goals: [[1, 1]],
    start: [-1.2, 1],
    rates: { sgd: 0.001, momentum: 0.001, nesterov: 0.001, adagrad: 0.5, rmsprop: 0.01, adam: 0.05, adamw: 0.05 },
    gamma: 0.9,
  },
};
