// LeNet-5, number by number: what each layer makes of a picture. A stack of maps is { count, side, values }: map after
// map, each its rows one after another. The layers are PyTorch's Conv2d, ReLU, MaxPool2d(2) and Linear.

import { scalesAndBiases, shapes, weights } from "./lenet_trained.mjs";
import { softmax } from "./softmax.mjs";

/** @typedef {{ count: number, side: number, values: Float64Array }} Maps */
/** @typedef {{ shape: number[], weights: Float64Array, biases: Float64Array }} Layer  a unit's weights stand together */

const product = (numbers) => numbers.reduce((all, one) => all * one, 1);

/** The layers with weights as they are stored: each whole number times the scale of its unit. @returns {Layer[]} */
export function stored() {
  let [first, fact] = [0, 0];
  return shapes.map((shape) => {
    const [units, each] = [shape[0], product(shape.slice(1))];
    const [from, facts] = [first, fact];
    [first, fact] = [first + units * each, fact + 2 * units];
    const weight = (_, index) => weights[from + index] * scalesAndBiases[facts + Math.floor(index / each)];
    return {
      shape,
      weights: Float64Array.from({ length: units * each }, weight),
      biases: Float64Array.from(scalesAndBiases.subarray(facts + units, facts + 2 * units)),
    };
  });
}

/** The maps with `padding` zeros around each. @returns {Maps} */
export function padded({ count, side, values }, padding) {
  const wide = side + 2 * padding;
  const result = new Float64Array(count * wide * wide);
  for (let row = 0; row < count * side; row++) {
    const [map, r] = [Math.floor(row / side), row % side];
    result.set(values.subarray(row * side, (row + 1) * side), (map * wide + r + padding) * wide + padding);
  }
  return { count, side: wide, values: result };
}

/**
 * A convolution with stride 1: the bias, and for each map and place under the filter a product.
 * @param {Maps} maps
 * @param {Layer} layer  its shape is [filters, maps, rows, columns]
 * @returns {Maps}
 */
export function convolution(maps, { shape, weights: w, biases }, padding = 0) {
  const { side: wide, values } = padded(maps, padding);
  const [filters, depth, size] = shape;
  const side = wide - size + 1;
  const result = new Float64Array(filters * side * side);
  for (let f = 0; f < filters; f++) {
    const map = result.subarray(f * side * side, (f + 1) * side * side).fill(biases[f]);
    for (let k = 0; k < depth * size * size; k++) {
      const [d, l, m] = [Math.floor(k / (size * size)), Math.floor(k / size) % size, k % size];
      const weight = w[f * depth * size * size + k];
      for (let i = 0; i < side; i++) {
        const from = (d * wide + i + l) * wide + m;
        for (let j = 0; j < side; j++) map[i * side + j] += weight * values[from + j];
      }
    }
  }
  return { count: filters, side, values: result };
}

/** What is negative becomes zero. */
export const relu = (values) => values.map((value) => Math.max(value, 0));

/** The largest of each 2 × 2 places, without overlap. @param {Maps} maps @returns {Maps} */
export function pooled({ count, side, values }) {
  const half = side / 2;
  const largest = (_, index) => {
    const [row, column] = [Math.floor(index / half), index % half];
    const at = 2 * row * side + 2 * column; // rows of all maps are counted through
    return Math.max(values[at], values[at + 1], values[at + side], values[at + side + 1]);
  };
  return { count, side: half, values: Float64Array.from({ length: count * half * half }, largest) };
}

/** A fully connected layer. @param {Float64Array} x @param {Layer} layer */
export const linear = (x, { weights: w, biases }) =>
  biases.map((bias, unit) => x.reduce((sum, value, index) => sum + w[unit * x.length + index] * value, bias));

const activated = (maps) => ({ ...maps, values: relu(maps.values) });

/**
 * What the network makes of a picture of 28 × 28 pixels, paper 0 and ink 1.
 * @param {Float64Array} picture
 * @param {Layer[]} layers
 * @returns {{ first: Maps, second: Maps, logits: number[], p: number[] }} the maps of both convolutions after ReLU, the ten scores and their softmax
 */
export function read(picture, layers) {
  const first = activated(convolution({ count: 1, side: 28, values: picture }, layers[0], 2));
  const second = activated(convolution(pooled(first), layers[1]));
  const hidden = relu(linear(relu(linear(pooled(second).values, layers[2])), layers[3]));
  const logits = [...linear(hidden, layers[4])];
  return { first, second, logits, p: softmax(logits).p };
}
