import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, crossEntropy, gradient, inBits, softmax } from "../../../book/_static/live/maths/softmax.mjs";

const close = (a, b, tolerance = 1e-12) => assert.ok(Math.abs(a - b) <= tolerance, `${a} against ${b}`);
const SLIDES = [0.66, 0.24, 0.1].map(Math.log);

test("softmax by hand", () => {
  const { exponentials, sum, p } = softmax([Math.log(2), 0, 0], { stable: false });
  // 2, 1, 1 of 4
  exponentials.forEach((value, i) => close(value, [2, 1, 1][i]));
  close(sum, 4);
  p.forEach((value, i) => close(value, [0.5, 0.25, 0.25][i]));
});

test("the slides' example: 0.416 nats, 0.599 bits, gradient −0.34, 0.24, 0.10", () => {
  const { p } = softmax(SLIDES);
  close(crossEntropy(SLIDES, 0), 0.416, 5e-4);
  close(inBits(crossEntropy(SLIDES, 0)), 0.599, 5e-4);
  gradient(p, 0).forEach((value, i) => close(value, [-0.34, 0.24, 0.1][i]));
  close(inBits(crossEntropy(SLIDES, 2)), 3.322, 5e-4); // the right class got 0.10
});

test("adding a constant changes nothing, dividing by T is multiplying by 1/T", () => {
  const z = [2, 1, -3];
  const p = softmax(z).p;
  softmax(changed(z, { shift: 1000 })).p.forEach((value, i) => close(value, p[i], 1e-12));
  assert.deepEqual(changed(z, { temperature: 0.5 }), changed(z, { scale: 2 }));
});

test("by the book it overflows above 709 in 64 bits and above 88 in 32; the stable form doesn't", () => {
  assert.ok(softmax([709, 0], { stable: false }).p.every(Number.isFinite));
  assert.ok(Number.isNaN(softmax([710, 0], { stable: false }).p[0]));
  assert.ok(softmax([88, 0], { stable: false, bits: 32 }).p.every(Number.isFinite));
  assert.ok(Number.isNaN(softmax([89, 0], { stable: false, bits: 32 }).p[0]));
  assert.deepEqual(softmax([1000, 1000], { bits: 32 }).p, [0.5, 0.5]);
});

test("the logarithm of a probability rounded to 0 is infinite, the stable form knows better", () => {
  assert.equal(crossEntropy([0, -800], 1, { stable: false }), Infinity);
  assert.equal(crossEntropy([0, -800], 1), 800);
});

test("probabilities add up to 1 and gradients to 0, and the gradient is the slope of the loss", () => {
  const z = [0.3, -1.2, 2.5, 0.7];
  const { p } = softmax(z);
  const slopes = gradient(p, 1);
  close(
    p.reduce((a, b) => a + b),
    1,
  );
  close(
    slopes.reduce((a, b) => a + b),
    0,
  );
  slopes.forEach((slope, i) => {
    const at = (d) =>
      crossEntropy(
        z.map((value, k) => value + (k === i ? d : 0)),
        1,
      );
    close((at(1e-5) - at(-1e-5)) / 2e-5, slope, 1e-9);
  });
});
