// Kernels on grey pictures. A picture is { width, height, values }: its rows one after another, 0 black to 1 white.

/** The kernels of the chapter (its cell `kernels`) and three more; each is a matrix of weights. */
export const KERNELS = {
  identity: [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ],
  blur: Array.from({ length: 5 }, () => Array(5).fill(0.04)),
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  "sobel-x": [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  "sobel-y": [
    [1, 2, 1],
    [0, 0, 0],
    [-1, -2, -1],
  ],
  laplacian: [
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ],
  outline: [
    [-1, -1, -1],
    [-1, 8, -1],
    [-1, -1, -1],
  ],
  emboss: [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ],
};

/** What all weights add up to: 1 keeps the brightness of an even patch, 0 answers nothing there. */
export const weightSum = (kernel) => kernel.flat().reduce((sum, weight) => sum + weight, 0);

const within = (index, length) => Math.min(Math.max(index, 0), length - 1);

/** One pixel; outside the picture lie zeros, or the nearest pixel continues. */
function pixel({ width, height, values }, row, column, border) {
  const [r, c] = [within(row, height), within(column, width)];
  const inside = r === row && c === column;
  return inside || border === "nearest" ? values[r * width + c] : 0;
}

/** How many rows and columns of a kernel lie before its middle; a side of even length has it before the half. */
export const before = (kernel) => [Math.floor((kernel.length - 1) / 2), Math.floor((kernel[0].length - 1) / 2)];

/** The pixels under the kernel when its middle lies on (row, column), in rows like the kernel. */
export function windowAt(picture, kernel, row, column, border) {
  const [above, left] = before(kernel);
  return kernel.map((line, l) => line.map((_, m) => pixel(picture, row - above + l, column - left + m, border)));
}

/** One number of the result: the pixels under the kernel times its weights, added up (cross-correlation). */
export const response = (window, kernel) =>
  kernel.reduce((sum, line, l) => line.reduce((inner, weight, m) => inner + weight * window[l][m], sum), 0);

/**
 * The whole picture under a kernel, as large as before: `response` of `windowAt` for every pixel. The pixels around
 * the picture are laid out once, so that the loops only multiply and add.
 */
export function filtered(picture, kernel, border) {
  const { width, height } = picture;
  const [above, left] = before(kernel);
  const [side, across] = [kernel.length, kernel[0].length];
  const wide = Array.from({ length: height + side - 1 }, (_, r) =>
    Float64Array.from({ length: width + across - 1 }, (_, c) => pixel(picture, r - above, c - left, border)),
  );
  const values = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let l = 0; l < side; l++) for (let m = 0; m < across; m++) sum += kernel[l][m] * wide[row + l][column + m];
      values[row * width + column] = sum;
    }
  }
  return { ...picture, values };
}

/**
 * A scale with zero in the middle: the absolute value that 98 % of the pixels don't exceed, so that a few extreme
 * ones may saturate and the others show; 1 for a picture that is zero nearly everywhere.
 */
export function limitOf({ values }) {
  const sizes = Float64Array.from(values, Math.abs).sort();
  return sizes[Math.floor(0.98 * (sizes.length - 1))] || sizes.at(-1) || 1;
}

/** Grey of a pixel, 0 to 255, if black is 0 and white is 1; what lies beyond is cut off. */
export const brightness = (value) => Math.round(255 * Math.min(Math.max(value, 0), 1));

/** Grey of a signed number: zero is the middle, −limit black, +limit white. */
export const signedGrey = (value, limit) => brightness(0.5 + value / (2 * limit));

/** Colour [red, green, blue] of a signed number: zero is white, negative blue, positive red, as in the book's figures. */
export function signedColour(value, limit) {
  const part = Math.min(Math.abs(value) / limit, 1);
  const end = value < 0 ? [5, 48, 97] : [150, 20, 20];
  return end.map((channel) => Math.round(255 + (channel - 255) * part));
}
