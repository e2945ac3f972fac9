import assert from "node:assert/strict";
import { test } from "node:test";
import {
  RULES,
  adagradStep,
  adamStep,
  arrival,
  descend,
  momentumStep,
  rmspropStep,
  sgdStep,
} from "../../../book/_static/live/maths/descent.mjs";
import { SURFACES } from "../../../book/_static/live/maths/surfaces.mjs";

const close = (a, b, tolerance = 1e-12) =>
  a.flat(Infinity).forEach((value, i) => assert.ok(Math.abs(value - b.flat(Infinity)[i]) <= tolerance, `${a} against ${b}`));
const NUMBERS = { lr: 0.01, gamma: 0.9, rho: 0.9, rho1: 0.9, rho2: 0.999, decay: 0, eps: 1e-8 };

test("one step of each rule by hand", () => {
  assert.deepEqual(sgdStep([10, 1], [10, 10], 0.1), [9, 0]);
  // v = 0.9·(−0.5) − 0.5·0.5 = −0.7, w = 0.5 − 0.7 = −0.2: the chapter's second step
  close(momentumStep([0.5], [0.5], [-0.5], 0.5, 0.9), [[-0.2], [-0.7]]);
  // r = 9 + 16 = 25, w = 1 − 0.5·4/(5 + 0) = 0.6
  close(adagradStep([1], [4], [9], 0.5, 0), [[0.6], [25]]);
  // r = 0.5·16 + 0.5·4² = 16, w = 1 − 0.5·4/4 = 0.5
  close(rmspropStep([1], [4], [16], 0.5, 0.5, 0), [[0.5], [16]]);
  // at t = 1 both corrections give back the gradient and its square: a step of lr, whatever the gradient
  close(adamStep([1], [-7], [0], [0], 1, 0.1, 0.9, 0.999, 0), [[1.1], [-0.7], [0.049]]);
});

test("arguments stay as they are", () => {
  const [w, g, m] = [
    [1, 2],
    [3, 4],
    [0, 0],
  ].map(Object.freeze);
  for (const call of [() => sgdStep(w, g, 1), () => momentumStep(w, g, m, 1, 1), () => adamStep(w, g, m, m, 1, 1, 0.9, 0.9, 1)]) call();
});

test("the chapter's two contestants in the ravine: 0.8493 and 0.0081 from the minimum after 40 steps", () => {
  const { ravine } = SURFACES;
  const distance = (rule, numbers) => Math.hypot(...descend(rule, numbers, ravine, ravine.start, 40).points[40]);
  assert.equal(distance("sgd", { lr: ravine.rates.sgd }).toFixed(4), "0.8493");
  assert.equal(distance("momentum", { lr: ravine.rates.momentum, gamma: ravine.gamma }).toFixed(4), "0.0081");
});

test("beyond 2/λ gradient descent is said to diverge, and its way ends there", () => {
  const { points, losses, diverged } = descend("sgd", { lr: 0.05 }, SURFACES.ravine, [-4, 0.6], 40);
  assert.ok(diverged > 3 && diverged <= 40);
  assert.equal(points.length, diverged);
  assert.ok(losses.every(Number.isFinite));
  assert.equal(descend("sgd", { lr: 0.039 }, SURFACES.ravine, [-4, 0.6], 4000).diverged, null);
});

test("Nesterov without momentum is gradient descent, AdamW without decay is Adam", () => {
  const way = (rule, numbers) => descend(rule, { ...NUMBERS, ...numbers }, SURFACES.turned, [1, 1], 20).points;
  assert.deepEqual(way("nesterov", { gamma: 0 }), way("sgd", {}));
  assert.deepEqual(way("adamw", {}), way("adam", {}));
  assert.notDeepEqual(way("adamw", { decay: 0.1 }), way("adam", {}));
});

test("every rule goes down on every surface from its start", () => {
  for (const [name, surface] of Object.entries(SURFACES)) {
    for (const rule of Object.keys(RULES)) {
      const { losses, diverged } = descend(
        rule,
        { ...NUMBERS, gamma: surface.gamma, lr: surface.rates[rule] },
        surface,
        surface.start,
        300,
      );
      assert.equal(diverged, null, `${rule} on ${name}`);
      assert.ok(losses.at(-1) < losses[0] / 4, `${rule} on ${name}`);
    }
  }
});

test("turned, the ravine takes AdaGrad more than twice as long, as the caption says", () => {
  const steps = (surface) => arrival(descend("adagrad", { ...NUMBERS, lr: surface.rates.adagrad }, surface, surface.start, 1000).losses);
  assert.ok(steps(SURFACES.turned) > 2 * steps(SURFACES.ravine));
});

test("every gradient is the slope of its loss, and the goals are the lowest places", () => {
  for (const { loss, gradient, goals, start, box } of Object.values(SURFACES)) {
    for (const w of [start, [0.3, -0.7], [-1.1, 0.4]]) {
      const slopes = [0, 1].map((i) => {
        const at = (d) => loss(w.map((value, k) => value + (k === i ? d : 0)));
        return (at(1e-5) - at(-1e-5)) / 2e-5;
      });
      close(gradient(w), slopes, 1e-4);
    }
    for (const goal of goals) assert.equal(loss(goal), 0);
    assert.ok(start[0] > box[0] && start[0] < box[1] && start[1] > box[2] && start[1] < box[3]);
  }
});

test("arrival is the step after which the loss stays low", () => {
  assert.equal(arrival([5, 0, 5, 0, 0]), 3);
  assert.equal(arrival([0, 0]), 0);
  assert.equal(arrival([0, 5]), null);
  assert.equal(arrival([0, NaN]), null);
});
