// The way back through a convolution, place by place: what each output's gradient sends to the inputs and to the weights it met.

import { html, shown } from "./lib/dom.mjs";
import { gridStyle, NumberGrid, resized, sizeFields } from "./lib/grid.mjs";
import { grid, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { gathered, sent } from "./maths/backwards.mjs";
import { outputShape } from "./maths/convolution.mjs";

export class BackwardStepper extends Visualiser {
  static title = "A convolution, backwards";

  static settings = {
    input: grid("Input", {
      initial: [
        [1, 2, 0, 1],
        [3, 1, 2, 0],
        [0, 2, 1, 1],
        [1, 0, 1, 2],
      ],
      sizes: [1, 8],
    }),
    kernel: grid("Kernel", {
      initial: [
        [1, 2],
        [3, 4],
      ],
      sizes: [1, 4],
    }),
    gradient: grid("Gradient of the output", {
      initial: [
        [1, 0, 0],
        [0, 10, 0],
        [0, 0, 100],
      ],
      sizes: [1, 8],
    }),
    stride: number("Stride", { initial: 1, min: 1, max: 4 }),
    place: number("Place", { initial: 0, min: 0, max: 63 }),
  };

  static css = `${gridStyle}
    .results { margin-top: 1rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
    .steps { margin-top: 0.75rem; }
  `;

  /** Where the reader is has no control of its own: the buttons lead there. */
  control(name, setting) {
    return name === "place" ? null : super.control(name, setting);
  }

  prepare() {
    this.input = this.#matrix("input");
    this.kernel = this.#matrix("kernel");
    this.gradient = this.#matrix("gradient");
    for (const made of [this.input, this.kernel]) made.element.append(made.sizes.element);
    this.toInput = new NumberGrid({ label: "Gradient of the input" });
    this.toKernel = new NumberGrid({ label: "Gradient of the kernel" });
    const grids = (kind, ...made) =>
      html(
        "div",
        { class: `grids ${kind}` },
        made.map(({ element }) => element),
      );
    this.stage.append(grids("", this.input, this.kernel, this.gradient), grids("results", this.toInput, this.toKernel), this.#buttons());
  }

  /** @param {"input" | "kernel" | "gradient"} name */
  #matrix(name) {
    const { label, sizes } = BackwardStepper.settings[name];
    const entry = number("Entry", { initial: 0, min: -99, max: 99, step: 0.001 });
    const complain = (text) => (this.problem.textContent = text);
    const made = new NumberGrid({ label, entry, change: (rows) => this.set({ [name]: rows }), complain });
    made.sizes = sizeFields(label, sizes, (rows) => this.set({ [name]: rows, place: 0 }));
    return made;
  }

  draw() {
    const { input, kernel, stride } = this.values;
    this.input.sizes.show(input);
    this.kernel.sizes.show(kernel);
    try {
      this.#drawResult(outputShape(input, kernel, { stride }));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.input.show(input);
      this.kernel.show(kernel);
      for (const part of [this.gradient.element, this.toInput.element, this.toKernel.element, this.steps]) part.hidden = true;
      this.complain(error.message);
    }
  }

  /** @param {number[]} shape rows and columns of the output */
  #drawResult(shape) {
    const [height, width] = shape;
    for (const part of [this.gradient.element, this.toInput.element, this.toKernel.element, this.steps]) part.hidden = false;
    const { input, kernel, stride } = this.values;
    const gradients = resized(this.values.gradient, height, width);
    this.count = height * width;
    this.now = Math.min(this.values.place, this.count - 1);
    const [i, j] = [Math.floor(this.now / width), this.now % width];
    const taps = sent(input, kernel, gradients[i][j], i, j, stride);
    const sums = gathered(input, kernel, gradients, stride, this.now + 1);
    const met = new Map(taps.map((tap) => [`${tap.row} ${tap.column}`, tap]));
    const inWindow = (note) => (row, column) => {
      const tap = met.get(`${row} ${column}`);
      return tap ? { class: "window", note: note(tap) } : {};
    };
    this.input.show(input, { look: inWindow(({ k, l }) => `×${shown(kernel[k][l])}`), name: `Input ${input.length} × ${input[0].length}` });
    this.kernel.show(kernel);
    this.gradient.show(gradients, { look: (row, column) => (row === i && column === j ? { class: "window" } : {}) });
    this.toInput.show(sums.input, { look: inWindow(({ toInput }) => added(toInput)) });
    this.toKernel.show(sums.kernel, { look: (k, l) => ({ note: added(taps.find((tap) => tap.k === k && tap.l === l).toWeight) }) });
    this.back.disabled = this.first.disabled = this.now === 0;
    this.next.disabled = this.all.disabled = this.now === this.count - 1;
    this.say(
      `Place ${this.now + 1} of ${this.count}, gradient ${shown(gradients[i][j])}: each input of the window gets it times the weight it met, ` +
        `each weight gets it times the input it met. So far the bias has ${shown(sums.bias)}.`,
    );
  }

  #buttons() {
    const to = (text, place) => html("button", { type: "button", onclick: () => this.set({ place: place() }) }, text);
    this.first = to("First", () => 0);
    this.back = to("Back", () => this.now - 1);
    this.next = to("Next", () => this.now + 1);
    this.all = to("All", () => this.count - 1);
    this.next.classList.add("primary");
    this.steps = html("div", { class: "buttons steps", role: "group", "aria-label": "Places" }, this.first, this.back, this.next, this.all);
    return this.steps;
  }
}

const added = (value) => `${value < 0 ? "−" : "+"}${shown(Math.abs(value))}`;

BackwardStepper.register("backward-stepper");
