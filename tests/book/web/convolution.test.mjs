import assert from "node:assert/strict";
import { test } from "node:test";
import { convolve, correlate, entry, outputShape, products, turned } from "../../../book/_static/live/maths/convolution.mjs";

const x = [
  [4, 5, 8, 7],
  [1, 8, 8, 8],
  [3, 6, 6, 4],
  [6, 5, 7, 8],
];
const w = [
  [1, 4, 1],
  [1, 4, 3],
  [3, 3, 1],
];
const near = (actual, expected) => {
  assert.equal(actual.length, expected.length);
  actual.forEach((row, r) =>
    row.forEach((value, c) => assert.ok(Math.abs(value - expected[r][c]) < 1e-9, `${r}, ${c}: ${value}, not ${expected[r][c]}`)),
  );
};

test("one number is the sum of nine products", () => {
  assert.equal(entry(x, w, [0, 0]), 4 * 1 + 5 * 4 + 8 * 1 + 1 * 1 + 8 * 4 + 8 * 3 + 3 * 3 + 6 * 3 + 6 * 1);
  assert.deepEqual(
    products(x, w, [0, 1])[2].map(({ product }) => product),
    [6 * 3, 6 * 3, 4 * 1],
  );
});

test("the worked example of the chapter, correlated and convolved", () => {
  near(correlate(x, w), [
    [122, 148],
    [126, 134],
  ]);
  near(convolve(x, w), [
    [119, 148],
    [121, 143],
  ]);
});

test("the vertical-edge detector of the 6×6 picture", () => {
  const six = [
    [0.1, 0.2, 0.1, 0.1, 0, 0],
    [0.8, 0.9, 1, 1, 0.9, 0],
    [1, 1, 1, 1, 1, 1],
    [0.9, 1, 1, 0.8, 1, 0.6],
    [0, 0.1, 0.1, 0.2, 0, 0.1],
    [0, 0.8, 1, 0.9, 0.6, 0.2],
  ];
  const edges = [
    [1, 0, -1],
    [1, 0, -1],
    [1, 0, -1],
  ];
  near(correlate(six, edges), [
    [-0.2, 0, 0.2, 1.1],
    [-0.3, 0.1, 0.1, 1.2],
    [-0.2, 0.1, 0.1, 0.3],
    [-1.2, 0, 0.5, 1],
  ]);
});

test("padding, bias: the example with sizes kept", () => {
  const picture = [
    [0.5, -0.1, 0.2, 0.3, 0.5],
    [0.8, 0.1, -0.5, 0.5, 0.1],
    [-1, 0.2, 0, 0.3, -0.2],
    [0.7, 0.1, 0.2, -0.6, 0.3],
    [-0.4, 0, 0.2, 0.3, -0.3],
  ];
  const kernel = [
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ];
  near(correlate(picture, kernel, { bias: 0.05 }), [
    [-0.35, 1.35, 0.75],
    [-0.55, 0.85, 0.05],
    [0.75, 0.05, 1.15],
  ]);
  near(correlate(picture, kernel, { bias: 0.05, padding: 1 }), [
    [0.75, 1.65, -0.15, 0.75, 0.95],
    [-0.45, -0.35, 1.35, 0.75, 1.15],
    [1.85, -0.55, 0.85, 0.05, 0.15],
    [-1.05, 0.75, 0.05, 1.15, -0.75],
    [0.85, 0.15, -0.05, -0.35, 0.65],
  ]);
  assert.deepEqual(turned(kernel), kernel); // which is why it can't tell correlation from convolution
});

test("a single bright pixel: convolution stamps the kernel, correlation stamps it turned", () => {
  const kernel = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  const point = [
    [0, 0, 0, 0, 0],
    [0, 0, 1, 0, 0],
    [0, 0, 0, 0, 0],
  ];
  assert.deepEqual(convolve(point, kernel), [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.deepEqual(correlate(point, kernel), [
    [6, 5, 4],
    [3, 2, 1],
  ]);
});

test("stride keeps every second number, dilation pulls the weights apart", () => {
  const ramp = [[0, 1, 2, 3, 4, 5, 6]];
  assert.deepEqual(correlate(ramp, [[1, 1]], { stride: 2 }), [[0 + 1, 2 + 3, 4 + 5]]);
  assert.deepEqual(correlate(ramp, [[1, 10]], { dilation: 3 }), [[0 + 30, 1 + 40, 2 + 50, 3 + 60]]);
});

test("a window that doesn't fit is refused", () => {
  assert.throws(() => outputShape([[1, 2, 3]], [[1], [1]]), { name: "RangeError", message: /^Rows: A window of 2/ });
  assert.throws(() => correlate([[1, 2, 3]], [[1, 1]], { dilation: 3 }), /^RangeError: Columns: A window of 4/);
});
