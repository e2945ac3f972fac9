import assert from "node:assert/strict";
import { test } from "node:test";
import { fields, formatStack, inputWindow, lengths, parseStack, reads } from "../../../book/_static/live/maths/fields.mjs";

const tutorial = parseStack("5 2; 2");

test("the two layers of the tutorial, by hand", () => {
  const [, first, second] = fields(tutorial);
  assert.deepEqual(first, { size: 1 + 1 * (5 - 1) * 1, jump: 1 * 2, start: 0 });
  assert.deepEqual(second, { size: 5 + 1 * (2 - 1) * 2, jump: 2 * 1, start: 0 });
  assert.deepEqual(inputWindow(second, 1), { start: 2, stop: 9, centre: 5 });
  assert.deepEqual(lengths(tutorial, 9), [9, 3, 2]);
  assert.deepEqual(reads(tutorial, 2, 0, [9, 3, 2]), [[0, 1, 2, 3, 4, 5, 6], [0, 1], [0]]);
});

test("padding moves windows and does not widen them", () => {
  const [plain, padded] = ["3; 3 2", "3 1 1; 3 2 2"].map((text) => fields(parseStack(text)).at(-1));
  assert.equal(plain.size, padded.size);
  assert.equal(padded.start, -(1 * 1 + 2 * 1));
});

test("dilations that double see as far as strides, with holes where they don't start at one", () => {
  assert.equal(fields(parseStack("3 1 0 1; 3 1 0 2; 3 1 0 4")).at(-1).size, 1 + 2 * (1 + 2 + 4));
  assert.deepEqual(reads(parseStack("3 1 0 2; 3 1 0 2"), 2, 0, [20, 16, 12])[0], [0, 2, 4, 6, 8]);
});

test("formula and sets agree on many stacks", () => {
  let seed = 1;
  const draw = (least, most) => ((seed = (seed * 48271) % 2147483647), least + (seed % (most - least + 1)));
  for (let round = 0; round < 500; round++) {
    const layers = Array.from({ length: draw(1, 5) }, () => ({ kernel: draw(1, 5), stride: draw(1, 3), padding: 0, dilation: draw(1, 3) }));
    const unit = draw(0, 4);
    const everything = layers.map(() => Infinity);
    const seen = reads(layers, layers.length, unit, [Infinity, ...everything])[0];
    const { start, stop } = inputWindow(fields(layers).at(-1), unit);
    assert.deepEqual([seen[0], seen.at(-1) + 1], [start, stop], formatStack(layers));
  }
});

test("nothing is read through padding", () => {
  const layers = parseStack("3 1 1; 3 1 1");
  assert.deepEqual(reads(layers, 2, 0, lengths(layers, 5)), [[-1, 0, 1, 2], [-1, 0, 1], [0]]);
});

test("a stack that doesn't fit names its layer", () => {
  assert.throws(() => lengths(parseStack("3 2; 3 2"), 5), {
    name: "RangeError",
    message: /^Layer 2: A window of 3 doesn't fit an input of 2/,
  });
});

test("a stack reads back from its text", () => {
  assert.equal(formatStack(parseStack("5, 2; 3 1 1 2")), "5 2 0 1; 3 1 1 2");
  assert.throws(() => parseStack("0"), /Layer 1: expected kernel from 1 to 9, not “0”/);
  assert.throws(() => parseStack("3; 3 1 0 1 1"), /Layer 2: expected at most four numbers/);
  assert.throws(() => parseStack("3 x"), /expected stride/);
  assert.throws(() => parseStack(""), /1 to 6 of them, not 0/);
});
