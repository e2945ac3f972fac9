// What a stack of layers does to sizes, and what it costs. A layer is written in a few words and read back:
//
//   conv 6 5 p2        6 filters of 5 × 5, padding 2 (also s: stride, d: dilation, g: groups, nobias)
//   max 3 s2, avg 2    pooling over 3 × 3 with stride 2; over 2 × 2, the stride being the window if not said
//   flatten            all maps in one row of numbers
//   linear 120         fully connected to 120 units; `in256` says for how many numbers it was built, `nobias`
//
// Layers are separated by semicolons. A shape is [channels, height, width], or [numbers] once flat. Sources: sizes as
// in windows.mjs; a filter has F·F weights for each channel that it reads, and a bias.

import { outputSize } from "./windows.mjs";

export const KINDS = {
  conv: {
    words: "convolution",
    plain: ["filters", "kernel"],
    marked: { s: "stride", p: "padding", d: "dilation", g: "groups" },
    bias: true,
  },
  max: { words: "max pooling", plain: ["kernel"], marked: { s: "stride", p: "padding" } },
  avg: { words: "average pooling", plain: ["kernel"], marked: { s: "stride", p: "padding" } },
  flatten: { words: "flatten", plain: [], marked: {} },
  linear: { words: "fully connected", plain: ["units"], marked: { in: "inputs" }, bias: true },
};
const LIMITS = {
  filters: [1, 9999],
  kernel: [1, 99],
  stride: [1, 99],
  padding: [0, 99],
  dilation: [1, 99],
  groups: [1, 9999],
  units: [1, 99999],
  inputs: [0, 9999999],
};
const MOST_LAYERS = 40;

/** Smallest and largest value of a part of a layer. */
export const limits = (part) => LIMITS[part];

/** What a part is if it isn't said. */
export function standard(layer, part) {
  if (part === "stride") return layer.kind === "conv" ? 1 : layer.kernel;
  return { padding: 0, dilation: 1, groups: 1, inputs: 0 }[part];
}

/** The names of a kind's parts, bias apart. */
export const parts = (kind) => [...KINDS[kind].plain, ...Object.values(KINDS[kind].marked)];

/** A stack from its text. @throws {Error} that says which layer can't be read and why. */
export function parseLayers(text) {
  const layers = text
    .split(";")
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one, index) => parseLayer(one, index + 1));
  if (!layers.length || layers.length > MOST_LAYERS) throw new Error(`Layers: expected 1 to ${MOST_LAYERS} of them, not ${layers.length}`);
  return layers;
}

function parseLayer(text, place) {
  const [kind, ...words] = text.split(/\s+/);
  if (!Object.hasOwn(KINDS, kind)) throw new Error(`Layer ${place}: expected ${Object.keys(KINDS).join(", ")}, not “${text}”`);
  const { plain, marked, bias } = KINDS[kind];
  const layer = { kind, ...(bias && { bias: !words.includes("nobias") }) };
  const numbers = words.filter((word) => word !== "nobias" || !bias);
  plain.forEach((part, index) => (layer[part] = read(numbers[index], part, text, place)));
  for (const word of numbers.slice(plain.length)) {
    const [, mark, digits] = word.match(/^([a-z]+)(\d+)$/) ?? [];
    if (!Object.hasOwn(marked, mark ?? "")) throw new Error(`Layer ${place}: “${word}” of “${text}” can't be read`);
    layer[marked[mark]] = read(digits, marked[mark], text, place);
  }
  for (const part of Object.values(marked)) layer[part] ??= standard(layer, part);
  return layer;
}

function read(digits, part, text, place) {
  const [least, most] = LIMITS[part];
  const value = Number(digits ?? NaN);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`Layer ${place}, “${text}”: expected ${part} from ${least} to ${most}`);
  return value;
}

/** The text of one layer, with nothing that goes without saying. */
export function formatLayer(layer) {
  const { plain, marked } = KINDS[layer.kind];
  const said = Object.entries(marked).filter(([, part]) => layer[part] !== standard(layer, part));
  return [
    layer.kind,
    ...plain.map((part) => layer[part]),
    ...said.map(([mark, part]) => mark + layer[part]),
    ...(layer.bias === false ? ["nobias"] : []),
  ].join(" ");
}

/** The text of a stack; `parseLayers` reads it back. */
export const formatLayers = (layers) => layers.map(formatLayer).join("; ");

/** @throws {RangeError} if the layers can't take what arrives; the message says why. */
const RULES = { conv: convolution, max: pooling, avg: pooling, flatten, linear };

function convolution({ filters, kernel, stride, padding, dilation, groups, bias }, shape) {
  const [channels, height, width] = maps(shape);
  if (channels % groups || filters % groups)
    throw new RangeError(`${channels} channels and ${filters} filters can't both be split into ${groups} groups.`);
  const [h, w] = [height, width].map((n) => outputSize(n, kernel, stride, padding, dilation));
  const reads = channels / groups; // channels that each filter reads
  const one = `${written(reads)}·${kernel}·${kernel}`;
  return {
    shape: [filters, h, w],
    size: sizes([height, width], [h, w], (n, to) => `⌊(${n} + 2·${padding} − ${dilation}·(${kernel} − 1) − 1) / ${stride}⌋ + 1 = ${to}`),
    parameters: filters * (reads * kernel * kernel + (bias ? 1 : 0)),
    counted: bias ? `${written(filters)}·(${one} + 1)` : `${written(filters)}·${one}`,
    operations: filters * h * w * reads * kernel * kernel,
    work: `${written(filters)}·${h}·${w}·${one}`,
  };
}

function pooling({ kernel, stride, padding }, shape) {
  const [channels, height, width] = maps(shape);
  if (2 * padding > kernel) throw new RangeError(`A padding of ${padding} is more than half of the window of ${kernel}.`);
  const [h, w] = [height, width].map((n) => outputSize(n, kernel, stride, padding));
  const size = sizes([height, width], [h, w], (n, to) => `⌊(${n} + 2·${padding} − ${kernel}) / ${stride}⌋ + 1 = ${to}`);
  return { ...free, shape: [channels, h, w], size };
}

function flatten(_, shape) {
  const count = shape.reduce((product, side) => product * side, 1);
  return { ...free, shape: [count], size: `${shape.map(written).join("·")} = ${written(count)}` };
}

function linear({ units, inputs, bias }, shape) {
  if (shape.length > 1) throw new RangeError(`Maps of ${shape.join(" × ")} arrive: put a flatten in front.`);
  const [count] = shape;
  if (inputs && inputs !== count) throw new RangeError(`${written(count)} numbers arrive, but it was built for ${written(inputs)}.`);
  const weights = `${written(units)}·${written(count)}`;
  return {
    shape: [units],
    size: `${written(units)} units`,
    parameters: units * count + (bias ? units : 0),
    counted: bias ? `${written(units)}·(${written(count)} + 1)` : weights,
    operations: units * count,
    work: weights,
  };
}

const free = { parameters: 0, counted: "nothing to learn", operations: 0, work: "no multiplication" };

function maps(shape) {
  if (shape.length === 1) throw new RangeError(`${written(shape[0])} numbers in a row arrive, but it needs maps with rows and columns.`);
  return shape;
}

/** One line if height and width are alike, otherwise one for each. */
function sizes(from, to, formula) {
  if (from[0] === from[1]) return formula(from[0], to[0]);
  return `height ${formula(from[0], to[0])}; width ${formula(from[1], to[1])}`;
}

/** A whole number with commas between thousands. */
export const written = (number) => number.toLocaleString("en-US");

/**
 * What comes out of each layer: `{ shape, size, parameters, counted, operations, work }`, where `size`, `counted` and
 * `work` are the sums behind shape, parameters and multiply–accumulates (for one picture; biases not counted).
 * One after the other, so that whoever reads on after an error has what came before it.
 * @throws {RangeError} that names the layer which doesn't fit.
 */
export function* through(layers, shape) {
  for (const [index, layer] of layers.entries()) {
    try {
      const after = RULES[layer.kind](layer, shape);
      shape = after.shape;
      yield after;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(`Layer ${index + 1} (${KINDS[layer.kind].words}) doesn't fit. ${error.message}`);
    }
  }
}

/** Parameters and multiply–accumulates of layers that `through` has gone through. */
export const totals = (steps) => ({
  parameters: steps.reduce((sum, { parameters }) => sum + parameters, 0),
  operations: steps.reduce((sum, { operations }) => sum + operations, 0),
});

const group = (count, filters) => Array(count).fill(`conv ${filters} 3 p1`).join("; ") + "; max 2; ";
const classifier = "flatten; linear 4096; linear 4096; linear 1000";
const lecture = [32, 64, 128, 256, 128, 64, 32, 16].map(
  (filters, index) => `conv ${filters} 3${index % 2 ? `; max ${index === 1 ? 2 : 1}` : ""}`,
);

/** Networks of the course: the shape of their pictures, their layers. */
export const PRESETS = {
  lenet: {
    words: "LeNet-5",
    shape: [1, 28, 28],
    layers: "conv 6 5 p2; max 2; conv 16 5; max 2; flatten; linear 120; linear 84; linear 10",
  },
  alexnet: {
    words: "AlexNet (torchvision)",
    shape: [3, 224, 224],
    layers: `conv 64 11 s4 p2; max 3 s2; conv 192 5 p2; max 3 s2; conv 384 3 p1; conv 256 3 p1; conv 256 3 p1; max 3 s2; ${classifier}`,
  },
  groups: {
    words: "AlexNet (2012, two groups)",
    shape: [3, 227, 227],
    layers: `conv 96 11 s4; max 3 s2; conv 256 5 p2 g2; max 3 s2; conv 384 3 p1; conv 384 3 p1 g2; conv 256 3 p1 g2; max 3 s2; ${classifier}`,
  },
  vgg: {
    words: "VGG-16",
    shape: [3, 224, 224],
    layers: group(2, 64) + group(2, 128) + group(3, 256) + group(3, 512) + group(3, 512) + classifier,
  },
  tutorial: {
    words: "Tutorial network (does it fit?)",
    shape: [1, 28, 28],
    layers: "conv 16 3; max 2; conv 32 3; max 2; conv 64 3; max 2; flatten; linear 128 in256; linear 10",
  },
  lecture: { words: "Lecture network", shape: [3, 32, 32], layers: `${lecture.join("; ")}; flatten; linear 32 in64; linear 16; linear 10` },
  digits: { words: "Two convolutions for digits", shape: [1, 28, 28], layers: "conv 10 5; max 2; conv 20 5; max 2; flatten; linear 10" },
};
