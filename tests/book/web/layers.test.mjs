import assert from "node:assert/strict";
import { test } from "node:test";
import { formatLayer, formatLayers, parseLayers, PRESETS, through, totals } from "../../../book/_static/live/maths/layers.mjs";

const run = (text, shape) => [...through(parseLayers(text), shape)];
const of = (name) => run(PRESETS[name].layers, PRESETS[name].shape);

test("ten filters of 5 by 5 on a colour picture, by hand", () => {
  const [{ shape, size, parameters, counted, operations, work }] = run("conv 10 5 p2", [3, 32, 32]);
  assert.deepEqual(shape, [10, 32, 32]);
  assert.equal(size, "⌊(32 + 2·2 − 1·(5 − 1) − 1) / 1⌋ + 1 = 32");
  assert.equal(parameters, 10 * (3 * 5 * 5 + 1));
  assert.equal(parameters, 760);
  assert.equal(counted, "10·(3·5·5 + 1)");
  assert.equal(operations, 10 * 32 * 32 * 3 * 5 * 5);
  assert.equal(work, "10·32·32·3·5·5");
});

test("the worked sizes of the chapter", () => {
  const side = (text, n, channels = 1) => run(text, [channels, n, n])[0].shape[1];
  assert.deepEqual([side("conv 1 3", 7), side("conv 1 3 s2", 7), side("conv 1 3 s3", 7)], [5, 3, 2]);
  assert.deepEqual([side("conv 1 3", 12), side("conv 1 3 s2", 12), side("conv 1 3 d3", 12)], [10, 5, 6]);
  assert.deepEqual([side("conv 96 11 s4", 224, 3), side("conv 96 11 s4", 227, 3), side("conv 96 11 s4 p2", 224, 3)], [54, 55, 55]);
});

test("parameters of the classics", () => {
  const counts = { lenet: 61706, alexnet: 61100840, groups: 60965224, vgg: 138357544, lecture: 783114, digits: 8490 };
  for (const [name, count] of Object.entries(counts)) assert.equal(totals(of(name)).parameters, count, name);
  assert.deepEqual(of("vgg").find(({ shape }) => shape.length === 1).shape, [25088]);
});

test("each group reads its part of the channels", () => {
  const count = (text) => run(text, [4, 8, 8])[0].parameters;
  assert.deepEqual([count("conv 8 3"), count("conv 8 3 g2"), count("conv 8 3 g4")], [8 * (4 * 9 + 1), 8 * (2 * 9 + 1), 8 * (1 * 9 + 1)]);
  assert.equal(count("conv 8 3 nobias"), 8 * 4 * 9);
});

test("height and width go separately", () => {
  const [{ shape, size }] = run("conv 2 3 s2", [1, 5, 8]);
  assert.deepEqual(shape, [2, 2, 3]);
  assert.match(size, /^height .* = 2; width .* = 3$/);
});

test("the layer that doesn't fit is named", () => {
  const refused = (text, shape, message) =>
    assert.throws(
      () => run(text, shape),
      (error) => error instanceof RangeError && message.test(error.message),
    );
  refused(
    PRESETS.tutorial.layers,
    [1, 28, 28],
    /^Layer 8 \(fully connected\) doesn't fit\. 64 numbers arrive, but it was built for 256\.$/,
  );
  refused("max 2; conv 1 5", [1, 8, 8], /^Layer 2 \(convolution\) doesn't fit\. A window of 5 doesn't fit an input of 4/);
  refused("conv 4 3 g3", [3, 8, 8], /^Layer 1 .* 3 channels and 4 filters can't both be split into 3 groups/);
  refused("linear 3", [3, 8, 8], /Maps of 3 × 8 × 8 arrive: put a flatten in front/);
  refused("flatten; max 2", [3, 8, 8], /^Layer 2 \(max pooling\) .* 192 numbers in a row arrive/);
  refused("max 2 p2", [3, 8, 8], /more than half of the window/);
});

test("the tutorial network takes 30 to 37 pixels", () => {
  const fits = (n) => {
    try {
      return totals(run(PRESETS.tutorial.layers, [1, n, n])).parameters;
    } catch {
      return 0;
    }
  };
  const accepted = Array.from({ length: 80 }, (_, n) => n).filter((n) => n && fits(n));
  assert.deepEqual(accepted, [30, 31, 32, 33, 34, 35, 36, 37]);
  assert.equal(fits(32), 57482);
});

test("every stack reads back from its text, which says nothing twice", () => {
  for (const { layers } of Object.values(PRESETS)) assert.equal(formatLayers(parseLayers(layers)), layers);
  assert.equal(formatLayer(parseLayers("max 3 s3 p0")[0]), "max 3");
  assert.equal(formatLayer(parseLayers("conv 8 3 g2 d2 s1 nobias")[0]), "conv 8 3 d2 g2 nobias");
});

test("what can't be read is named", () => {
  assert.throws(() => parseLayers("conv 6 5; dense 3"), /Layer 2: expected conv, max, avg, flatten, linear, not “dense 3”/);
  assert.throws(() => parseLayers("conv 6"), /Layer 1, “conv 6”: expected kernel from 1 to 99/);
  assert.throws(() => parseLayers("conv 6 5 x2"), /“x2” of “conv 6 5 x2” can't be read/);
  assert.throws(() => parseLayers("max 2 nobias"), /“nobias”/);
  assert.throws(() => parseLayers("conv 6 5 s0"), /expected stride from 1/);
  assert.throws(() => parseLayers("toString 3"), /Layer 1: expected conv/);
  assert.throws(() => parseLayers(" ; "), /expected 1 to 40 of them, not 0/);
});
