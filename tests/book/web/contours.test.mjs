import assert from "node:assert/strict";
import { test } from "node:test";
import { bands, contour, geometric, sampled } from "../../../book/_static/live/maths/contours.mjs";

test("levels grow by the same factor", () => {
  assert.deepEqual(geometric(1, 100, 3), [1, 10, 100]);
});

test("a function is sampled from its lower left corner", () => {
  assert.deepEqual(
    sampled(([x, y]) => x + 10 * y, [0, 2, 0, 1], 2, 1),
    [
      [0, 1, 2],
      [10, 11, 12],
    ],
  );
});

test("the line through one square, by hand", () => {
  // left corners 0, right corners 4: the level 1 is a quarter of the way
  assert.deepEqual(
    contour(
      [
        [0, 4],
        [0, 4],
      ],
      1,
    ),
    [[0.25, 0, 0.25, 1]],
  );
  assert.deepEqual(
    contour(
      [
        [0, 4],
        [0, 4],
      ],
      5,
    ),
    [],
  );
});

test("the contour of a round bowl is a circle", () => {
  const heights = sampled(([x, y]) => Math.hypot(x, y), [-1, 1, -1, 1], 40, 40);
  const pieces = contour(heights, 0.5);
  assert.ok(pieces.length > 50);
  for (const [x, y] of pieces) assert.ok(Math.abs(Math.hypot(x / 20 - 1, y / 20 - 1) - 0.5) < 0.005);
});

test("every square lies in exactly one band", () => {
  const heights = sampled(([x]) => x, [0, 4, 0, 1], 4, 2); // middles at 0.5, 1.5, 2.5, 3.5
  const strips = bands(heights, [1, 3]);
  assert.deepEqual(strips, [
    [
      [0, 0, 1],
      [0, 1, 1],
    ],
    [
      [1, 0, 2],
      [1, 1, 2],
    ],
    [
      [3, 0, 1],
      [3, 1, 1],
    ],
  ]);
});
