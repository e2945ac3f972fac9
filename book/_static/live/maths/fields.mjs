// Receptive fields along one axis. A layer is { kernel, stride, padding, dilation }; lengths count inputs.
// Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.

import { outputSize, positions } from "./windows.mjs";

/**
 * Field r, jump j and the start of unit 0's window behind each layer, the input first (r = j = 1, start 0):
 * r ← r + d(k − 1)·j, start ← start − p·j, j ← j·s.
 * @returns {{ size: number, jump: number, start: number }[]} one more than there are layers
 */
export function fields(layers) {
  const found = [{ size: 1, jump: 1, start: 0 }];
  for (const { kernel, stride, padding, dilation } of layers) {
    const { size, jump, start } = found.at(-1);
    found.push({ size: size + dilation * (kernel - 1) * jump, jump: jump * stride, start: start - padding * jump });
  }
  return found;
}

/** The inputs that a unit sees, `stop` exclusive; below 0 and from the input's length on lies padding. */
export function inputWindow({ size, jump, start }, unit) {
  const first = start + unit * jump;
  return { start: first, stop: first + size, centre: first + (size - 1) / 2 };
}

/**
 * How many units each layer has, the input first.
 * @throws {RangeError} that names the layer in which no window fits.
 */
export function lengths(layers, inputs) {
  const found = [inputs];
  layers.forEach(({ kernel, stride, padding, dilation }, index) => {
    try {
      found.push(outputSize(found.at(-1), kernel, stride, padding, dilation));
    } catch (error) {
      throw new RangeError(`Layer ${index + 1}: ${error.message}`);
    }
  });
  return found;
}

/**
 * What a unit of layer `level` reads, layer by layer down to the input: `reads[m]` are the places in layer m, sorted.
 * Places outside a layer are its padding; nothing is read through them.
 * @param {number} level  0 is the input
 * @param {number[]} units  as `lengths` gives them
 */
export function reads(layers, level, unit, units) {
  const found = Array(level + 1);
  found[level] = [unit];
  for (let m = level; m > 0; m--) {
    const { kernel, stride, padding, dilation } = layers[m - 1];
    const there = found[m].filter((place) => place >= 0 && place < units[m]);
    const below = new Set(there.flatMap((place) => positions(place, kernel, stride, padding, dilation)));
    found[m - 1] = [...below].sort((a, b) => a - b);
  }
  return found;
}

const ROW = ["kernel", "stride", "padding", "dilation"];
const LIMITS = { kernel: [1, 9], stride: [1, 4], padding: [0, 8], dilation: [1, 8] };
export const MOST_LAYERS = 6;

/** Smallest and largest value of a part of a layer. */
export const limits = (part) => LIMITS[part];

/** A stack from text such as `5 2 0 1; 2 1`: kernel, stride 1, padding 0, dilation 1. @throws {Error} says what can't be read. */
export function parseStack(text) {
  const rows = text
    .split(";")
    .map((row) => row.trim())
    .filter(Boolean);
  if (!rows.length || rows.length > MOST_LAYERS) throw new Error(`Layers: expected 1 to ${MOST_LAYERS} of them, not ${rows.length}`);
  return rows.map((row, index) => {
    const numbers = row.split(/[\s,]+/);
    if (numbers.length > ROW.length) throw new Error(`Layer ${index + 1}: expected at most four numbers (${ROW.join(", ")}), not “${row}”`);
    return Object.fromEntries(ROW.map((part, place) => [part, read(numbers[place] ?? (place === 2 ? 0 : 1), part, index + 1)]));
  });
}

function read(text, part, place) {
  const [least, most] = LIMITS[part];
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`Layer ${place}: expected ${part} from ${least} to ${most}, not “${text}”`);
  return value;
}

/** The text that `parseStack` reads back. */
export const formatStack = (layers) => layers.map((layer) => ROW.map((part) => layer[part]).join(" ")).join("; ");
