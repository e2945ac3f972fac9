import assert from "node:assert/strict";
import { test } from "node:test";
import { filled, sharedPlaces, times, weightCounts } from "../../../book/_static/live/maths/sharing.mjs";

test("a row of four and a kernel of two: by hand", () => {
  // y₁ = a x₁ + b x₂, y₂ = a x₂ + b x₃, y₃ = a x₃ + b x₄
  const { output, places } = sharedPlaces([1, 4], [1, 2]);
  assert.deepEqual(output, [1, 3]);
  assert.deepEqual(places, [
    [0, 1, -1, -1],
    [-1, 0, 1, -1],
    [-1, -1, 0, 1],
  ]);
  // 10·1 + 1·2, 10·2 + 1·3, 10·3 + 1·4
  assert.deepEqual(times(filled(places, [10, 1]), [1, 2, 3, 4]), [12, 23, 34]);
});

test("4 × 4 pixels and a 3 × 3 kernel: 64, 36 and 9 weights, as on the slides", () => {
  const { output, places } = sharedPlaces([4, 4], [3, 3]);
  assert.deepEqual(output, [2, 2]);
  assert.equal(places.length, 4);
  assert.equal(places[0].length, 16);
  assert.deepEqual(weightCounts(places, [3, 3]), { connected: 64, local: 36, shared: 9 });
});

test("with padding the rows at the border lack weights, and a stride keeps some of the rows", () => {
  const padded = sharedPlaces([4, 4], [3, 3], [1, 1], [1, 1]).places;
  assert.equal(weightCounts(padded, [3, 3]).local, (2 + 3 + 3 + 2) ** 2); // 100, as the chapter counts them
  const strided = sharedPlaces([4, 4], [3, 3], [2, 2], [1, 1]).places;
  assert.deepEqual(
    strided,
    [0, 2, 8, 10].map((row) => padded[row]),
  );
  assert.equal(weightCounts(strided, [3, 3]).local, 25); // the number in the chapter's caption
});

test("every row holds the same weights in the same order, up to a shift", () => {
  for (const [input, kernel] of [
    [
      [1, 9],
      [1, 4],
    ],
    [
      [5, 6],
      [3, 2],
    ],
  ]) {
    for (const row of sharedPlaces(input, kernel).places) {
      assert.deepEqual(
        row.filter((k) => k >= 0),
        Array.from({ length: kernel[0] * kernel[1] }, (_, k) => k),
      );
    }
  }
});

test("a kernel that doesn't fit is refused", () => {
  assert.throws(() => sharedPlaces([1, 2], [1, 3]), RangeError);
});
