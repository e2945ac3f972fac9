import assert from "node:assert/strict";
import { test } from "node:test";
import { PATTERNS, backward, factor, forward, step, stretch } from "../../../book/_static/live/maths/recurrence.mjs";

const CELL = {
  Wxh: [
    [1, 0],
    [0, 2],
  ],
  Whh: [
    [0, 1],
    [-1, 0],
  ],
  b: [0, -1],
  Why: [
    [1, 1],
    [1, -1],
  ],
};
const XS = [
  [1, 0],
  [0, 1],
  [0.5, 0.5],
];
const unit = (w) => ({ Wxh: [[1]], Whh: [[w]], b: [0], Why: [[1]] });
const close = (a, b, tolerance = 5e-4) =>
  a.flat().forEach((value, i) => assert.ok(Math.abs(value - b.flat()[i]) < tolerance, `${a} against ${b}`));

test("two steps by hand", () => {
  // tanh(1 + 0, 0 + 0 − 1) = (0.762, −0.762); then tanh(0 − 0.762, 2 − 0.762 − 1) = (−0.642, 0.234)
  const first = step(XS[0], [0, 0], CELL);
  close(first, [0.762, -0.762]);
  close(step(XS[1], first, CELL), [-0.642, 0.234]);
});

test("three steps forward and the gradient back give the chapter's numbers", () => {
  const history = forward(PATTERNS.many_to_one.plan(3, 1), XS, CELL);
  close(history[2].h, [0.625, 0.566]);
  assert.deepEqual(
    history.map(({ y }) => y !== null),
    [false, false, true],
  );
  close(history[2].y, [0.625 + 0.566, 0.625 - 0.566], 1e-3);
  const way = backward(history);
  assert.deepEqual(
    way.map(({ t }) => t),
    [3, 2, 1],
  );
  assert.deepEqual(way[0].gradient, [
    [1, 0],
    [0, 1],
  ]);
  close(way[2].gradient, [
    [-0.575, 0],
    [0, -0.399],
  ]);
});

test("which steps read and which give, in each pattern", () => {
  const plan = (name) => PATTERNS[name].plan(3, 2);
  assert.deepEqual(plan("one_to_one"), { steps: 1, reads: [0], gives: [0], fed: [], decoder: 1 });
  assert.deepEqual(plan("one_to_many"), { steps: 2, reads: [0], gives: [0, 1], fed: [1], decoder: 2 });
  assert.deepEqual(plan("many_to_one"), { steps: 3, reads: [0, 1, 2], gives: [2], fed: [], decoder: 3 });
  assert.deepEqual(plan("aligned"), { steps: 3, reads: [0, 1, 2], gives: [0, 1, 2], fed: [], decoder: 3 });
  assert.deepEqual(plan("encoder_decoder"), { steps: 5, reads: [0, 1, 2], gives: [3, 4], fed: [4], decoder: 3 });
});

test("an output that is fed back is the next input", () => {
  const history = forward(PATTERNS.one_to_many.plan(1, 3), [[1]], unit(0));
  // h₁ = tanh 1, y₁ = h₁, h₂ = tanh(y₁ + 0·h₁)
  assert.equal(history[1].x[0], Math.tanh(1));
  assert.equal(history[1].h[0], Math.tanh(Math.tanh(1)));
});

test("the decoder starts from the encoder's last state with weights of its own and no input", () => {
  const history = forward(PATTERNS.encoder_decoder.plan(2, 2), [[1], [0]], unit(0.5), unit(3));
  assert.deepEqual(history[2].x, [0]);
  assert.equal(history[2].h[0], Math.tanh(3 * history[1].h[0]));
  assert.deepEqual(history[3].x, history[2].y);
});

test("the factors of the captions: at most one half, exactly two, and the latch's", () => {
  const way = (w, first) => backward(forward(PATTERNS.many_to_one.plan(8, 1), [[first], ...Array(7).fill([0])], unit(w)));
  const vanishing = way(0.5, 1);
  for (const { factor: f } of vanishing.slice(1)) assert.ok(f[0][0] <= 0.5);
  assert.ok(vanishing.at(-1).size < 0.5 ** 7);
  assert.equal(way(2, 0).at(-1).size, 2 ** 7);
  assert.ok(way(2, 1).at(-1).size < 1e-4);
});

test("the gradient is what a small change of the first state does to the last, feedback included", () => {
  const plan = PATTERNS.one_to_many.plan(1, 4);
  const history = forward(plan, [[0.3, -0.2]], CELL);
  const rest = (h) => {
    // the same steps from a given first state
    for (let t = 1; t < 4; t++)
      h = step(
        CELL.Why.map((row) => row[0] * h[0] + row[1] * h[1]),
        h,
        CELL,
      );
    return h;
  };
  const gradient = backward(history).at(-1).gradient;
  for (const j of [0, 1]) {
    const moved = (d) => rest(history[0].h.map((value, k) => value + (k === j ? d : 0)));
    const measured = moved(1e-6).map((value, i) => (value - moved(-1e-6)[i]) / 2e-6);
    measured.forEach((value, i) => assert.ok(Math.abs(value - gradient[i][j]) < 1e-8));
  }
});

test("the largest singular value", () => {
  assert.equal(stretch([[-3]]), 3);
  assert.equal(
    stretch([
      [3, 0],
      [0, -4],
    ]),
    4,
  );
  assert.ok(
    Math.abs(
      stretch([
        [1, 1],
        [0, 1],
      ]) -
        (1 + Math.sqrt(5)) / 2,
    ) < 1e-12,
  ); // a shear: the golden ratio
  assert.deepEqual(factor(forward(PATTERNS.many_to_one.plan(2, 1), [[0], [0]], unit(2)), 1), [[2]]);
});
