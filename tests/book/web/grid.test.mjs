import assert from "node:assert/strict";
import { test } from "node:test";
import { destination, resized } from "../../../book/_static/live/lib/grid.mjs";

test("a matrix keeps what fits when its size changes, and new entries are zero", () => {
  assert.deepEqual(
    resized(
      [
        [1, 2],
        [3, 4],
      ],
      3,
      1,
    ),
    [[1], [3], [0]],
  );
  assert.deepEqual(resized([[1]], 1, 3), [[1, 0, 0]]);
});

test("keys lead to the neighbouring cell and stay inside", () => {
  assert.deepEqual(destination("ArrowRight", 0, 0, 2, 3), [0, 1]);
  assert.deepEqual(destination("ArrowLeft", 0, 0, 2, 3), [0, 0]);
  assert.deepEqual(destination("ArrowDown", 1, 2, 2, 3), [1, 2]);
  assert.deepEqual(destination("ArrowUp", 1, 2, 2, 3), [0, 2]);
  assert.deepEqual(destination("Home", 1, 2, 2, 3), [1, 0]);
  assert.deepEqual(destination("End", 1, 0, 2, 3), [1, 2]);
  assert.equal(destination("a", 0, 0, 2, 3), null);
});
