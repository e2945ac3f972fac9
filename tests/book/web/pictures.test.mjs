import assert from "node:assert/strict";
import { test } from "node:test";
import { chelsea } from "../../../book/_static/live/maths/chelsea.mjs";
import {
  brightness,
  filtered,
  KERNELS,
  limitOf,
  response,
  signedColour,
  signedGrey,
  weightSum,
  windowAt,
} from "../../../book/_static/live/maths/pictures.mjs";

const step = { width: 4, height: 3, values: Float64Array.from([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]) };
const rows = ({ width, values }) => Array.from({ length: values.length / width }, (_, r) => [...values.slice(r * width, (r + 1) * width)]);

test("an edge from dark to bright, by hand", () => {
  const window = windowAt(step, KERNELS["sobel-x"], 1, 1, "zeros");
  assert.deepEqual(window, [
    [0, 0, 1],
    [0, 0, 1],
    [0, 0, 1],
  ]);
  assert.equal(response(window, KERNELS["sobel-x"]), 1 * 1 + 2 * 1 + 1 * 1);
  assert.deepEqual(rows(filtered(step, KERNELS["sobel-x"], "nearest"))[1], [0, 4, 4, 0]);
});

test("zeros around the picture are an edge, the nearest pixel is none", () => {
  assert.equal(rows(filtered(step, KERNELS["sobel-x"], "zeros"))[1][3], -(1 + 2 + 1));
  assert.equal(rows(filtered(step, KERNELS["sobel-x"], "nearest"))[1][3], 0);
});

test("the whole result is the response at every pixel, for kernels of any size", () => {
  const small = { width: 5, height: 4, values: Float64Array.from({ length: 20 }, (_, i) => (7 * i) % 11) };
  for (const [rows_, columns] of [
    [1, 1],
    [1, 4],
    [2, 3],
    [4, 1],
    [5, 7],
  ]) {
    const kernel = Array.from({ length: rows_ }, (_, l) => Array.from({ length: columns }, (_, m) => l - 2 * m + 1));
    for (const border of ["zeros", "nearest"]) {
      const expected = Array.from(small.values, (_, i) => response(windowAt(small, kernel, Math.floor(i / 5), i % 5, border), kernel));
      assert.deepEqual([...filtered(small, kernel, border).values], expected);
    }
  }
});

test("the weights of blur, sharpen, identity and emboss add up to one, those of detectors to zero", () => {
  for (const name of ["blur", "sharpen", "identity", "emboss"]) assert.ok(Math.abs(weightSum(KERNELS[name]) - 1) < 1e-9, name);
  for (const name of ["sobel-x", "sobel-y", "laplacian", "outline"]) assert.equal(weightSum(KERNELS[name]), 0, name);
});

test("the identity leaves a picture as it is; an even kernel has its middle before the half", () => {
  assert.deepEqual(filtered(step, KERNELS.identity, "zeros").values, step.values);
  assert.deepEqual(
    windowAt(
      step,
      [
        [1, 1],
        [1, 1],
      ],
      0,
      1,
      "zeros",
    ),
    [
      [0, 1],
      [0, 1],
    ],
  );
});

test("zero lies in the middle of the signed scales", () => {
  assert.equal(signedGrey(0, 4), 128);
  assert.deepEqual([signedGrey(-4, 4), signedGrey(4, 4), signedGrey(9, 4)], [0, 255, 255]);
  assert.deepEqual(signedColour(0, 1), [255, 255, 255]);
  assert.deepEqual([brightness(-1), brightness(0.5), brightness(2)], [0, 128, 255]);
  const [red, , blue] = signedColour(-1, 1);
  assert.ok(blue > red && signedColour(1, 1)[0] > signedColour(1, 1)[2]);
});

test("the scale leaves out the most extreme pixels, and is never zero", () => {
  assert.equal(limitOf({ values: Float64Array.from([...Array(99).fill(-2), 50]) }), 2);
  assert.equal(limitOf({ values: new Float64Array(10) }), 1);
  assert.equal(limitOf({ values: Float64Array.from([...Array(99).fill(0), 50]) }), 50);
});

test("the cat is 120 by 120 pixels between black and white", () => {
  assert.deepEqual([chelsea.width, chelsea.height, chelsea.values.length], [120, 120, 120 * 120]);
  assert.ok(chelsea.values.every((value) => value >= 0 && value <= 1));
});
