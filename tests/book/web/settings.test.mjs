import assert from "node:assert/strict";
import { test } from "node:test";
import { choice, fromQuery, grid, initialValues, number, text, toggle, toQuery } from "../../../book/_static/live/lib/settings.mjs";

const settings = {
  stride: number("Stride", { initial: 1, min: 1, max: 4 }),
  rate: number("Rate", { initial: 0.1, min: 0, step: 0.01 }),
  flip: toggle("Flip"),
  mode: choice("Mode", { initial: "valid", options: { valid: "valid", same: "same size" } }),
  kernel: grid("Kernel", {
    initial: [
      [1, 0],
      [0, -1],
    ],
    sizes: [1, 3],
  }),
};

test("every value reads back from its own text", () => {
  const values = { stride: 3, rate: 0.25, flip: true, mode: "same", kernel: [[0.5, -2, 3]] };
  for (const [name, value] of Object.entries(values)) assert.deepEqual(settings[name].parse(settings[name].format(value)), value);
});

test("what makes no sense is refused with what was expected and what came", () => {
  assert.throws(() => settings.stride.parse("0"), /Stride: expected a whole number from 1 to 4, not “0”/);
  assert.throws(() => settings.stride.parse("1.5"), /whole number/);
  assert.throws(() => settings.stride.parse(""), /whole number/);
  assert.throws(() => settings.rate.parse("fast"), /Rate: expected a number of at least 0, not “fast”/);
  assert.throws(() => settings.flip.parse("true"), /Flip: expected yes or no/);
  assert.throws(() => settings.mode.parse("full"), /Mode: expected valid, same, not “full”/);
  assert.throws(() => settings.mode.parse("toString"), /expected valid/);
  assert.throws(() => settings.kernel.parse("1 2;3"), /equally long rows, 1 to 3 numbers each way/);
  assert.throws(() => settings.kernel.parse("1 2 3 4"), /1 to 3 numbers/);
  assert.throws(() => settings.kernel.parse("1 x"), /Kernel: expected a number/);
  const layers = text("Layers", {
    initial: "a",
    read: (value) => {
      if (value !== "a") throw new Error("no layer");
    },
  });
  assert.throws(() => layers.parse("b"), /no layer/);
});

test("an address sets what it can and leaves the rest", () => {
  const query = "?conv.stride=2&other.stride=3&conv.flip=maybe&conv.unknown=1&conv.kernel=1+2%3B3+4";
  assert.deepEqual(fromQuery(settings, "conv", query), { stride: "2", kernel: "1 2;3 4" });
  const values = initialValues(settings, fromQuery(settings, "conv", query));
  assert.equal(values.stride, 2);
  assert.deepEqual(values.kernel, [
    [1, 2],
    [3, 4],
  ]);
  assert.equal(values.flip, false);
});

test("the address holds what differs from the start, and keeps what belongs to others", () => {
  const initial = initialValues(settings);
  const query = toQuery(settings, "conv", { ...initial, stride: 2 }, initial, "?other.x=1&conv.flip=yes");
  assert.deepEqual(
    [...new URLSearchParams(query)],
    [
      ["other.x", "1"],
      ["conv.stride", "2"],
    ],
  );
});
