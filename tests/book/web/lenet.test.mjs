import assert from "node:assert/strict";
import { test } from "node:test";
import { convolution, linear, padded, pooled, read, relu, stored } from "../../../book/_static/live/maths/lenet.mjs";
import { digits, measured } from "../../../book/_static/live/maths/lenet_trained.mjs";

const maps = (count, side, values) => ({ count, side, values: Float64Array.from(values) });

test("zeros stand around each map", () => {
  assert.deepEqual([...padded(maps(2, 1, [5, 7]), 1).values], [0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0]);
});

test("a convolution over two maps, by hand", () => {
  const layer = { shape: [1, 2, 2, 2], weights: Float64Array.from([1, 0, 0, 2, 0, 3, 0, 0]), biases: Float64Array.from([10]) };
  const result = convolution(maps(2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 0, 1, 0, 1, 0, 1, 0, 1]), layer);
  assert.deepEqual(result, maps(1, 2, [10 + 1 + 2 * 5 + 3 * 0, 10 + 2 + 2 * 6 + 3 * 1, 10 + 4 + 2 * 8 + 3 * 1, 10 + 5 + 2 * 9 + 3 * 0]));
});

test("pooling takes the largest of each four, map by map", () => {
  const two = maps(2, 4, [1, 2, 0, 0, 3, 4, 0, 9, 5, 5, 1, 1, 5, 6, 1, 2, ...Array(15).fill(-1), 8]);
  assert.deepEqual(pooled(two), maps(2, 2, [4, 9, 6, 2, -1, -1, -1, 8]));
});

test("a fully connected layer and ReLU, by hand", () => {
  const layer = { shape: [2, 3], weights: Float64Array.from([1, 2, 3, -1, 0, 0]), biases: Float64Array.from([0.5, 0]) };
  assert.deepEqual([...relu(linear(Float64Array.from([1, 1, 2]), layer))], [1 + 2 + 6 + 0.5, 0]);
});

test("the stored network has LeNet-5's shapes and parameters", () => {
  const layers = stored();
  assert.deepEqual(
    layers.map(({ shape }) => shape),
    [
      [6, 1, 5, 5],
      [16, 6, 5, 5],
      [120, 400],
      [84, 120],
      [10, 84],
    ],
  );
  const parameters = layers.reduce((sum, { weights, biases }) => sum + weights.length + biases.length, 0);
  assert.equal(parameters, measured.parameters);
  assert.ok(layers.every(({ weights, biases }) => weights.every(Number.isFinite) && biases.every(Number.isFinite)));
});

test("it makes 6 maps, 16 maps and ten probabilities of a picture", () => {
  const { first, second, logits, p } = read(
    Float64Array.from(digits[0].ink, (ink) => ink / 255),
    stored(),
  );
  assert.deepEqual([first.count, first.side, second.count, second.side, logits.length], [6, 28, 16, 10, 10]);
  assert.ok(Math.abs(p.reduce((sum, part) => sum + part, 0) - 1) < 1e-12);
});

test("there is a digit of each kind, and one that the network gets wrong", () => {
  assert.deepEqual(
    digits.map(({ name }) => name),
    [..."0123456789", "wrong"],
  );
  for (const { name, label, ink } of digits) {
    const { p } = read(
      Float64Array.from(ink, (one) => one / 255),
      stored(),
    );
    const best = p.indexOf(Math.max(...p));
    if (name === "wrong") assert.notEqual(best, label);
    else assert.equal(Number(name), label);
  }
});
