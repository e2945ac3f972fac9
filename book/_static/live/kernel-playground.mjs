// Image kernels on a photograph: before and after, and the sum behind any single pixel.

import { html, shown } from "./lib/dom.mjs";
import { gridStyle, NumberGrid, sizeFields } from "./lib/grid.mjs";
import { choice, grid, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { chelsea } from "./maths/chelsea.mjs";
import {
  before,
  brightness,
  filtered,
  KERNELS,
  limitOf,
  response,
  signedColour,
  signedGrey,
  weightSum,
  windowAt,
} from "./maths/pictures.mjs";

const NAMES = {
  identity: "identity",
  blur: "blur",
  sharpen: "sharpen",
  "sobel-x": "vertical edges (Sobel x)",
  "sobel-y": "horizontal edges (Sobel y)",
  laplacian: "Laplacian",
  outline: "outline",
  emboss: "emboss",
};
const GROUNDS = {
  signed: "linear-gradient(to right, #000, #808080, #fff)",
  coloured: "linear-gradient(to right, rgb(5 48 97), #fff, rgb(150 20 20))",
};
const { width: WIDTH, height: HEIGHT } = chelsea;
const within = (index, length) => Math.min(Math.max(index, 0), length - 1);

export class KernelPlayground extends Visualiser {
  static title = "Kernels on a photograph";

  static settings = {
    kernel: grid("Kernel", { initial: KERNELS["sobel-x"], sizes: [1, 7] }),
    border: choice("Around the picture", { initial: "nearest", options: { nearest: "the nearest pixel", zeros: "zeros" } }),
    show: choice("Show the result", {
      initial: "auto",
      options: {
        auto: "as the weights add up",
        brightness: "as brightness, 0 to 1",
        signed: "signed: zero is grey",
        coloured: "signed: − blue, 0 white, + red",
      },
    }),
    row: number("Pixel row", { initial: 46, min: 0, max: HEIGHT - 1 }),
    column: number("Pixel column", { initial: 55, min: 0, max: WIDTH - 1 }),
  };

  static css = `${gridStyle}
    .pictures { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; max-width: 42rem; margin-bottom: 0.75rem; }
    .pictures figure { margin: 0; min-width: 0; }
    .pictures figcaption { font-weight: 600; padding-bottom: 0.2rem; }
    .plate { position: relative; overflow: hidden; cursor: crosshair; }
    canvas { display: block; width: 100%; image-rendering: pixelated; }
    .cross { position: absolute; border: 1px solid #000; outline: 2px solid #ffe100; box-shadow: 0 0 0 3px #000; min-width: 4px; min-height: 4px; pointer-events: none; }
    .scale { display: grid; white-space: nowrap; grid-template-columns: 1fr 1fr 1fr; font-size: 0.85rem; margin-top: 0.3rem; font-variant-numeric: tabular-nums; }
    .scale .bar { grid-column: 1 / -1; height: 0.6rem; border: 1px solid var(--line); }
    .scale span:nth-of-type(2) { text-align: center; } .scale span:nth-of-type(3) { text-align: right; }
  `;

  /** A choice of named kernels in front of the settings' own controls; the grid on the stage is the kernel's control. */
  prepare() {
    const { kernel } = KernelPlayground.settings;
    const change = (rows) => this.set({ kernel: rows });
    const options = { ...Object.fromEntries(Object.entries(NAMES)), own: "your own" };
    this.named = html(
      "select",
      { onchange: () => KERNELS[this.named.value] && change(KERNELS[this.named.value]) },
      Object.entries(options).map(([value, text]) => html("option", { value }, text)),
    );
    this.panel.querySelector("legend").after(html("label", {}, "Kernel", this.named));
    const entry = number("Weight", { initial: 0, min: -99, max: 99, step: 0.001 });
    this.kernel = new NumberGrid({ label: "Weights", entry, change, complain: (text) => (this.problem.textContent = text) });
    this.size = sizeFields("Kernel", kernel.sizes, change);
    this.kernel.element.append(this.size.element);
    this.under = new NumberGrid({ label: "Under the kernel" });
    this.#buildPictures();
    this.stage.append(this.pictures, html("div", { class: "grids" }, this.kernel.element, this.under.element));
  }

  #buildPictures() {
    this.plateBefore = this.#plate("Before");
    this.plateAfter = this.#plate("After");
    this.scale = html("div", { class: "scale" });
    this.plateAfter.figure.append(this.scale);
    const label = "Cross on the pictures: arrow keys move it by one pixel, with Shift by ten";
    this.pictures = html(
      "div",
      { class: "pictures", tabindex: "0", role: "application", "aria-label": label, onkeydown: (event) => this.#key(event) },
      this.plateBefore.figure,
      this.plateAfter.figure,
    );
  }

  #plate(name) {
    const canvas = html("canvas", { width: WIDTH, height: HEIGHT, role: "img" });
    const cross = html("div", { class: "cross" });
    const plate = html("div", { class: "plate", onclick: (event) => this.#point(event, canvas) }, canvas, cross);
    return { canvas, cross, figure: html("figure", {}, html("figcaption", {}, name), plate) };
  }

  draw() {
    const { kernel, border, row, column } = this.values;
    const key = JSON.stringify([kernel, border]);
    if (this.key !== key) {
      this.key = key;
      this.result = filtered(chelsea, kernel, border);
    }
    this.#drawKernel();
    this.#paint(this.plateBefore, chelsea, (value) => Array(3).fill(brightness(value)));
    this.plateBefore.canvas.setAttribute("aria-label", `Grey photograph of a cat's face, ${WIDTH} by ${HEIGHT} pixels`);
    this.#drawAfter();
    const window = windowAt(chelsea, kernel, row, column, border);
    const look = (r, c) => ({ note: `×${shown(kernel[r][c])}`, text: shown(window[r][c], 2) });
    this.under.show(window, { look, name: `Under the kernel at [${row}, ${column}]` });
    this.say(this.#sentence(window));
  }

  #drawKernel() {
    const { kernel } = this.values;
    const same = (other) => JSON.stringify(other) === JSON.stringify(kernel);
    this.named.value = Object.keys(KERNELS).find((name) => same(KERNELS[name])) ?? "own";
    this.size.show(kernel);
    this.kernel.show(kernel, { name: `Weights, together ${shown(weightSum(kernel))}` });
  }

  /** Weights that add up to 1 give brightness again; everything else is shown as signed numbers. */
  #drawAfter() {
    const { show, kernel } = this.values;
    const way = show === "auto" ? (Math.abs(weightSum(kernel) - 1) < 1e-9 ? "brightness" : "signed") : show;
    const limit = limitOf(this.result);
    const colours = {
      brightness: (value) => Array(3).fill(brightness(value)),
      signed: (value) => Array(3).fill(signedGrey(value, limit)),
      coloured: (value) => signedColour(value, limit),
    };
    this.#paint(this.plateAfter, this.result, colours[way]);
    const ends = way === "brightness" ? ["≤ 0", "0.5", "≥ 1"] : [`≤ ${shown(-limit, 2)}`, "0", `≥ ${shown(limit, 2)}`];
    const bar = html("div", { class: "bar", style: `background: ${GROUNDS[way] ?? GROUNDS.signed}` });
    this.scale.replaceChildren(bar, ...ends.map((text) => html("span", {}, text)));
    const meaning = {
      brightness: "black is 0, white is 1",
      signed: "zero is grey, negative darker, positive brighter",
      coloured: "zero is white, negative blue, positive red",
    }[way];
    this.plateAfter.canvas.setAttribute("aria-label", `The photograph under the kernel ${this.named.selectedOptions[0].text}: ${meaning}`);
  }

  #paint({ canvas, cross }, { values }, colour) {
    const context = canvas.getContext("2d");
    const image = context.createImageData(WIDTH, HEIGHT);
    values.forEach((value, index) => image.data.set([...colour(value), 255], 4 * index));
    context.putImageData(image, 0, 0);
    this.#placeCross(cross, canvas === this.plateBefore.canvas ? this.values.kernel : [[1]]);
  }

  /** Before, the frame of the window; after, the one pixel it gives. */
  #placeCross(cross, kernel) {
    const { row, column } = this.values;
    const [above, left] = before(kernel);
    const part = (pixels, length) => `${(100 * pixels) / length}%`;
    Object.assign(cross.style, {
      top: part(row - above, HEIGHT),
      left: part(column - left, WIDTH),
      height: part(kernel.length, HEIGHT),
      width: part(kernel[0].length, WIDTH),
    });
  }

  /** What is added up at the cross; weights of zero are left out, more than nine terms are only counted. */
  #sentence(window) {
    const { kernel, row, column } = this.values;
    const terms = kernel
      .flat()
      .map((weight, index) => [window.flat()[index], weight])
      .filter(([, weight]) => weight !== 0);
    const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
    const written =
      terms.length > 9
        ? `${terms.length} products add up to`
        : `${terms.map(([value, weight]) => `${shown(value, 2)}·${bracketed(weight)}`).join(" + ") || "0"} ≈`;
    return `Pixel [${row}, ${column}], before ${shown(chelsea.values[row * WIDTH + column], 2)}: ${written} ${shown(response(window, kernel), 2)}.`;
  }

  #key(event) {
    const far = event.shiftKey ? 10 : 1;
    const moves = { ArrowUp: [-far, 0], ArrowDown: [far, 0], ArrowLeft: [0, -far], ArrowRight: [0, far] };
    if (!moves[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [down, right] = moves[event.key];
    this.#go(this.values.row + down, this.values.column + right);
  }

  #point(event, canvas) {
    const box = canvas.getBoundingClientRect();
    this.#go(Math.floor(((event.clientY - box.top) / box.height) * HEIGHT), Math.floor(((event.clientX - box.left) / box.width) * WIDTH));
  }

  #go(row, column) {
    this.set({ row: within(row, HEIGHT), column: within(column, WIDTH) });
  }
}

KernelPlayground.register("kernel-playground");
